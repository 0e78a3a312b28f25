//! What is linted.

use crate::model::daemon::daemon_config::path::{HostFileKind, kind};

/// A text to lint.
///
/// ```
/// use lint_core::{Source, SourceKind};
///
/// let in_memory = Source::compose("compose.yaml", "services: {}\n");
/// assert_eq!(in_memory.kind, SourceKind::Compose);
/// let to_be_read = Source::path("api/Dockerfile", SourceKind::Dockerfile);
/// assert_eq!(to_be_read.text, None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// Its name: a `/`-separated path, relative to where [`Files`](crate::Files) begins, or absolute.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Its text; `None` to have it read through [`Files`](crate::Files) when its turn comes.
    pub text: Option<String>,
}

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// A Dockerfile.
    Dockerfile,
    /// A Compose file.
    Compose,
    /// The Docker daemon's `daemon.json`.
    DaemonJson,
    /// A systemd unit of the Docker daemon's, or a drop-in of one.
    SystemdUnit,
}

impl SourceKind {
    /// What it is called: `dockerfile`, `compose`, `daemon-json`, `systemd-unit`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Dockerfile => "dockerfile",
            SourceKind::Compose => "compose",
            SourceKind::DaemonJson => "daemon-json",
            SourceKind::SystemdUnit => "systemd-unit",
        }
    }
}

/// What a file of the Docker daemon's is, by its path: `daemon.json`, `docker.service`, `docker.socket`,
/// `containerd.service`, and `*.conf` in the directories of their drop-ins. `None` when it is no such file.
///
/// ```
/// use lint_core::{SourceKind, daemon};
///
/// assert_eq!(daemon::file_kind("etc/docker/daemon.json"), Some(SourceKind::DaemonJson));
/// assert_eq!(daemon::file_kind("etc/systemd/system/docker.service.d/tcp.conf"), Some(SourceKind::SystemdUnit));
/// assert_eq!(daemon::file_kind("etc/fstab"), None);
/// ```
#[must_use]
pub fn daemon_file_kind(path: &str) -> Option<SourceKind> {
    kind(path).map(|kind| match kind {
        HostFileKind::DaemonJson => SourceKind::DaemonJson,
        HostFileKind::SystemdUnit => SourceKind::SystemdUnit,
    })
}

impl Source {
    /// A text of any kind, or a file to be read through [`Files`](crate::Files) when there is none.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: SourceKind, text: Option<String>) -> Self {
        Self { name: name.into(), kind, text }
    }

    /// A Dockerfile in memory.
    #[must_use]
    pub fn dockerfile(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), kind: SourceKind::Dockerfile, text: Some(text.into()) }
    }

    /// A Compose file in memory.
    #[must_use]
    pub fn compose(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), kind: SourceKind::Compose, text: Some(text.into()) }
    }

    /// A `daemon.json` in memory.
    #[must_use]
    pub fn daemon_json(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), kind: SourceKind::DaemonJson, text: Some(text.into()) }
    }

    /// A systemd unit, or a drop-in of one, in memory. What it is of is told by its name and its sections.
    #[must_use]
    pub fn systemd_unit(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), kind: SourceKind::SystemdUnit, text: Some(text.into()) }
    }

    /// A file to be read through [`Files`](crate::Files).
    #[must_use]
    pub fn path(name: impl Into<String>, kind: SourceKind) -> Self {
        Self { name: name.into(), kind, text: None }
    }
}
