//! `.dockerignore`: what of a directory is not part of the build context.
//!
//! The patterns are those of Docker's pattern matcher, which are neither Git's nor a shell's: every pattern
//! begins at the root of the context, a directory takes everything below it along, the last pattern that
//! matches decides, and `!` brings back.

mod pattern;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::files::normalise;
use crate::model::paths::dockerignore::pattern::Pattern;

/// Patterns worth reading; people write some dozens.
const MOST_PATTERNS: usize = 2_000;
/// Steps of matching one build may cost.
const STEPS: usize = 4_000_000;

/// A `.dockerignore` file, read.
#[derive(Clone, Debug)]
pub struct Dockerignore {
    /// The file.
    pub file: SourceFile,
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    pattern: Pattern,
    /// Begins with `!`: brings back.
    exception: bool,
    span: Span,
}

/// What is left of the work that matching may cost.
#[derive(Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(STEPS)
    }
}

impl Budget {
    fn spend(&mut self, steps: usize) -> Option<()> {
        self.0 = self.0.checked_sub(steps)?;
        Some(())
    }
}

impl Dockerignore {
    /// Reads one; `None` for what BuildKit refuses, and for more patterns than anybody writes.
    #[must_use]
    pub fn parse(file: SourceFile) -> Option<Self> {
        let mut lines = Vec::new();
        let text = file.text();
        let mut at = 0;
        for raw in text.split_inclusive('\n') {
            let start = at;
            at += raw.len();
            let line = if start == 0 { raw.trim_start_matches('\u{feff}') } else { raw };
            // Only at the very beginning of a line does `#` make a comment.
            if line.starts_with('#') {
                continue;
            }
            let written = line.trim();
            if written.is_empty() {
                continue;
            }
            if lines.len() == MOST_PATTERNS {
                return None;
            }
            let offset = start + (raw.len() - line.len()) + (line.len() - line.trim_start().len());
            let span = Span::new(offset, offset + written.len());
            let (exception, path) = match written.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, written),
            };
            if path.is_empty() {
                return None;
            }
            let cleaned = normalise(path);
            let cleaned = if cleaned.len() > 1 { cleaned.trim_start_matches('/') } else { &cleaned };
            lines.push(Line { pattern: Pattern::parse(cleaned)?, exception, span });
        }
        Some(Self { file, lines })
    }

    /// The place of the pattern that keeps `path` out of the build context together with everything below it.
    ///
    /// `path` may hold `*` as `COPY` takes it; `.` is the whole context. `None` also when a later `!` may bring
    /// something below it back, and when the budget is spent.
    #[must_use]
    pub fn excluded_by(&self, path: &str, budget: &mut Budget) -> Option<Span> {
        let path = normalise(path);
        let path = path.trim_start_matches('/');
        let whole = path.is_empty() || path == ".";
        let open = path.contains(['*', '?', '[']);
        let mut excluded: Option<&Line> = None;
        for line in &self.lines {
            if line.exception && excluded.is_none() || !line.exception && excluded.is_some() {
                continue;
            }
            if whole || (line.exception && open) {
                if line.exception {
                    excluded = None;
                } else if line.pattern.is_everything() {
                    excluded = Some(line);
                }
                continue;
            }
            let reach = line.pattern.reach(path, budget)?;
            if line.exception && (reach.matches || reach.may_go_on) {
                excluded = None;
            } else if !line.exception && reach.matches {
                excluded = Some(line);
            }
        }
        excluded.map(|line| line.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excluded(ignore: &str, path: &str) -> Option<String> {
        let ignore = Dockerignore::parse(SourceFile::new(".dockerignore", ignore)).unwrap();
        let span = ignore.excluded_by(path, &mut Budget::default())?;
        Some(span.slice(ignore.file.text()).to_owned())
    }

    #[test]
    fn patterns_begin_at_the_root_and_take_what_is_below() {
        assert_eq!(excluded("/build/\n", "./build/out.bin").as_deref(), Some("/build/"));
        assert_eq!(excluded("build\n", "src/build"), None);
        assert_eq!(excluded("**/build\n", "src/build/x").as_deref(), Some("**/build"));
        assert_eq!(excluded("*/temp*\n", "a/temporary.txt").as_deref(), Some("*/temp*"));
        assert_eq!(excluded("*/temp*\n", "temporary.txt"), None);
        assert_eq!(excluded("a/../b\n", "/b").as_deref(), Some("a/../b"));
        assert_eq!(excluded("Readme\n", "README"), None, "case counts");
    }

    #[test]
    fn comments_blanks_and_marks() {
        assert_eq!(excluded("\u{feff}# x\n#x\n\n x \r\n", "x").as_deref(), Some("x"));
        assert_eq!(excluded(" # x\n", "# x").as_deref(), Some("# x"));
        assert!(Dockerignore::parse(SourceFile::new("i", "!\n")).is_none());
        assert!(Dockerignore::parse(SourceFile::new("i", "a[\n")).is_none());
    }

    #[test]
    fn exceptions_bring_back_and_the_last_pattern_decides() {
        assert_eq!(excluded("*.md\n!README.md\n", "README.md"), None);
        assert_eq!(
            excluded("*.md\n!README*.md\nREADME-secret.md\n", "README-secret.md").as_deref(),
            Some("README-secret.md")
        );
        assert_eq!(excluded("*\n!src\n", "src/main.rs"), None);
        assert_eq!(excluded("*\n!src\n", "docs").as_deref(), Some("*"));
        // Something below the directory comes back, so copying the directory copies something.
        assert_eq!(excluded("*\n!target/release/app\n", "target"), None);
        assert_eq!(excluded("target\n!**/app\n", "target"), None);
    }

    #[test]
    fn the_whole_context_is_excluded_by_everything_alone() {
        assert_eq!(excluded("*\n", ".").as_deref(), Some("*"));
        assert_eq!(excluded("**\n!src\n", "."), None);
        assert_eq!(excluded(".*\n", "."), None);
        assert_eq!(excluded("node_modules\n", "./"), None);
    }

    #[test]
    fn wildcards_of_the_source_are_taken_as_written() {
        assert_eq!(excluded("dist\n", "dist/*").as_deref(), Some("dist"));
        assert_eq!(excluded("*.txt\n", "*.txt").as_deref(), Some("*.txt"));
        assert_eq!(excluded("a.txt\n", "*.txt"), None);
        assert_eq!(excluded("dist\n!dist/app\n", "dist/*"), None);
    }

    #[test]
    fn hostile_patterns_cost_no_more_than_the_budget() {
        let ignore = format!("{}b\n", "**/*a".repeat(400)).repeat(1_000);
        let ignore = Dockerignore::parse(SourceFile::new(".dockerignore", ignore)).unwrap();
        let mut budget = Budget::default();
        for _ in 0..1_000 {
            assert_eq!(ignore.excluded_by(&"a/".repeat(2_000), &mut budget), None);
        }
    }
}
