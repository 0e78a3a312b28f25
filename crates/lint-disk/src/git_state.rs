//! What Git has of a file: whether a clone holds it, and as what.

use std::collections::HashMap;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use lint_core::InGit;

use crate::{git_index, ignore_files};

/// How many directories' patterns are kept.
const MOST_DIRECTORIES: usize = 10_000;

/// What Git has, read when it is first asked for. Git is not run.
#[derive(Default)]
pub struct GitState {
    known: Mutex<Known>,
    is_silent: bool,
}

/// The files of an index, in the order that Git keeps them in, and whether each can be run.
type Index = Vec<(String, bool)>;

#[derive(Default)]
struct Known {
    /// The files of the index of each repository, and whether each can be run; `None` where there is none.
    indexes: HashMap<PathBuf, Option<Arc<Index>>>,
    /// The repository that each directory lies in.
    roots: HashMap<PathBuf, Option<PathBuf>>,
    /// The patterns of each directory.
    patterns: HashMap<PathBuf, Option<Arc<Gitignore>>>,
}

impl GitState {
    /// One that knows of nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self { is_silent: true, ..Self::default() }
    }

    /// What Git has of a path that starts from a directory. Without a repository it is what the `.gitignore` files from that
    /// directory on say, since a release that was unpacked holds what a clone holds.
    #[must_use]
    pub fn of(&self, here: &Path, path: &str) -> Option<InGit> {
        if self.is_silent {
            return None;
        }
        let here = if here.as_os_str().is_empty() { Path::new(".") } else { here };
        let here = here.canonicalize().ok()?;
        let path = real(&here.join(path))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let root = known.root_of(path.parent()?);
        let (root, index) = match root {
            Some(root) => {
                let index = known.index_of(&root);
                (root, index)
            }
            None if path.starts_with(&here) => (here, None),
            None => return None,
        };
        let below = path.strip_prefix(&root).ok()?;
        if let Some(index) = &index {
            let below = below.to_str()?.replace('\\', "/");
            let at = index.partition_point(|(path, _)| path.as_bytes() < below.as_bytes());
            match index.get(at) {
                Some((path, true)) if *path == below => return Some(InGit::Executable),
                Some((path, false)) if *path == below => return Some(InGit::Tracked),
                _ => {}
            }
            let directory = format!("{below}/");
            let at = index.partition_point(|(path, _)| path.as_bytes() < directory.as_bytes());
            if index.get(at).is_some_and(|(path, _)| path.starts_with(&directory)) {
                return Some(InGit::Tracked);
            }
        }
        Some(if known.ignores(&root, below, path.is_dir()) { InGit::Ignored } else { InGit::Untracked })
    }
}

impl Known {
    fn root_of(&mut self, directory: &Path) -> Option<PathBuf> {
        if let Some(root) = self.roots.get(directory) {
            return root.clone();
        }
        let root = directory.ancestors().find(|above| above.join(".git").exists()).map(Path::to_path_buf);
        if self.roots.len() < MOST_DIRECTORIES {
            self.roots.insert(directory.to_path_buf(), root.clone());
        }
        root
    }

    fn index_of(&mut self, root: &Path) -> Option<Arc<Index>> {
        let read = || git_index::modes(root).map(Arc::new);
        self.indexes.entry(root.to_path_buf()).or_insert_with(read).clone()
    }

    /// Whether a `.gitignore` names a path or a directory that it lies in. What is below a directory that is ignored cannot be
    /// brought back.
    fn ignores(&mut self, root: &Path, below: &Path, is_dir: bool) -> bool {
        let mut directories = vec![root.to_path_buf()];
        let parts: Vec<_> = below.components().collect();
        let mut path = root.to_path_buf();
        for (index, part) in parts.iter().enumerate() {
            path.push(part);
            let is_dir = is_dir || index + 1 < parts.len();
            for directory in directories.iter().rev() {
                let Some(patterns) = self.patterns_of(directory) else { continue };
                match patterns.matched(&path, is_dir) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => break,
                    Match::None => {}
                }
            }
            directories.push(path.clone());
        }
        false
    }

    fn patterns_of(&mut self, directory: &Path) -> Option<Arc<Gitignore>> {
        if let Some(known) = self.patterns.get(directory) {
            return known.clone();
        }
        let file = directory.join(".gitignore");
        let read = || {
            if !file.is_file() || ignore_files::unusable(directory).is_some() {
                return None;
            }
            let mut builder = GitignoreBuilder::new(directory);
            // Lines that cannot be read are left out, as Git leaves them out.
            let _ = builder.add(&file);
            builder.build().ok().map(Arc::new)
        };
        let patterns = read();
        if self.patterns.len() < MOST_DIRECTORIES {
            self.patterns.insert(directory.to_path_buf(), patterns.clone());
        }
        patterns
    }
}

/// A path without `..`, the links to its directory followed. The file itself need not be there, nor its directory.
fn real(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    let parent = plain.parent()?;
    let there = parent.ancestors().find(|above| above.exists())?;
    let rest = plain.strip_prefix(there).ok()?.to_path_buf();
    Some(there.canonicalize().ok()?.join(rest))
}

impl fmt::Debug for GitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitState").field("is_silent", &self.is_silent).finish_non_exhaustive()
    }
}
