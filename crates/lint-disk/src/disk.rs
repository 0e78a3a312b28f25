//! Files on disk.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use lint_core::{FileError, Files, InGit};

use crate::git_state::GitState;
use crate::roots::Roots;
use lint_core::kind as file_type;

/// The largest file that is read, in bytes. Real Dockerfiles and Compose files have some kilobytes; what is larger
/// than this is something else, and reading it could exhaust the memory.
pub const LIMIT: u64 = 256 * 1024 * 1024;

/// What is said of a file that [`Disk`] does not read.
const OUTSIDE: &str = "lies outside the repository and is neither Dockerfile nor Compose file, so it is not read; name its directory too if it belongs to it";

/// The disk, as seen from the current directory.
///
/// Of what lies outside the linted trees only Dockerfiles, Compose files and ignore files are read. A finding quotes the
/// file it is in, and `env_file: /root/.aws/credentials`, or a link of that kind, must not bring into the log of a pipeline
/// what the author of the linted files may not see.
#[derive(Debug)]
pub struct Disk {
    /// The directory that names start from; empty for the current one.
    pub here: PathBuf,
    /// With `--no-follow`: the only files that are there.
    pub only: Option<HashSet<String>>,
    /// The linted trees.
    pub roots: Roots,
    /// Files that may call Docker, found in the search for what is linted.
    pub scripts: Vec<String>,
    /// What Git has of these files.
    pub git: GitState,
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if self.only.as_ref().is_some_and(|only| !only.contains(path)) {
            return Err(FileError::NotFollowed);
        }
        let path = self.here.join(path);
        let text = read(&path)?;
        if self.roots.hold(&path) || is_harmless(&path, &text) {
            return Ok(text);
        }
        Err(FileError::Unreadable(OUTSIDE.to_owned()))
    }

    fn exists(&self, path: &str) -> bool {
        match &self.only {
            Some(only) => only.contains(path),
            None => self.here.join(path).exists(),
        }
    }

    fn is_link(&self, path: &str) -> bool {
        self.only.is_none() && self.here.join(path).is_symlink()
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        if self.only.is_some() { None } else { self.git.of(&self.here, path) }
    }

    fn list(&self, directory: &str) -> Vec<String> {
        if self.only.is_some() {
            return Vec::new();
        }
        let Ok(entries) = fs::read_dir(self.here.join(directory)) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        names.take(MOST_NAMES).collect()
    }

    fn scripts(&self) -> Vec<String> {
        if self.only.is_some() { Vec::new() } else { self.scripts.clone() }
    }
}

/// Whether a text may be quoted wherever it lies.
fn is_harmless(path: &Path, text: &str) -> bool {
    let Ok(real) = path.canonicalize() else { return false };
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".dockerignore") || file_type::is_surely_ours(text)
}

/// The text of a regular file.
///
/// # Errors
/// As [`Files::read`].
pub fn read(path: &Path) -> Result<String, FileError> {
    text(bytes(path)?)
}

/// How many names of a directory are told.
const MOST_NAMES: usize = 4_000;

/// How much of a file is read to learn what it is.
const HEAD: u64 = 64 * 1024;

/// The beginning of a regular file, for whoever asks what it is: `None` when it cannot be read, or holds what no text does.
/// UTF-16 is told from text where the file is read as a whole.
pub fn head(path: &Path) -> Head {
    let is_regular = |metadata: &Metadata| metadata.is_file() && !is_of_the_kernel(path, metadata);
    if !fs::metadata(path).is_ok_and(|metadata| is_regular(&metadata)) {
        return Head::Unreadable;
    }
    let mut bytes = Vec::new();
    if File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut bytes)).is_err() {
        return Head::Unreadable;
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Head::Unreadable;
    }
    if bytes.contains(&0) {
        return Head::Binary;
    }
    // Nearly always it is UTF-8 as it stands.
    Head::Text(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

/// How much of a file of JSON is read before it is known to be worth more.
const START: u64 = 2 * 1024;

/// Whether a word stands in the first lines of a regular file.
pub fn begins_with(path: &Path, word: &str) -> bool {
    let mut bytes = Vec::new();
    let is_regular = |metadata: Metadata| metadata.is_file() && !is_of_the_kernel(path, &metadata);
    fs::metadata(path).is_ok_and(is_regular)
        && File::open(path).and_then(|file| file.take(START).read_to_end(&mut bytes)).is_ok()
        && String::from_utf8_lossy(&bytes).contains(word)
}

/// The beginning of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Head {
    /// Text, for all one can see.
    Text(String),
    /// Something else.
    Binary,
    /// Whoever reads all of it will say why.
    Unreadable,
}

/// The bytes of a regular file, at most [`LIMIT`].
///
/// # Errors
/// As [`Files::read`], but for the encoding.
pub fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    // Opening a pipe waits for a writer, so what it is must be known first.
    let metadata = fs::metadata(path).map_err(|error| from_io(&error))?;
    if !metadata.is_file() || is_of_the_kernel(path, &metadata) {
        return Err(FileError::NotAFile);
    }
    let file = File::open(path).map_err(|error| from_io(&error))?;
    let bytes = read_limited(&file, metadata.len())?;
    // Half of one text and half of another is nobody's.
    let after = file.metadata().map_err(|error| from_io(&error))?;
    if after.len() != bytes.len() as u64 || after.modified().ok() != metadata.modified().ok() {
        return Err(FileError::Unreadable("it was changed while it was read; try again".to_owned()));
    }
    Ok(bytes)
}

