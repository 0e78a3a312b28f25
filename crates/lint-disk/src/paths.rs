//! Paths as they are printed, as the core knows them, and from the root.

use std::path::{Path, PathBuf};

use lint_core::path::normalise;

/// A path as it is printed and as the core knows it: `/`-separated, without `.` and `name/..`, relative to the
/// current directory where it lies below it.
pub fn name(path: &Path) -> String {
    let here = if path.is_absolute() { std::env::current_dir().ok() } else { None };
    name_in(here.as_deref().unwrap_or(Path::new("")), path)
}

/// The same, with another directory than the current one.
#[must_use]
pub fn name_in(here: &Path, path: &Path) -> String {
    let here = Some(here).filter(|here| here.is_absolute());
    let path = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_string_lossy();
    if cfg!(windows) { normalise(&path.replace('\\', "/")) } else { normalise(&path) }
}

/// A path from the root, without `.` and `name/..`.
pub fn absolute(here: &Path, path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for part in here.join(path).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => drop(absolute.pop()),
            part => absolute.push(part),
        }
    }
    absolute
}

/// A path as the core knows it.
pub fn text(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
