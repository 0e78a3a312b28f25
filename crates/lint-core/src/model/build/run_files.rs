//! Which files a `RUN` keeps out of its layer: those it deletes, and those that lie under its mounts.

use lint_parser::dockerfile::ast::Run;
use lint_parser::text::span::Span;

use crate::model::build::plan::BuildPlan;
use crate::model::runs::files::{Removed, removed};

/// What a `RUN` deletes and mounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFiles {
    /// The paths that it takes away.
    deleted: Vec<Removed>,
    /// Where each step of its course is written.
    steps: Vec<Span>,
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
        let course = plan.course(instruction);
        // `/usr/local/bin/cleanup.sh`, `docker-clean`; a function of its own is followed.
        let is_function = |name: &str| course.calls(name);
        let mut names = course.steps.iter().filter_map(|step| step.program.name());
        files.unclear |= course.is_cut || names.any(|name| name.contains("clean") && !is_function(name));
        files.deleted = removed(&course);
        files.steps = course.steps.iter().map(|step| step.span()).collect();
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
        let is_it = |span: &Span| after.start() <= span.start() && span.start() <= after.end();
        let at = self.steps.iter().position(is_it).unwrap_or_default();
        self.deleted.iter().any(|deleted| deleted.step > at && covers(&deleted.path, path))
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
}
