//! Here-documents, as whoever hands over a script has them.

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
