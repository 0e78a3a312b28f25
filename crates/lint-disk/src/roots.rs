//! The trees that are linted.

use std::path::{Path, PathBuf};

use crate::paths::absolute;

/// The directories whose files belong to what is linted: those that were named, those of the files that were named, the
/// current one, and the repositories they are in.
#[derive(Debug)]
pub struct Roots(Vec<PathBuf>);

impl Roots {
    /// The trees of the paths on the command line.
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        Self::from(&std::env::current_dir().unwrap_or_default(), paths)
    }

    /// The same, with another directory than the current one.
    pub fn from<'a>(here: &Path, paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut roots = Vec::new();
        for path in std::iter::once(Path::new(".")).chain(paths) {
            let path = absolute(here, path);
            // A link to a directory is followed where it was named, a link to a file is not: what lies behind that need not
            // be what whoever named it has seen.
            let directory = if path.is_dir() { &path } else { path.parent().unwrap_or(&path) };
            let Ok(directory) = directory.canonicalize() else { continue };
            let repository = directory.ancestors().find(|above| above.join(".git").exists());
            let root = repository.unwrap_or(&directory);
            if !roots.iter().any(|known| root == known) {
                roots.push(root.to_path_buf());
            }
        }
        Self(roots)
    }

    /// Whether a file lies in one of the trees, after links. What Git keeps for itself does not: a token may be among it.
    pub fn hold(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        let is_inside = |below: &Path| !below.iter().any(|part| part == ".git");
        self.0.iter().any(|root| path.strip_prefix(root).is_ok_and(is_inside))
    }
}
