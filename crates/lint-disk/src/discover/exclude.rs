//! What is left out of a search on the command line.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::paths::name_in;

/// `--exclude` and `--extend-exclude`, with the meaning such patterns have in a .gitignore of the current directory.
#[derive(Clone, Debug)]
pub(super) struct Exclude(Gitignore, PathBuf);

impl Exclude {
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p String>, here: &Path) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| format!("--exclude '{pattern}': {error}"))?;
        }
        let patterns = builder.build();
        patterns
            .map(|patterns| Exclude(patterns, here.to_owned()))
            .map_err(|error| format!("--exclude: {error}"))
    }

    pub(super) fn matches(&self, path: &Path, is_dir: bool) -> bool {
        !self.0.is_empty() && self.0.matched(name_in(&self.1, path), is_dir).is_ignore()
    }

    /// Whether a path, or a directory it lies in, is excluded.
    pub(super) fn covers(&self, path: &Path) -> bool {
        let shown = name_in(&self.1, path);
        let shown = Path::new(&shown);
        self.matches(shown, path.is_dir())
            || shown.ancestors().skip(1).any(|directory| self.matches(directory, true))
    }
}
