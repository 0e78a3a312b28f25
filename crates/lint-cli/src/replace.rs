//! Puts new text in the place of a file's, in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lint_core::kind::{SAVED, TEMPORARY};
use lint_disk::disk;

/// Writes `after` to a file that holds `before`: beside it first, then under its name, so that whoever reads it, or
/// turns off the power, sees the one or the other. Permissions are kept, and where the name is a symbolic link the file
/// behind it is replaced.
///
/// # Errors
/// In one line: the file cannot be written, or holds something else by now.
pub(crate) fn replace(path: &Path, before: &str, after: &str) -> Result<(), String> {
    let fault = |why: &dyn std::fmt::Display| format!("cannot write {}: {why}", path.display());
    let file = fs::canonicalize(path).map_err(|error| fault(&error))?;
    let metadata = fs::metadata(&file).map_err(|error| fault(&error))?;
    if metadata.permissions().readonly() {
        return Err(fault(&"it is read-only"));
    }
    // Somebody may have saved it while it was linted.
    if disk::bytes(&file).map_err(|error| fault(&error))? != before.as_bytes() {
        return Err(fault(&"it was changed by somebody else meanwhile"));
    }
    let unchanged = || {
        let now = fs::metadata(&file)?;
        if now.len() == metadata.len() && now.modified().ok() == metadata.modified().ok() {
            return Ok(());
        }
        Err(io::Error::other("it was changed by somebody else meanwhile"))
    };
    let written = if links(&metadata) > 1 {
        // A new file under this name would leave the other names with the old text.
        overwrite(&file, before, after, &unchanged)
    } else {
        put(&file, after, Some(&metadata), &unchanged)
    };
    written.map_err(|error| fault(&error))
}

/// Writes a report or a baseline: beside what is there, then under its name, so that a full disk leaves the old one. What is
/// no regular file (`/dev/stdout`, a pipe) is written to as it is.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // A link that leads nowhere is followed, as by everybody who writes to it.
            if path.is_symlink() { fs::write(path, text) } else { put(path, text, None, &|| Ok(())) }
        }
        Ok(metadata) if metadata.is_file() && links(&metadata) == 1 => {
            if metadata.permissions().readonly() {
                return Err(ErrorKind::PermissionDenied.into());
            }
            let file = fs::canonicalize(path)?;
            match put(&file, text, Some(&metadata), &|| Ok(())) {
                // A file of one's own in a directory of somebody else's.
                Err(error) if error.kind() == ErrorKind::PermissionDenied => fs::write(&file, text),
                result => result,
            }
        }
        _ => fs::write(path, text),
    }
}

/// How many names a file has.
fn links(metadata: &fs::Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(metadata);
    #[cfg(not(unix))]
    {
        let _ = metadata;
        1
    }
}

/// Puts a text in the place of a file, in one step, if `may` allows it when everything else is done.
fn put(
    file: &Path,
    text: &str,
    like: Option<&fs::Metadata>,
    may: &dyn Fn() -> io::Result<()>,
) -> io::Result<()> {
    remove_left_over(file);
    let (temporary, mut open) = beside(file, TEMPORARY, like.is_some())?;
    let written = open
        .write_all(text.as_bytes())
        .and_then(|()| like.map_or(Ok(()), |metadata| keep(&temporary, metadata)))
        .and_then(|()| open.sync_all())
        .and_then(|()| may())
        .and_then(|()| fs::rename(&temporary, file));
    if written.is_err() {
        // What is left over would look like a file to lint; that it cannot be removed adds nothing to the error.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Writes to a file that has several names, which all keep it. The old text lies beside it until the new one is written.
fn overwrite(file: &Path, before: &str, after: &str, may: &dyn Fn() -> io::Result<()>) -> io::Result<()> {
    let (copy, mut open) = beside(file, SAVED, true)?;
    let saved = open.write_all(before.as_bytes()).and_then(|()| open.sync_all()).and_then(|()| may());
    let mut is_safe = true;
    let written = saved.and_then(|()| {
        let Err(error) = write_through(file, after) else { return Ok(()) };
        // The old text has room where it was; if not, it stays beside the file.
        is_safe = write_through(file, before).is_ok();
        let lies = format!("{error}; its old text is in {}", copy.display());
        Err(if is_safe { error } else { io::Error::other(lies) })
    });
    if is_safe {
        let _ = fs::remove_file(&copy);
    }
    written
}

fn write_through(file: &Path, text: &str) -> io::Result<()> {
    let mut open = File::create(file)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()
}

/// How old a temporary file must be to be nobody's: writing one takes no time.
const LEFT_OVER: Duration = Duration::from_secs(600);

/// Removes what runs left beside a file that were killed while they wrote it.
fn remove_left_over(file: &Path) {
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else { return };
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let begin = format!(".{}.", name.to_string_lossy());
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let number = name.strip_prefix(&begin).and_then(|rest| rest.strip_suffix(TEMPORARY));
        let is_ours = number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit() || c == '-'));
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > LEFT_OVER) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A new file in the same directory; one that is `private` nobody else may read yet.
fn beside(file: &Path, ending: &str, private: bool) -> io::Result<(PathBuf, File)> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if private { 0o600 } else { 0o666 });
    #[cfg(not(unix))]
    let _ = private;
    for number in 0..100 {
        let path = file.with_file_name(format!(".{name}.{}-{number}{ending}", std::process::id()));
        match options.open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn keep(temporary: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        // Only root may give a file away; for everybody else it stays their own, as with an editor.
        let _ = chown(temporary, Some(metadata.uid()), Some(metadata.gid()));
    }
    fs::set_permissions(temporary, metadata.permissions())
}
