//! Ignore files that must not be opened: opening a pipe waits for a writer, and a device may have no end.

use std::fs;
use std::path::Path;

/// The files whose patterns a search respects, in each directory.
const NAMES: [&str; 3] = [".gitignore", ".ignore", ".git/info/exclude"];

/// The largest one that is read. Each pattern is compiled, which takes a hundred times its length.
const LIMIT: u64 = 1024 * 1024;

/// The ignore file of a directory that cannot be respected, and why, if there is one.
pub(crate) fn unusable(directory: &Path) -> Option<(&'static str, &'static str)> {
    NAMES.into_iter().find_map(|name| {
        let metadata = fs::metadata(directory.join(name)).ok()?;
        if metadata.is_dir() || (metadata.is_file() && metadata.len() <= LIMIT) {
            return None;
        }
        Some((
            name,
            if metadata.is_file() { "larger than a list of patterns is" } else { "not a regular file" },
        ))
    })
}
