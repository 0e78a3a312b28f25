//! Dockerfiles.
//!
//! [`parse`] reads one from a file, [`parse_mapped`] from text that stands inside another file.

pub mod ast;
pub mod check;
mod directives;
pub mod expansion;
mod flags;
mod grammar;
mod heredoc;
mod lines;
mod reader;
mod remap;
mod validate;
mod wording;

use crate::dockerfile::ast::Dockerfile;
use crate::syntax_error::Parsed;
use crate::text::mapped::Mapped;

/// Parses a Dockerfile.
///
/// Never fails: what BuildKit would refuse is in [`Parsed::errors`], and what could be read of it in the tree.
/// Text of more than `u32::MAX` bytes gives one error and an empty tree.
#[must_use]
pub fn parse(text: &str) -> Parsed<Dockerfile> {
    reader::read(text)
}

/// Parses a Dockerfile that is written inside another file, such as Compose's `dockerfile_inline`: every span
/// lies in the file the text came from.
#[must_use]
pub fn parse_mapped(text: &Mapped) -> Parsed<Dockerfile> {
    let parsed = reader::read(text.text());
    if text.is_verbatim() && text.span().start() == 0 { parsed } else { remap::remap(parsed, text) }
}
