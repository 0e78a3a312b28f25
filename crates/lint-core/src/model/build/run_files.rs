//! Which files a `RUN` keeps out of its layer: those it deletes, and those that lie under its mounts.

use std::cell::OnceCell;

use lint_parser::dockerfile::ast::Run;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

use crate::model::build::plan::BuildPlan;
use crate::model::build::shell_scripts::start::reader;

/// What a `RUN` deletes and mounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFiles {
    /// Paths given to `rm`, `find -delete` and their like, trailing `/` and `/*` taken off, and where.
    deleted: Vec<(String, Span)>,
    /// Targets of `--mount=type=cache` and `type=tmpfs`.
    mounted: Vec<String>,
    /// Names of variables that are set for commands, and options, that somebody may ask for: the text itself.
    text: String,
    /// Whether more may be deleted than can be seen: part of the script cannot be read, or it calls a script
    /// that cleans.
    pub unclear: bool,
}

impl RunFiles {
    /// Reads them off a `RUN`.
    #[must_use]
    pub fn of(plan: &BuildPlan, instruction: usize, run: &Run) -> Self {
        let mut files = Self::default();
        if let Some(instruction) = plan.instruction(instruction) {
            plan.dockerfile.file.slice(instruction.span).clone_into(&mut files.text);
        }
        files.unclear = plan.script(instruction).is_some_and(|script| script.unparsed.is_some());
        files.mounts(plan, instruction, run);
        let known = OnceCell::new();
        // In `bash -c '…'` it is bash that reads them.
        let calls_bash = files.text.contains("bash");
        let has_braces = || calls_bash || *known.get_or_init(|| has_braces(plan, instruction));
        for program in plan.programs(instruction) {
            match program.name() {
                Some("rm" | "find" | "rmdir") => files.deletions(program.args(), &has_braces),
                // `/usr/local/bin/cleanup.sh`, `docker-clean`, `conda clean` of its own.
                Some(name) if name.contains("clean") => files.unclear = true,
                _ => {}
            }
        }
        files
    }

    /// Whether something is mounted over a path or over a folder it lies in, so that what is written there goes
    /// elsewhere. A `~` stands for any home folder.
    #[must_use]
    pub fn mounts_over(&self, path: &str) -> bool {
        self.mounted.iter().any(|mounted| covers(mounted, path))
    }

    /// Whether a path, or a folder it lies in, is deleted behind a place.
    #[must_use]
    pub fn deletes(&self, path: &str, after: Span) -> bool {
        self.deleted.iter().any(|(deleted, span)| span.start() > after.start() && covers(deleted, path))
    }

    /// Whether a word stands anywhere in the instruction.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        self.text.contains(word)
    }

    fn mounts(&mut self, plan: &BuildPlan, instruction: usize, run: &Run) {
        for mount in &run.mounts {
            let value = |keys: &[&str]| {
                let option = mount
                    .options
                    .iter()
                    .find(|option| keys.iter().any(|key| option.key.text().eq_ignore_ascii_case(key)))?;
                Some(plan.expand(instruction, option.value.as_ref()?).shown.to_string())
            };
            let kept_out = value(&["type"]).is_some_and(|kind| matches!(kind.as_str(), "cache" | "tmpfs"));
            if let Some(target) = value(&["target", "dst", "destination"]).filter(|_| kept_out) {
                self.mounted.push(target.trim_end_matches('/').to_owned());
            }
        }
    }

    fn deletions(&mut self, args: &[Word], has_braces: &dyn Fn() -> bool) {
        for arg in args {
            let span = arg.span();
            let text = arg.as_script();
            let text = text.text();
            // `{a,b}` is two paths; a variable ends what is known.
            let paths = if text.contains('{') && has_braces() { braces(text) } else { vec![text.to_owned()] };
            for path in paths {
                let path = path.strip_suffix("/*").unwrap_or(&path).trim_end_matches('/');
                if path.len() > 1 && !path.starts_with('-') {
                    self.deleted.push((path.to_owned(), span));
                }
            }
        }
    }
}

/// Whether the shell of a `RUN` makes two words of `{a,b}`, as far as that is known: dash and BusyBox look for a file of that name.
fn has_braces(plan: &BuildPlan, instruction: usize) -> bool {
    let stage = plan.stage_of(instruction);
    stage.is_none_or(|stage| reader(plan, stage, instruction).features.braces != Some(false))
}

/// The alternatives of one pair of braces; further ones are left as they are.
fn braces(text: &str) -> Vec<String> {
    let Some((before, rest)) = text.split_once('{') else { return vec![text.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![text.to_owned()] };
    if before.ends_with('$') || inside.len() > 1000 {
        return vec![text.to_owned()];
    }
    inside.split(',').map(|choice| format!("{before}{choice}{after}")).collect()
}

/// Whether a folder is a path or holds it. A glob at the end of the folder counts as all there is.
fn covers(folder: &str, path: &str) -> bool {
    let holds = |folder: &str, path: &str| {
        path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let Some(tail) = path.strip_prefix('~') else {
        let folder = folder.trim_end_matches(['*', '/']);
        return !folder.is_empty() && holds(folder, path);
    };
    // `/root/.cache`, `~/.cache`, `$HOME/.cache`, `/home/app/.cache/pip`
    let home_end = tail.find(|c| c != '/').and_then(|start| tail.get(start..)).unwrap_or_default();
    let first = home_end.split('/').next().unwrap_or_default();
    let Some(at) = folder.find(&format!("/{first}")) else { return false };
    holds(folder.get(at..).unwrap_or_default(), tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_covers_what_lies_in_it() {
        for (folder, path) in [
            ("/var/lib/apt/lists", "/var/lib/apt/lists"),
            ("/var/lib/apt", "/var/lib/apt/lists"),
            ("/var/cache/*", "/var/cache/apk"),
            ("/root/.cache", "~/.cache/pip"),
            ("$HOME/.cache/pip", "~/.cache/pip"),
            ("~/.npm", "~/.npm"),
        ] {
            assert!(covers(folder, path), "{folder} covers {path}");
        }
        for (folder, path) in [
            ("/var/lib/apt/lists2", "/var/lib/apt/lists"),
            ("/var/lib/apt/lists/partial", "/var/lib/apt/lists"),
            ("/root/.cached", "~/.cache/pip"),
            ("/root/.cache/uv", "~/.cache/pip"),
            ("", "/var/cache/apk"),
        ] {
            assert!(!covers(folder, path), "{folder} does not cover {path}");
        }
    }

    #[test]
    fn braces_are_alternatives() {
        assert_eq!(braces("/var/{lib/apt/lists,cache}/*"), ["/var/lib/apt/lists/*", "/var/cache/*"]);
        assert_eq!(braces("/a/${X}"), ["/a/${X}"]);
    }
}