/// Whether a file only looks like one: the kernel answers who reads it, after a while or never (`/proc/kmsg`), and with what
/// the linted files should not tell (`/proc/self/environ`).
fn is_of_the_kernel(path: &Path, metadata: &Metadata) -> bool {
    // To ask for every file where it really lies takes as long as to read it.
    cfg!(unix) && (device(metadata).is_none() || device(metadata) != *DEVICE_HERE) && is_below_proc(path)
}

fn is_below_proc(path: &Path) -> bool {
    path.canonicalize().is_ok_and(|path| path.starts_with("/proc") || path.starts_with("/sys"))
}

/// The device of the current directory, unless that is the kernel's: no file of it is.
static DEVICE_HERE: LazyLock<Option<u64>> = LazyLock::new(|| {
    let here = Path::new(".");
    if is_below_proc(here) { None } else { fs::metadata(here).ok().as_ref().and_then(device) }
});

#[cfg(unix)]
fn device(metadata: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::dev(metadata))
}

#[cfg(not(unix))]
fn device(_: &Metadata) -> Option<u64> {
    None
}

/// Everything a stream has, at most [`LIMIT`]. `expected` is how much is likely.
///
/// # Errors
/// When there is more, or the system says so.
pub fn read_limited(from: impl Read, expected: u64) -> Result<Vec<u8>, FileError> {
    if expected > LIMIT {
        return Err(FileError::TooLarge(LIMIT));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
    // A file may grow while it is read, and those of /proc have no size at all.
    from.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| from_io(&error))?;
    if bytes.len() as u64 > LIMIT { Err(FileError::TooLarge(LIMIT)) } else { Ok(bytes) }
}

/// Bytes as text. A UTF-8 byte order mark stays: offsets count it, as editors do.
///
/// # Errors
/// When they are not UTF-8; UTF-16 is called by its name, since Windows editors produce it unasked.
pub fn text(bytes: Vec<u8>) -> Result<String, FileError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(FileError::Unreadable(
            "UTF-16 text, which Docker does not read; save it as UTF-8".to_owned(),
        ));
    }
    String::from_utf8(bytes).map_err(|error| FileError::NotUtf8(error.utf8_error().valid_up_to()))
}

/// Line and column of a byte offset, 1-based, the column in code points. What precedes the offset is UTF-8.
pub fn line_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let column = before[start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
    (line, column)
}

fn from_io(error: &io::Error) -> FileError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::NotFound,
        ErrorKind::IsADirectory => FileError::NotAFile,
        ErrorKind::PermissionDenied => FileError::Unreadable("permission denied".to_owned()),
        _ => FileError::Unreadable(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_other_encodings_is_refused_with_a_reason() {
        assert_eq!(text(b"FROM \xC3\xA9".to_vec()), Ok("FROM é".to_owned()));
        assert_eq!(text(b"FROM \xE9".to_vec()), Err(FileError::NotUtf8(5)));
        assert!(
            matches!(text(b"\xFF\xFEF\0".to_vec()), Err(FileError::Unreadable(why)) if why.starts_with("UTF-16"))
        );
    }

    #[test]
    fn places_of_invalid_bytes_count_characters() {
        assert_eq!(line_column(b"a\n\xC3\xA9x\xFF", 5), (2, 3));
        assert_eq!(line_column(b"", 0), (1, 1));
        assert_eq!(line_column(b"a\n", 2), (2, 1));
    }

    #[test]
    fn only_regular_files_are_read() {
        assert_eq!(read(Path::new(".")), Err(FileError::NotAFile));
        assert_eq!(read(Path::new("no such file")), Err(FileError::NotFound));
        #[cfg(unix)]
        for path in ["/dev/zero", "/proc/self/environ", "/proc/version"].into_iter().map(Path::new) {
            assert!(!path.exists() || read(path) == Err(FileError::NotAFile), "{}", path.display());
        }
    }

    #[test]
    fn a_stream_without_end_is_cut_off() {
        assert_eq!(read_limited(&b"abc"[..], LIMIT + 1), Err(FileError::TooLarge(LIMIT)));
    }

    #[test]
    fn without_following_there_are_only_the_inputs() {
        let roots = Roots::of([Path::new(".")]);
        let disk = Disk {
            here: PathBuf::new(),
            only: Some(HashSet::from(["Cargo.toml".to_owned()])),
            roots,
            scripts: vec!["x.sh".to_owned()],
            git: GitState::default(),
        };
        assert!(disk.read("Cargo.toml").is_ok());
        assert_eq!(disk.read("src/lib.rs"), Err(FileError::NotFollowed));
        assert!(disk.exists("Cargo.toml") && !disk.exists("src/lib.rs"));
        assert!(disk.scripts().is_empty());
    }
}
