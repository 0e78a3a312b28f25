//! The files of a workspace, as the engine reads them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use lint_core::{FileError, Files, InGit};

use crate::ignored::Ignored;

/// The largest text that is taken, in bytes. What is larger is no Dockerfile, and the memory of a page has an end.
pub(crate) const LIMIT: usize = 32 << 20;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Text(Arc<str>),
    /// It is there, and cannot be read.
    Unreadable(FileError),
}

/// The files by path, shared between the workspace and its session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    files: Arc<RwLock<BTreeMap<String, Content>>>,
    /// What may call Docker.
    scripts: Arc<RwLock<Vec<String>>>,
    ignored: Arc<RwLock<Arc<Ignored>>>,
}

impl Content {
    pub(crate) fn of_text(text: &str) -> Self {
        if text.len() > LIMIT {
            return Content::Unreadable(FileError::TooLarge(LIMIT as u64));
        }
        Content::Text(text.into())
    }

    /// Bytes as text, with the reasons that the command line gives where they are none.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            let why = "UTF-16 text, which Docker does not read; save it as UTF-8";
            return Content::Unreadable(FileError::Unreadable(why.to_owned()));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Content::of_text(text),
            Err(error) => Content::Unreadable(FileError::NotUtf8(error.valid_up_to())),
        }
    }
}

impl Texts {
    /// Whether that is news.
    pub(crate) fn set(&self, path: &str, content: Content) -> bool {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        if files.get(path) == Some(&content) {
            return false;
        }
        files.insert(path.to_owned(), content);
        true
    }

    /// Whether it was there.
    pub(crate) fn remove(&self, path: &str) -> bool {
        self.files.write().unwrap_or_else(PoisonError::into_inner).remove(path).is_some()
    }

    pub(crate) fn get(&self, path: &str) -> Option<Content> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    pub(crate) fn text(&self, path: &str) -> Option<Arc<str>> {
        match self.get(path)? {
            Content::Text(text) => Some(text),
            Content::Unreadable(_) => None,
        }
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.files.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// What searches pass by from now on.
    pub(crate) fn set_ignored(&self, ignored: Arc<Ignored>) {
        *self.ignored.write().unwrap_or_else(PoisonError::into_inner) = ignored;
    }

    /// Whether the list of what may call Docker is another one now.
    pub(crate) fn set_scripts(&self, scripts: Vec<String>) -> bool {
        let mut known = self.scripts.write().unwrap_or_else(PoisonError::into_inner);
        let is_news = *known != scripts;
        *known = scripts;
        is_news
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<String, FileError> {
        match self.get(path) {
            Some(Content::Text(text)) => Ok((*text).to_owned()),
            Some(Content::Unreadable(error)) => Err(error),
            None if self.exists(path) => Err(FileError::NotAFile),
            None => Err(FileError::NotFound),
        }
    }

    fn exists(&self, path: &str) -> bool {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        let below = format!("{}/", path.trim_end_matches('/'));
        files.contains_key(path)
            || path == "."
            || files.range(below.clone()..).next().is_some_and(|(path, _)| path.starts_with(&below))
    }

    /// There is no index to look at, so it is what the `.gitignore` files say, as of a release that was unpacked.
    fn in_git(&self, path: &str) -> Option<InGit> {
        if path.starts_with("..") {
            return None;
        }
        let is_directory = self.get(path).is_none() && self.exists(path);
        let ignored = self.ignored.read().unwrap_or_else(PoisonError::into_inner);
        Some(if ignored.by_git(path, is_directory) { InGit::Ignored } else { InGit::Untracked })
    }

    fn scripts(&self) -> Vec<String> {
        self.scripts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
