//! Files on disk.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use lint_core::{FileError, Files};

/// The largest file that is read, in bytes. Real Dockerfiles and Compose files have some kilobytes; what is larger
/// than this is something else, and reading it could exhaust the memory.
pub(crate) const LIMIT: u64 = 256 * 1024 * 1024;

/// The disk, as seen from the current directory.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// With `--no-follow`: the only files that are there.
    pub(crate) only: Option<HashSet<String>>,
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if self.only.as_ref().is_some_and(|only| !only.contains(path)) {
            return Err(FileError::NotFollowed);
        }
        read(Path::new(path))
    }

    fn exists(&self, path: &str) -> bool {
        match &self.only {
            Some(only) => only.contains(path),
            None => Path::new(path).exists(),
        }
    }
}

/// The text of a regular file.
///
/// # Errors
/// As [`Files::read`].
pub(crate) fn read(path: &Path) -> Result<String, FileError> {
    text(bytes(path)?)
}

/// The bytes of a regular file, at most [`LIMIT`].
///
/// # Errors
/// As [`Files::read`], but for the encoding.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    // Opening a pipe waits for a writer, so what it is must be known first.
    let metadata = fs::metadata(path).map_err(|error| from_io(&error))?;
    if !metadata.is_file() {
        return Err(FileError::NotAFile);
    }
    let file = File::open(path).map_err(|error| from_io(&error))?;
    read_limited(file, metadata.len())
}

/// Everything a stream has, at most [`LIMIT`]. `expected` is how much is likely.
///
/// # Errors
/// When there is more, or the system says so.
pub(crate) fn read_limited(from: impl Read, expected: u64) -> Result<Vec<u8>, FileError> {
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
pub(crate) fn text(bytes: Vec<u8>) -> Result<String, FileError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(FileError::Unreadable(
            "UTF-16 text, which Docker does not read; save it as UTF-8".to_owned(),
        ));
    }
    String::from_utf8(bytes).map_err(|error| FileError::NotUtf8(error.utf8_error().valid_up_to()))
}

/// Line and column of a byte offset, 1-based, the column in code points. What precedes the offset is UTF-8.
pub(crate) fn line_column(bytes: &[u8], offset: usize) -> (usize, usize) {
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
        assert_eq!(read(Path::new("/dev/zero")), Err(FileError::NotAFile));
    }

    #[test]
    fn a_stream_without_end_is_cut_off() {
        assert_eq!(read_limited(&b"abc"[..], LIMIT + 1), Err(FileError::TooLarge(LIMIT)));
    }

    #[test]
    fn without_following_there_are_only_the_inputs() {
        let disk = Disk { only: Some(HashSet::from(["Cargo.toml".to_owned()])) };
        assert!(disk.read("Cargo.toml").is_ok());
        assert_eq!(disk.read("src/lib.rs"), Err(FileError::NotFollowed));
        assert!(disk.exists("Cargo.toml") && !disk.exists("src/lib.rs"));
    }
}
