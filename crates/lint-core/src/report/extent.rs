//! The lines a finding is about, for formats that mark them in a diff.

use lint_parser::text::source::{LineColumn, SourceFile};
use lint_parser::text::span::Span;

use crate::finding::finding::Finding;

/// From where to where, 1-based, columns in code points, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Extent {
    pub(in crate::report) start: LineColumn,
    pub(in crate::report) end: LineColumn,
}

impl Extent {
    pub(in crate::report) fn new(file: &SourceFile, span: Span) -> Self {
        Self { start: file.line_column(span.start()), end: file.line_column(span.end()) }
    }

    /// Where a finding is to be shown: never empty unless its line ends there, and without the blanks at its end.
    /// A span that takes in a line's end would reach to the next line, which may lie outside of the change under
    /// review; then neither GitHub nor GitLab shows the finding.
    pub(in crate::report) fn shown(finding: &Finding) -> Self {
        Self::new(finding.file(), shown(finding))
    }
}

/// The bytes of [`Extent::shown`].
pub(in crate::report) fn shown(finding: &Finding) -> Span {
    let (file, span) = (finding.file(), finding.span());
    let text = file.slice(span);
    let trimmed = text.trim_end().len();
    if trimmed > 0 {
        return Span::new(span.start(), span.start() + trimmed);
    }
    let line = file.line_span(file.line(span.start()));
    let rest = file.text().get(span.start()..line.end()).unwrap_or_default();
    Span::new(span.start(), span.start() + rest.chars().next().map_or(0, char::len_utf8))
}
