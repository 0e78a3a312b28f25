//! Puts new text in the place of a file's, in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::disk;

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
    let (temporary, mut open) = beside(&file).map_err(|error| fault(&error))?;
    let written = open
        .write_all(after.as_bytes())
        .and_then(|()| keep(&temporary, &metadata))
        .and_then(|()| open.sync_all())
        .and_then(|()| fs::rename(&temporary, &file));
    written.map_err(|error| {
        // What is left over would look like a file to lint; that it cannot be removed adds nothing to the error.
        let _ = fs::remove_file(&temporary);
        fault(&error)
    })
}

/// A new file in the same directory, which nobody else may read yet.
fn beside(file: &Path) -> io::Result<(PathBuf, File)> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 0..100 {
        let path = file.with_file_name(format!(".{name}.{}-{number}.tmp", std::process::id()));
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
