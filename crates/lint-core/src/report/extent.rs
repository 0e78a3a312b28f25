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

    /// Where a finding is to be shown: something to see, and without the blanks at its end. A span that takes in a
    /// line's end would reach to the next line, which may lie outside of the change under review; then neither
    /// GitHub nor GitLab shows the finding.
    pub(in crate::report) fn shown(finding: &Finding) -> Self {
        Self::new(finding.file(), shown(finding.file(), finding.span()))
    }
}

/// The bytes of [`Extent::shown`].
pub(in crate::report) fn shown(file: &SourceFile, span: Span) -> Span {
    let text = file.slice(span);
    let trimmed = text.trim_end().len();
    if trimmed > 0 {
        return Span::new(span.start(), span.start() + trimmed);
    }
    // Nothing but blanks: the character there, or else its line. Behind the last line end there is no line.
    let line = file.line_span(file.line(span.start()).min(file.line_count()));
    let rest = file.text().get(span.start()..line.end()).unwrap_or_default();
    match rest.chars().next() {
        Some(first) => Span::new(span.start(), span.start() + first.len_utf8()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_something_to_see_wherever_there_is_text() {
        let shown = |text: &str, (start, end)| {
            let shown = super::shown(&SourceFile::new("f", text), Span::new(start, end));
            (shown.start(), shown.end())
        };
        assert_eq!(shown("ab\ncd\n", (3, 6)), (3, 5), "not the line end");
        assert_eq!(shown("ab\ncd\n", (4, 4)), (4, 5), "the character there");
        assert_eq!(shown("ab\né\n", (3, 3)), (3, 5), "however long it is");
        assert_eq!(shown("ab\r\ncd\n", (2, 4)), (0, 2), "the line that ends there");
        assert_eq!(shown("ab\ncd\n", (6, 6)), (3, 5), "the last line");
        assert_eq!(shown("ab\n\ncd", (3, 4)), (3, 3), "an empty line");
        assert_eq!(shown("", (0, 0)), (0, 0));
    }
}
