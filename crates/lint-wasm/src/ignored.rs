//! `.gitignore` and `.ignore`, as a search on disk heeds them.

use std::collections::BTreeMap;

use lint_core::path::{directory, file_name};
use lint_core::settings::Exclusions;

/// The names of such files, the one that counts more first.
const NAMES: [&str; 2] = [".ignore", ".gitignore"];

/// The largest one that is read, in bytes. Each pattern is compiled, which takes a hundred times its length.
const LIMIT: usize = 1 << 20;

/// The patterns of every directory that has some.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    by_name: [BTreeMap<String, Exclusions>; 2],
}

/// Whether a file holds such patterns.
pub(crate) fn is_list(path: &str) -> bool {
    NAMES.contains(&file_name(path))
}

impl Ignored {
    /// Reads a file; another one of the same directory takes its place. What is no pattern is passed by, as Git does.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        let Some(at) = NAMES.iter().position(|name| *name == file_name(path)) else { return };
        if text.len() > LIMIT {
            return;
        }
        self.by_name[at].insert(directory(path).to_owned(), Exclusions::of_text(text));
    }

    /// Whether a search passes a file by, or a directory that it lies in.
    pub(crate) fn covers(&self, path: &str) -> bool {
        if self.by_name.iter().all(BTreeMap::is_empty) {
            return false;
        }
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().any(|end| self.matches(&path[..end], end < path.len()))
    }

    /// Whether Git ignores a path, as the `.gitignore` files say.
    pub(crate) fn by_git(&self, path: &str, is_dir: bool) -> bool {
        let [_, lists] = &self.by_name;
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        !lists.is_empty()
            && ends
                .into_iter()
                .any(|end| decided(lists, &path[..end], is_dir || end < path.len()).unwrap_or(false))
    }

    fn matches(&self, path: &str, is_dir: bool) -> bool {
        self.by_name.iter().find_map(|lists| decided(lists, path, is_dir)).unwrap_or(false)
    }
}

/// What the nearest list says that says anything.
fn decided(lists: &BTreeMap<String, Exclusions>, path: &str, is_dir: bool) -> Option<bool> {
    let mut above = path;
    while !above.is_empty() {
        above = directory(above);
        let Some(list) = lists.get(above) else { continue };
        let below = path.strip_prefix(above).unwrap_or(path).trim_start_matches('/');
        if let Some(decided) = list.decides(below, is_dir) {
            return Some(decided);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_list_decides_and_a_directory_takes_what_is_in_it_along() {
        let mut ignored = Ignored::default();
        ignored.add(".gitignore", "node_modules/\n*.log\n/build\n");
        ignored.add("svc/.gitignore", "!keep.log\n");
        ignored.add("svc/.ignore", "local\n");
        for path in ["node_modules/x/Dockerfile", "a/b.log", "build/Dockerfile", "svc/local/Dockerfile"] {
            assert!(ignored.covers(path), "{path}");
        }
        for path in ["Dockerfile", "svc/keep.log", "svc/build/Dockerfile", "local/Dockerfile"] {
            assert!(!ignored.covers(path), "{path}");
        }
        // What searches pass by besides is none of Git's business.
        assert!(ignored.by_git("build/x", false) && ignored.by_git("a/node_modules", true));
        assert!(!ignored.by_git("svc/local/Dockerfile", false) && !ignored.by_git("node_modules", false));
    }
}
