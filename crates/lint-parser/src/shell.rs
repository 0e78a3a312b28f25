//! The commands in `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`, in Compose's `command:`, and in entrypoint
//! scripts: the POSIX shell language and the parts of bash that are common there.
//!
//! ```
//! use lint_parser::shell;
//! use lint_parser::text::mapped::Mapped;
//!
//! let parsed = shell::parse(&Mapped::verbatim("apt-get update && apt-get install -y curl", 0));
//! let commands = parsed.tree.simple_commands();
//! assert_eq!(commands[1].command.name().as_deref(), Some("apt-get"));
//! assert!(commands[1].command.args()[0].is("install"));
//! ```

pub mod ast;
pub mod fragment;
mod parser;
pub mod split;
pub mod walk;
pub mod word;
pub mod wrappers;

use crate::shell::ast::Script;
use crate::syntax_error::Parsed;
use crate::text::mapped::Mapped;
use crate::text::span::Span;

/// Where the lines of here-documents are.
#[derive(Clone, Copy, Debug)]
pub enum Heredocs<'a> {
    /// In the text, after the command's line: a script.
    Inline,
    /// Cut out of the text, as BuildKit does with those of `RUN`; the operators (`<<EOF`) are still there.
    /// In the order of the text.
    Detached(&'a [DetachedHeredoc<'a>]),
}

/// A here-document that was cut out of the text.
#[derive(Clone, Copy, Debug)]
pub struct DetachedHeredoc<'a> {
    /// Where its operator stands in the source, file descriptor included.
    pub operator: Span,
    /// What the command receives, leading tabs already taken off under `<<-`.
    pub content: &'a Mapped,
    /// Whether the delimiter's line was found.
    pub terminated: bool,
}

/// Reads a script with its here-documents in it. Never fails: see [`Script::unparsed`].
#[must_use]
pub fn parse(text: &Mapped) -> Parsed<Script> {
    parser::parse(text, Heredocs::Inline)
}

/// Reads a script whose here-documents may have been cut out.
#[must_use]
pub fn parse_with(text: &Mapped, heredocs: Heredocs<'_>) -> Parsed<Script> {
    parser::parse(text, heredocs)
}
