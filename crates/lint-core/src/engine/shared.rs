//! What outlives a run: a session judges one unit after the other, each in a run of its own.

use std::sync::{Arc, OnceLock};

use lint_parser::text::source::SourceFile;

use crate::engine::dockerfiles::ReadDockerfile;
use crate::files::{FileError, Files};
use crate::model::build::local_images::LocalImages;
use crate::model::calls::Calls;
use crate::model::daemon::daemon_config::DaemonDefaults;

/// Whether what comes of a run is not wanted any more.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// What outlives a run.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    /// Texts and trees that are known.
    pub(crate) kept: &'a dyn Kept,
    /// Whether to stop.
    pub(crate) stop: Stop<'a>,
    /// The window for whoever looks for callers.
    pub(crate) callers: &'a dyn Files,
    /// What the daemons say.
    pub(crate) daemon: DaemonDefaults,
    /// The command lines at hand.
    pub(crate) calls: &'a Arc<OnceLock<Calls>>,
    /// The images that they build.
    pub(crate) local_images: &'a Arc<OnceLock<Arc<LocalImages>>>,
}

/// Texts and trees that are kept.
pub(crate) trait Kept: Sync {
    /// A text.
    ///
    /// # Errors
    /// As [`Files::read`].
    fn source(&self, path: &str) -> Result<SourceFile, FileError>;

    /// A Dockerfile.
    ///
    /// # Errors
    /// As [`Files::read`].
    fn dockerfile(&self, path: &str) -> ReadDockerfile;
}
