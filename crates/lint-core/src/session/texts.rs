//! The texts of a session, and who has seen which of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lint_parser::text::source::SourceFile;

use crate::engine::dockerfiles::ReadDockerfile;
use crate::engine::shared::Kept;
use crate::files::{FileError, Files, InGit, file_name};
use crate::model::build::ParsedDockerfile;

/// How many bytes of Dockerfiles are kept as trees, which take ten times their text and more.
const MOST_PARSED: usize = 4 << 20;

/// What a session reads: overlays, and what lies below them, each text read once until somebody says that it has changed.
pub(super) struct Texts {
    below: Box<dyn Files + Send>,
    overlays: BTreeMap<String, SourceFile>,
    known: Mutex<Known>,
}

/// What has been asked of what lies below.
#[derive(Default)]
struct Known {
    texts: HashMap<String, Result<SourceFile, FileError>>,
    there: HashMap<String, bool>,
    trees: HashMap<String, (SourceFile, ReadDockerfile)>,
    /// The bytes of `trees`.
    parsed: usize,
}

/// What a result depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The files whose text it has seen, or whose absence.
    pub(super) read: HashSet<String>,
    /// The paths that it asked whether they are there.
    pub(super) asked: HashSet<String>,
}

/// What has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Touched {
    /// The files whose text is another one.
    pub(super) texts: BTreeSet<String>,
    /// The paths that came or went.
    pub(super) paths: BTreeSet<String>,
}

impl Touched {
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.paths.is_empty()
    }
}

impl Seen {
    /// Whether what has changed is something that was seen.
    pub(super) fn is_touched(&self, touched: &Touched) -> bool {
        touched.texts.iter().any(|path| self.read.contains(path))
            || touched.paths.iter().any(|path| self.read.contains(path) || self.asks_about(path))
    }

    /// A path that comes or goes may bring its directory, or take it along.
    fn asks_about(&self, path: &str) -> bool {
        if self.asked.contains(path) {
            return true;
        }
        let slashes = path.match_indices('/').map(|(at, _)| &path[..at]);
        slashes.into_iter().any(|directory| self.asked.contains(directory)) || self.asked.contains(".")
    }
}

