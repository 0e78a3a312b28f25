//! The one window to other files: a disk, an editor's buffers, a map in a test.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Reads the files that the linted ones refer to: override files, `include`, `extends`, `.env`, `env_file`,
/// Dockerfiles and what they copy.
///
/// Paths are `/`-separated and lexically normalised (no `.`, no `..` but at the front), relative to the same
/// directory as the names of the linted sources, or absolute.
///
/// ```
/// use lint_core::{FileError, Files};
///
/// /// What an editor has open.
/// struct Buffers(Vec<(String, String)>);
///
/// impl Files for Buffers {
///     fn read(&self, path: &str) -> Result<String, FileError> {
///         let buffer = self.0.iter().find(|(name, _)| name == path);
///         buffer.map(|(_, text)| text.clone()).ok_or(FileError::NotFound)
///     }
///
///     fn exists(&self, path: &str) -> bool {
///         self.0.iter().any(|(name, _)| name == path)
///     }
/// }
///
/// let buffers = Buffers(vec![(".env".to_owned(), "TAG=1\n".to_owned())]);
/// assert!(buffers.exists(".env"));
/// ```
pub trait Files: Sync {
    /// The text of a regular file.
    ///
    /// # Errors
    /// When there is no such file, or it cannot be read as text.
    fn read(&self, path: &str) -> Result<String, FileError>;

    /// Whether there is a file (or a directory) of that name.
    fn exists(&self, path: &str) -> bool;

    /// Whether a path is a symbolic link; `false` where there are none, or nobody can tell.
    fn is_link(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// What Git has of a path, for whoever asks what a clone holds; `None` where nobody can tell.
    fn in_git(&self, path: &str) -> Option<InGit> {
        let _ = path;
        None
    }

    /// The names of what lies directly in a directory, files and directories alike, in any order; at most a few thousand. Units
    /// of Podman's are read with their drop-ins.
    ///
    /// None where there is no such directory, or nobody can tell: nothing is claimed of what is not found.
    fn list(&self, directory: &str) -> Vec<String> {
        let _ = directory;
        Vec::new()
    }

    /// The files that may hold command lines which build or start what is linted: scripts, Makefiles, workflows
    /// (`lint_core::path::may_call` tells them by their names; others are passed by). They are read when
    /// somebody asks for callers, at most two thousand of them, and never run.
    ///
    /// None, unless the window has a list at hand: nothing is claimed of callers that are not found.
    fn scripts(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What Git has of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InGit {
    /// A file that may not be run, or a directory.
    Tracked,
    /// A file that may be run.
    Executable,
    /// Nothing, and a `.gitignore` says that it stays so.
    Ignored,
    /// Nothing yet.
    Untracked,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileError {
    /// There is none.
    NotFound,
    /// It is a directory, a device, a socket or a pipe.
    NotAFile,
    /// Its bytes are not UTF-8; the offset of the first that is not.
    NotUtf8(usize),
    /// It is larger than the reader's limit, in bytes.
    TooLarge(u64),
    /// The system says so.
    Unreadable(String),
    /// Reading was not allowed: `--no-follow`, or a library caller without a window.
    NotFollowed,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::NotFound => f.write_str("no such file"),
            FileError::NotAFile => f.write_str("not a regular file"),
            FileError::NotUtf8(offset) => write!(f, "not UTF-8 text (byte {offset})"),
            FileError::TooLarge(limit) => write!(f, "larger than {limit} bytes"),
            FileError::Unreadable(why) => f.write_str(why),
            FileError::NotFollowed => f.write_str("not read"),
        }
    }
}

impl std::error::Error for FileError {}

/// No other files: what an embedder gets who passes none. References stay unresolved, and nothing that
/// depends on them is claimed.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<String, FileError> {
        Err(FileError::NotFollowed)
    }

    fn exists(&self, _: &str) -> bool {
        false
    }
}

/// Files in memory, by path.
impl Files for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.get(path).cloned().ok_or(FileError::NotFound)
    }

    fn exists(&self, path: &str) -> bool {
        let below = format!("{}/", path.trim_end_matches('/'));
        self.contains_key(path)
            || path == "."
            || self.range(below.clone()..).next().is_some_and(|(p, _)| p.starts_with(&below))
    }

    fn list(&self, directory: &str) -> Vec<String> {
        names_below(directory, self)
    }

    fn scripts(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
}

/// The names of what lies directly in a directory, among files by their paths.
fn names_below<T>(directory: &str, files: &BTreeMap<String, T>) -> Vec<String> {
    let below = match directory {
        "" | "." => String::new(),
        directory => format!("{}/", directory.trim_end_matches('/')),
    };
    let mut names: Vec<String> = Vec::new();
    let mut from = below.clone();
    while let Some((path, _)) = files.range(from.clone()..).next() {
        let Some(rest) = path.strip_prefix(&below).filter(|_| names.len() < MOST_NAMES) else { break };
        let name = rest.split('/').next().unwrap_or(rest);
        names.push(name.to_owned());
        // Behind all that is below it: `0` comes after `/`.
        from = match rest.len() == name.len() {
            true => format!("{path}\0"),
            false => format!("{below}{name}0"),
        };
    }
    names
}

/// How many names of a directory are told.
const MOST_NAMES: usize = 4_000;

