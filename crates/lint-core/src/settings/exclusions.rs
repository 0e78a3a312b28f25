//! Lists of patterns as in a `.gitignore`.

use crate::settings::globs::{Globs, Manner};

/// Patterns that say what a search passes by, as a `.gitignore` has them and `exclude` of a configuration: of those that match a path
/// the last one counts, and one that begins with `!` takes it in again.
///
/// ```
/// use lint_core::settings::Exclusions;
///
/// let list = Exclusions::new(["node_modules/", "*.log", "!keep.log"])?;
/// assert!(list.covers("web/node_modules/x/Dockerfile") && list.covers("a.log") && !list.covers("keep.log"));
/// assert_eq!(list.decides("node_modules", false), None);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Exclusions {
    lines: Vec<Line>,
    globs: Globs,
}

/// What a line says besides its pattern.
#[derive(Clone, Copy, Debug)]
struct Line {
    takes_in: bool,
    is_only_directories: bool,
}

impl Exclusions {
    /// Reads the lines of a list.
    ///
    /// # Errors
    /// When one of them cannot be understood, with the reason.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut read = Vec::new();
        for line in lines {
            if let Some((said, pattern)) = Line::read(line) {
                let told = |error| format!("error parsing glob '{}': {error}", line.trim_end());
                Globs::new(std::slice::from_ref(&pattern), Manner::Git).map_err(told)?;
                read.push((said, pattern));
            }
        }
        Self::of(read)
    }

    /// Reads the text of a `.gitignore`. What is no pattern is passed by, as Git does; of far too many, all are.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let is_pattern =
            |(_, pattern): &(Line, String)| Globs::new(std::slice::from_ref(pattern), Manner::Git).is_ok();
        let lines = text.trim_start_matches('\u{feff}').lines();
        let read: Vec<_> = lines.filter_map(Line::read).filter(is_pattern).collect();
        Self::of(read).unwrap_or_default()
    }

    fn of(read: Vec<(Line, String)>) -> Result<Self, String> {
        let (lines, patterns): (Vec<Line>, Vec<String>) = read.into_iter().unzip();
        Ok(Self { lines, globs: Globs::new(&patterns, Manner::Git)? })
    }

    /// Whether the list leaves a path out, or takes it in again; `None` where it says nothing of it. Directories above it are
    /// not looked at.
    #[must_use]
    pub fn decides(&self, path: &str, is_directory: bool) -> Option<bool> {
        let lines = self.globs.matching(path).map(|number| self.lines[number]);
        let line = lines.into_iter().find(|line| is_directory || !line.is_only_directories)?;
        Some(!line.takes_in)
    }

    /// Whether the list leaves a file out, or a directory that it lies in.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        let above = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
        let mut decided = above.chain([""]).map(|directory| self.decides(directory, true));
        self.decides(path, false).or_else(|| decided.find_map(|it| it)).unwrap_or(false)
    }
}

impl Default for Exclusions {
    fn default() -> Self {
        Self::of(Vec::new()).expect("no patterns are patterns")
    }
}

impl Line {
    /// A line, and the pattern of whole paths that it stands for; `None` for a comment and an empty one.
    fn read(line: &str) -> Option<(Self, String)> {
        // A blank at the end counts where it is written as one.
        let line = if line.ends_with("\\ ") { line } else { line.trim_end() };
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (takes_in, rest) = match line.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let is_escaped = line.starts_with("\\!") || line.starts_with("\\#");
        let rest = if is_escaped { &line[1..] } else { rest };
        let (is_rooted, rest) = match rest.strip_prefix('/').filter(|_| !is_escaped) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (is_only_directories, rest) = match rest.strip_suffix('/') {
            Some(rest) => (true, rest.strip_suffix('\\').unwrap_or(rest)),
            None => (false, rest),
        };
        // A name without a separator is meant at any depth.
        let anywhere = !is_rooted && !rest.contains('/') && rest != "**";
        let mut pattern = if anywhere { format!("**/{rest}") } else { rest.to_owned() };
        // What is in a directory, and not the directory.
        if pattern.ends_with("/**") {
            pattern.push_str("/*");
        }
        Some((Self { takes_in, is_only_directories }, pattern))
    }
}
