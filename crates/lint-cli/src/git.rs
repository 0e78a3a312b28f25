//! A Git repository, read and never run: what a branch has changed.
//!
//! Git runs programs that the repository's configuration names (`core.fsmonitor`, filters, `diff.external`), even for looking
//! things up, and the repository is a stranger's. So its objects are read here, and its configuration is not: references,
//! commits, trees and texts is all it takes, and one path is looked up for each file rather than whole trees compared.

mod history;
mod object;
mod objects;
mod pack;
mod references;
mod trees;

use std::path::{Path, PathBuf};

use lint_disk::git_index::{git_directory, read};

pub(crate) use crate::git::object::Id;
use crate::git::object::Kind;
use crate::git::objects::Objects;
pub(crate) use crate::git::trees::Entry;

/// A repository on disk.
#[derive(Debug)]
pub(crate) struct Repository {
    /// Where the files lie.
    pub(crate) root: PathBuf,
    /// What belongs to this working tree alone: `HEAD`.
    own: PathBuf,
    /// What it shares with other working trees: references and objects.
    common: PathBuf,
    objects: Objects,
}

impl Repository {
    /// The repository around a directory.
    pub(crate) fn around(directory: &Path) -> Option<Self> {
        let directory = directory.canonicalize().ok()?;
        let root = directory.ancestors().find(|above| above.join(".git").exists())?;
        let own = git_directory(&root.join(".git"))?;
        let common = match read_text(&own.join("commondir"), SMALL) {
            Some(text) => own.join(text.trim()),
            None => own.clone(),
        };
        let objects = Objects::new(&common.join("objects"));
        Some(Self { root: root.to_path_buf(), own, common, objects })
    }

    /// The tree that this branch began from when it left `revision`: that of the newest commit they have in common.
    ///
    /// # Errors
    /// When there is no such revision, or what is needed of the history is not here, in one line.
    pub(crate) fn base(&self, revision: &str) -> Result<Id, String> {
        let theirs = self.resolve(revision)?;
        let ours = self.resolve("HEAD")?;
        let base = self.merge_base(ours, theirs, revision)?;
        Ok(self.commit(base)?.tree)
    }

    /// The tree of a revision.
    ///
    /// # Errors
    /// When there is no such revision, or it is not here, in one line.
    pub(crate) fn tree_of(&self, revision: &str) -> Result<Id, String> {
        Ok(self.commit(self.resolve(revision)?)?.tree)
    }

    /// The text of a file.
    pub(crate) fn blob(&self, id: Id) -> Option<Vec<u8>> {
        let (kind, bytes) = self.objects.read(id)?;
        (kind == Kind::Blob).then_some(bytes)
    }
}

/// The largest file of a few lines that is read.
const SMALL: u64 = 4096;

fn read_text(path: &Path, limit: u64) -> Option<String> {
    String::from_utf8(read(path, limit)?).ok()
}
