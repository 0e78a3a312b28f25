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
mod reading;
mod remap;
mod validate;
mod wording;

pub use crate::dockerfile::validate::KEYWORDS;

use crate::dockerfile::ast::Dockerfile;
use crate::syntax_error::Parsed;
use crate::text::mapped::Mapped;

/// Parses a Dockerfile.
///
/// Never fails: what BuildKit would refuse is in [`Parsed::errors`], and what could be read of it in the tree.
/// Text of more than `u32::MAX` bytes gives one error and an empty tree.
///
/// ```
/// use lint_parser::dockerfile;
///
/// let text = "FROM debian:12\nUSER root\nRUNN id\n";
/// let parsed = dockerfile::parse(text);
/// assert_eq!(parsed.tree.instructions.len(), 3);
/// assert_eq!(parsed.errors[0].span.slice(text), "RUNN");
/// ```
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

#[cfg(test)]
mod tests {
    use crate::dockerfile::parse;

    #[test]
    fn parsing_goes_on_after_a_line_that_is_too_long() {
        let parsed = parse(&format!("FROM a\nENV x={}\nRUN b\n", "y".repeat(70_000)));
        assert_eq!(parsed.tree.instructions.len(), 3);
        let messages: Vec<_> = parsed.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["dockerfile line greater than max allowed size of 65535"]);
    }

    #[test]
    fn triggers_within_triggers_are_not_followed() {
        let parsed = parse(&format!("FROM a\n{}RUN x\n", "ONBUILD ".repeat(100_000)));
        assert!(parsed.errors.iter().any(|error| error.message.starts_with("Chaining ONBUILD")));
    }
}
