//! What is linted.

pub use crate::kinds::SourceKind;

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

    /// A manifest of Kubernetes, or another file that it is configured by, in memory.
    #[must_use]
    pub fn kubernetes(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), kind: SourceKind::Kubernetes, text: Some(text.into()) }
    }

    /// A file to be read through [`Files`](crate::Files).
    #[must_use]
    pub fn path(name: impl Into<String>, kind: SourceKind) -> Self {
        Self { name: name.into(), kind, text: None }
    }
}
