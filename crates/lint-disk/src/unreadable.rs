//! What is said of a file that could not be read.

use std::path::Path;

use crate::disk;

/// One line on why a file could not be read, with the place where its bytes are the reason.
pub fn unreadable(path: &Path, shown: &str, error: &lint_core::FileError) -> String {
    if let lint_core::FileError::NotUtf8(offset) = error
        && let Ok(bytes) = disk::bytes(path)
    {
        return not_utf8(shown, &bytes, *offset);
    }
    format!("{shown}: {error}")
}

/// One line on bytes that are not UTF-8.
pub fn not_utf8(shown: &str, bytes: &[u8], offset: usize) -> String {
    // No text has such a byte, and a place in what is none helps nobody.
    if bytes.get(..offset).is_some_and(|before| before.contains(&0)) {
        return format!("{shown}: a binary file, not text");
    }
    let (line, column) = disk::line_column(bytes, offset);
    let byte = bytes.get(offset).map(|byte| format!(" (byte 0x{byte:02X})")).unwrap_or_default();
    format!("{shown}:{line}:{column}: not UTF-8 text{byte}")
}