impl Texts {
    pub(super) fn new(below: Box<dyn Files + Send>) -> Self {
        Self { below, overlays: BTreeMap::new(), known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a text over whatever lies below; what that changes.
    pub(super) fn overlay(&mut self, path: &str, text: String) -> Touched {
        let before = self.current(path);
        self.overlays.insert(path.to_owned(), SourceFile::new(path, text));
        self.difference(path, before)
    }

    /// Takes a text away again.
    pub(super) fn uncover(&mut self, path: &str) -> Touched {
        if !self.overlays.contains_key(path) {
            return Touched::default();
        }
        let before = self.current(path);
        self.overlays.remove(path);
        self.forget(path);
        self.difference(path, before)
    }

    /// Forgets what was read from below; what that changes, as far as anybody has asked.
    pub(super) fn reread(&mut self, path: &str) -> Touched {
        if self.overlays.contains_key(path) {
            return Touched::default();
        }
        let mut known = self.known();
        let text = known.texts.remove(path);
        let there = known.there.remove(path);
        // A file that comes may bring its directories, and one that goes may take them along.
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        let above: Vec<(&str, bool)> =
            above.filter_map(|directory| Some((directory, known.there.remove(directory)?))).collect();
        known.drop_tree(path);
        drop(known);
        let mut touched = Touched::default();
        if text.is_some_and(|before| before.as_ref().ok() != self.source(path).as_ref().ok()) {
            touched.texts.insert(path.to_owned());
        }
        if there.is_some_and(|before| before != self.exists(path)) {
            touched.paths.insert(path.to_owned());
        }
        for (directory, before) in above {
            if before != self.exists(directory) {
                touched.paths.insert(directory.to_owned());
            }
        }
        touched
    }

    /// The paths that anybody has asked about, but for overlays.
    pub(super) fn asked_about(&self) -> BTreeSet<String> {
        let known = self.known();
        let paths = known.texts.keys().chain(known.there.keys());
        paths.filter(|path| !self.overlays.contains_key(*path)).cloned().collect()
    }

    pub(super) fn overlays(&self) -> impl Iterator<Item = &SourceFile> {
        self.overlays.values()
    }

    /// Whether nobody lists what may call Docker.
    pub(super) fn lists_no_scripts(&self) -> bool {
        self.below.scripts().is_empty()
    }

    /// How many texts are held.
    pub(super) fn count(&self) -> usize {
        self.overlays.len() + self.known().texts.len()
    }

    /// Lets go of the trees, and of every text that nobody holds on to.
    pub(super) fn keep_only(&self, wanted: &dyn Fn(&str) -> bool) {
        let mut known = self.known();
        known.texts.retain(|path, _| wanted(path));
        known.there.retain(|path, _| wanted(path));
        known.trees.clear();
        known.parsed = 0;
    }

    fn current(&self, path: &str) -> (Option<SourceFile>, bool) {
        (self.source(path).ok(), self.exists(path))
    }

    fn difference(&self, path: &str, before: (Option<SourceFile>, bool)) -> Touched {
        let after = self.current(path);
        let mut touched = Touched::default();
        if before.0 != after.0 {
            touched.texts.insert(path.to_owned());
        }
        if before.1 != after.1 {
            touched.paths.insert(path.to_owned());
        }
        touched
    }

    fn forget(&self, path: &str) {
        let mut known = self.known();
        known.texts.remove(path);
        known.there.remove(path);
        known.drop_tree(path);
    }
}

impl Known {
    fn drop_tree(&mut self, path: &str) {
        if let Some((file, _)) = self.trees.remove(path) {
            self.parsed = self.parsed.saturating_sub(file.text().len());
        }
    }
}

impl Kept for Texts {
    fn source(&self, path: &str) -> Result<SourceFile, FileError> {
        if let Some(overlay) = self.overlays.get(path) {
            return Ok(overlay.clone());
        }
        if let Some(known) = self.known().texts.get(path) {
            return known.clone();
        }
        let text = self.below.read(path).map(|text| SourceFile::new(path, text));
        self.known().texts.insert(path.to_owned(), text.clone());
        text
    }

    fn dockerfile(&self, path: &str) -> ReadDockerfile {
        let file = self.source(path)?;
        if let Some((known, tree)) = self.known().trees.get(path)
            && *known == file
        {
            return tree.clone();
        }
        let tree = Ok(Arc::new(ParsedDockerfile::parse(file.clone())));
        let mut known = self.known();
        known.drop_tree(path);
        if known.parsed + file.text().len() > MOST_PARSED {
            known.trees.clear();
            known.parsed = 0;
        }
        known.parsed += file.text().len();
        known.trees.insert(path.to_owned(), (file, tree.clone()));
        tree
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.source(path).map(|file| file.text().to_owned())
    }

    fn exists(&self, path: &str) -> bool {
        if self.overlays.contains_key(path) {
            return true;
        }
        if let Some(&known) = self.known().there.get(path) {
            return known;
        }
        let there = self.below.exists(path);
        self.known().there.insert(path.to_owned(), there);
        there
    }

    fn is_link(&self, path: &str) -> bool {
        !self.overlays.contains_key(path) && self.below.is_link(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        self.below.in_git(path)
    }

    fn list(&self, directory: &str) -> Vec<String> {
        let mut names = self.below.list(directory);
        let inside = self
            .overlays
            .keys()
            .filter(|path| crate::files::directory(path) == directory.trim_end_matches('/'));
        names.extend(inside.map(|path| file_name(path).to_owned()));
        names.sort();
        names.dedup();
        names
    }

    fn scripts(&self) -> Vec<String> {
        self.below.scripts()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("overlays", &self.overlays).finish_non_exhaustive()
    }
}

/// The texts, as one result sees them.
pub(super) struct Trace<'a> {
    texts: &'a Texts,
    seen: Mutex<Seen>,
}

impl<'a> Trace<'a> {
    pub(super) fn new(texts: &'a Texts) -> Self {
        Self { texts, seen: Mutex::default() }
    }

    pub(super) fn seen(self) -> Seen {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &str, of: impl Fn(&mut Seen) -> &mut HashSet<String>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = of(&mut seen);
        if !seen.contains(path) {
            seen.insert(path.to_owned());
        }
    }
}

impl Kept for Trace<'_> {
    fn source(&self, path: &str) -> Result<SourceFile, FileError> {
        self.note(path, |seen| &mut seen.read);
        self.texts.source(path)
    }

    fn dockerfile(&self, path: &str) -> ReadDockerfile {
        self.note(path, |seen| &mut seen.read);
        self.texts.dockerfile(path)
    }
}

impl Files for Trace<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.note(path, |seen| &mut seen.read);
        self.texts.read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.note(path, |seen| &mut seen.asked);
        self.texts.exists(path)
    }

    fn is_link(&self, path: &str) -> bool {
        self.note(path, |seen| &mut seen.asked);
        self.texts.is_link(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        self.note(path, |seen| &mut seen.asked);
        self.texts.in_git(path)
    }

    fn list(&self, directory: &str) -> Vec<String> {
        self.texts.list(directory)
    }

    fn scripts(&self) -> Vec<String> {
        self.texts.scripts()
    }
}
