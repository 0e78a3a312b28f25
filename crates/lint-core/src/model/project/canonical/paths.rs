//! Relative paths, as seen from the project's directory.

use lint_parser::compose::long::{Node, NodeKind};
use lint_parser::compose::value::Origin;

use crate::files::{is_absolute, join};
use crate::model::project::effective::Project;
use crate::model::project::paths::is_remote;

/// Rewrites paths written relative to other directories: those of included projects and extended files.
pub(super) struct Paths<'p> {
    project: &'p Project,
}

impl<'p> Paths<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        Self { project }
    }

    /// Makes a path one that starts from the project's directory. One that already does stays as it is written.
    pub(super) fn resolve(&self, node: &mut Node) {
        let Some(origin) = node.origin else { return };
        if let NodeKind::Text(path) = &mut node.kind
            && let Some(resolved) = self.resolved(path, origin)
        {
            *path = resolved;
        }
    }

    fn resolved(&self, path: &str, origin: Origin) -> Option<String> {
        let source = self.project.sources.get(origin.source)?;
        let directory = &source.directory;
        // Compose resolves the paths of these files in any case, and so cleans them.
        let name = source.file.name();
        let is_taken_in = self.project.included.contains(name) || self.project.extended.contains(name);
        let is_own = !is_taken_in || self.project.files.iter().any(|file| file == name);
        let is_elsewhere = path.starts_with('~')
            || path.contains("://")
            || is_remote(path)
            || is_absolute(path)
            || is_absolute_on_windows(path);
        if (*directory == self.project.directory && is_own) || path.is_empty() || is_elsewhere {
            return None;
        }
        Some(relative(&self.project.directory, &join(directory, path)))
    }
}

/// `C:\dir`, `\\host\share`, `\\.\pipe\name`.
fn is_absolute_on_windows(path: &str) -> bool {
    let drive = path.strip_prefix(|c: char| c.is_ascii_alphabetic()).and_then(|rest| rest.strip_prefix(':'));
    drive.is_some_and(|rest| rest.starts_with(['\\', '/'])) || path.starts_with("\\\\")
}

/// A path as seen from a directory; both are relative to the same place, or absolute.
fn relative(from: &str, path: &str) -> String {
    if is_absolute(path) != is_absolute(from) && is_absolute(path) {
        return path.to_owned();
    }
    let split = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    let (from, to) = (split(from), split(path));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.len() - shared;
    let parts = std::iter::repeat_n("..", up).chain(to.iter().skip(shared).map(String::as_str));
    let joined = parts.collect::<Vec<_>>().join("/");
    if joined.is_empty() { ".".to_owned() } else { joined }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_seen_from_the_project() {
        for (from, path, seen) in [
            ("", "sub/a", "sub/a"),
            ("app", "app/sub", "sub"),
            ("app", "app", "."),
            ("app", "shared/x", "../shared/x"),
            ("a/b", "a", ".."),
            ("app", "/etc", "/etc"),
        ] {
            assert_eq!(relative(from, path), seen, "{from} {path}");
        }
    }
}