/// Joins a relative path to a directory and normalises the result lexically, as Compose and BuildKit do.
/// An empty directory means the current one; the result of nothing is `.`.
///
/// ```
/// assert_eq!(lint_core::path::join("web", "../api/./Dockerfile"), "api/Dockerfile");
/// assert_eq!(lint_core::path::join("web", "/etc/docker"), "/etc/docker");
/// ```
#[must_use]
pub fn join(directory: &str, path: &str) -> String {
    let slashed = if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) };
    let path = &*slashed;
    if is_absolute(path) || directory.is_empty() {
        return normalise(path);
    }
    normalise(&[directory, "/", path].concat())
}

/// The directory a file lies in; empty for the current one.
///
/// ```
/// assert_eq!(lint_core::path::directory("web/Dockerfile"), "web");
/// assert_eq!(lint_core::path::directory("Dockerfile"), "");
/// ```
#[must_use]
pub fn directory(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) => "/",
        Some(at) => &path[..at],
        None => "",
    }
}

/// The last part of a path.
///
/// ```
/// assert_eq!(lint_core::path::file_name("web/Dockerfile"), "Dockerfile");
/// ```
#[must_use]
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path as it is written inside a build context; `None` when it is outside.
#[must_use]
pub(crate) fn inside<'a>(context: &str, path: &'a str) -> Option<&'a str> {
    match context {
        "." => Some(path).filter(|path| !path.starts_with("..")),
        context => path.strip_prefix(context)?.strip_prefix('/'),
    }
}

/// A path as it is written from a directory; both absolute, or both relative to one place. A path that begins with
/// `..` where the directory does not go as far up cannot be told from there and stays as it is.
///
/// ```
/// assert_eq!(lint_core::path::relative("/srv/web", "/srv/api/Dockerfile"), "../api/Dockerfile");
/// ```
#[must_use]
pub fn relative(directory: &str, path: &str) -> String {
    let (directory, path) = (normalise(directory), normalise(path));
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty() && *part != ".").map(str::to_owned).collect()
    };
    let (from, to) = (parts(&directory), parts(&path));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if is_absolute(&directory) != is_absolute(&path) || from[shared..].iter().any(|part| part == "..") {
        return path;
    }
    let up = std::iter::repeat_n("..", from.len() - shared);
    let joined = up.chain(to[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/");
    if joined.is_empty() { ".".to_owned() } else { joined }
}

/// Whether a path does not depend on a directory: `/etc`, `C:/Users`.
///
/// ```
/// assert!(lint_core::path::is_absolute("/etc") && lint_core::path::is_absolute("C:/Users"));
/// ```
#[must_use]
pub fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with('/') || (bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && &bytes[1..3] == b":/")
}

/// Removes `.`, empty parts and `name/..`, without asking any disk.
///
/// ```
/// assert_eq!(lint_core::path::normalise("./web//../api/"), "api");
/// ```
#[must_use]
pub fn normalise(path: &str) -> String {
    if is_normal(path) {
        return path.to_owned();
    }
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Whether there is nothing to remove from a path: most are written so.
fn is_normal(path: &str) -> bool {
    let rest = path.strip_prefix('/').unwrap_or(path);
    // How many bytes a part has, and how many of them are dots.
    let (mut dots, mut length) = (0, 0);
    for byte in rest.bytes() {
        if byte == b'/' {
            if length == dots && length <= 2 {
                return false;
            }
            (dots, length) = (0, 0);
        } else {
            dots += usize::from(byte == b'.');
            length += 1;
        }
    }
    length != dots || length > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken for normal must be what the long way makes of it.
    #[test]
    fn a_normal_path_is_told_from_others() {
        for path in ["a", "/a", "a/b.c/..d", "/x/...", ".a", "a.", "..a/b"] {
            assert!(is_normal(path), "{path}");
            assert_eq!(normalise(&format!("./{path}")).trim_start_matches('/'), path.trim_start_matches('/'));
        }
        for path in ["", "/", ".", "..", "a/", "a//b", "./a", "a/.", "a/..", "../a", "//a", "a/./b"] {
            assert!(!is_normal(path), "{path}");
        }
    }

    #[test]
    fn paths_join_and_normalise_lexically() {
        assert_eq!(join("svc", "./build/../Dockerfile"), "svc/Dockerfile");
        assert_eq!(join("", "../a"), "../a");
        assert_eq!(join("a/b", "../../../c"), "../c");
        assert_eq!(join("a", "/etc//docker/."), "/etc/docker");
        assert_eq!(join("a", "C:\\x\\y"), "C:/x/y");
        assert_eq!(join("", "."), ".");
        assert_eq!(join("/", "../.."), "/");
        assert_eq!((directory("a/b/c"), directory("c"), directory("/c")), ("a/b", "", "/"));
    }

    #[test]
    fn paths_are_told_from_other_directories() {
        assert_eq!(relative("/repo", "/repo/svc/a"), "svc/a");
        assert_eq!(relative("/repo/x/y", "/repo/svc/a"), "../../svc/a");
        assert_eq!(relative(".", "a/b"), "a/b");
        assert_eq!(relative("a", "a"), ".");
        assert_eq!(relative("..", "a"), "a");
        assert_eq!(relative("..", "../a"), "a");
        assert_eq!(relative("/", "/a"), "a");
        assert_eq!(relative("/a", "b"), "b");
    }

    #[test]
    fn a_map_of_files_knows_its_directories() {
        let files = BTreeMap::from([("a/b/Dockerfile".to_owned(), "FROM scratch".to_owned())]);
        assert!(files.exists("a/b") && files.exists("a") && files.exists(".") && !files.exists("a/bc"));
        assert_eq!(files.read("a/b"), Err(FileError::NotFound));
    }
}
