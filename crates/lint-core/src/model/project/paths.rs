//! Paths that projects name.

use crate::files::{directory, join};

/// Whether a path is fetched by Compose: a repository, a web address, an OCI artifact.
pub(super) fn is_remote(path: &str) -> bool {
    ["https://", "http://", "git://", "ssh://", "oci://", "github.com/", "git@"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// The directory of a file, empty for the current one.
pub(super) fn parent(path: &str) -> String {
    directory(path).to_owned()
}

/// A directory named relative to another, empty for the current one.
pub(super) fn subdirectory(from: &str, path: &str) -> String {
    match join(from, path) {
        current if current == "." => String::new(),
        other => other,
    }
}
