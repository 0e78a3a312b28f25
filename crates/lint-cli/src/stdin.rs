//! The source on standard input.

use std::io::stdin;
use std::path::Path;

use lint_core::{FileError, Source, SourceKind};

use lint_core::kind::{self as file_type, NameSays};
use lint_disk::{discover, disk};

/// Standard input as it is, for an editor that asked for the fixed text of a file that is excluded: without it the buffer
/// would be emptied.
///
/// # Errors
/// When it cannot be read, or is too long.
pub(crate) fn bytes() -> Result<Vec<u8>, String> {
    disk::read_limited(stdin().lock(), 0).map_err(|error| format!("standard input: {error}"))
}

/// Reads standard input. Without a name it is called `-`, as other linters call it.
///
/// # Errors
/// When it is no text, too long, or nothing says what it is.
pub(crate) fn source(named: Option<&Path>, kind: Option<SourceKind>) -> Result<Source, String> {
    let name = named.map_or_else(|| "-".to_owned(), discover::name);
    let bytes = disk::read_limited(stdin().lock(), 0).map_err(|error| format!("{name}: {error}"))?;
    let invalid = std::str::from_utf8(&bytes).err().map(|error| {
        // Where the invalid bytes stand must be told before the conversion takes them away.
        discover::not_utf8(&name, &bytes, error.valid_up_to())
    });
    let text = disk::text(bytes).map_err(|error| match (error, invalid) {
        (FileError::NotUtf8(_), Some(invalid)) => invalid,
        (error, _) => format!("{name}: {error}"),
    })?;
    let by_name = || match file_type::by_name(named?) {
        NameSays::MayStart(kind) | NameSays::Kind(kind) | NameSays::Template(kind) => Some(kind),
        NameSays::Never | NameSays::Perhaps { .. } | NameSays::Unknown => None,
    };
    let kind = kind.or_else(by_name).or_else(|| file_type::by_content(&text));
    match kind {
        Some(kind) => Ok(Source::new(name, kind, Some(text))),
        None => Err(format!(
            "{name}: neither Dockerfile nor Compose file by its name or content; pass --type or --stdin-filename"
        )),
    }
}
