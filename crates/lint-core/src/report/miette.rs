//! Findings as [`miette`] diagnostics, with the feature `miette`.
//!
//! For a program that prints its own errors through miette and wants findings to look the same. The command line
//! does not use it: it draws labels that lie far apart, and lines too long for a terminal, in its own way.
//!
//! ```
//! use lint_core::report::miette::FindingDiagnostic;
//! use lint_core::{Linter, Source};
//! use miette::Diagnostic as _;
//!
//! let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
//! let finding = &report.findings()[0];
//! let diagnostic = FindingDiagnostic::new(finding);
//! assert_eq!(diagnostic.to_string(), finding.message());
//! assert_eq!(diagnostic.code().unwrap().to_string(), finding.rule().name);
//!
//! // One that owns its finding goes wherever a `miette::Report` goes.
//! let error: miette::Report = FindingDiagnostic::from(finding.clone()).into();
//! assert!(format!("{error:?}").contains("Dockerfile"));
//! ```

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::fmt::Display;
use std::sync::OnceLock;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use crate::finding::finding::Finding;
use crate::finding::label::{Label, Place};
use crate::finding::severity::{Level, Severity};
use crate::report::concise::{is_unprintable, printable};

/// A finding as miette takes it: its rule's name is the code, the place and the labels in the same file are marked,
/// labels in other files are related diagnostics.
///
/// Offsets are bytes of the file as it was given. Characters that a terminal would act on are replaced, by others of
/// the same length; lines are shown at their full length.
///
/// ```
/// use lint_core::report::miette::FindingDiagnostic;
/// use lint_core::{Linter, Source};
/// use miette::{Diagnostic as _, GraphicalReportHandler};
///
/// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let diagnostic = FindingDiagnostic::new(&report.findings()[0]);
/// assert_eq!(diagnostic.code().unwrap().to_string(), "root-user");
/// let mut text = String::new();
/// GraphicalReportHandler::new().render_report(&mut text, &diagnostic)?;
/// # Ok::<(), std::fmt::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct FindingDiagnostic<'a> {
    finding: Cow<'a, Finding>,
    message: String,
    source: Lines,
    elsewhere: Vec<Elsewhere>,
}

impl<'a> FindingDiagnostic<'a> {
    /// A view of a finding. The text is shared, not copied.
    #[must_use]
    pub fn new(finding: &'a Finding) -> Self {
        Self::of(Cow::Borrowed(finding))
    }

    /// The finding.
    #[must_use]
    pub fn finding(&self) -> &Finding {
        &self.finding
    }

    fn of(finding: Cow<'a, Finding>) -> Self {
        let file = finding.place.file.clone();
        let elsewhere = finding.labels.iter().filter(|label| label.place.file != file);
        let elsewhere = elsewhere.map(Elsewhere::new).collect();
        Self { message: printable(&finding.message), source: Lines::new(&file), elsewhere, finding }
    }
}

impl<'a> From<&'a Finding> for FindingDiagnostic<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self::new(finding)
    }
}

impl From<Finding> for FindingDiagnostic<'static> {
    fn from(finding: Finding) -> Self {
        Self::of(Cow::Owned(finding))
    }
}

impl Display for FindingDiagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for FindingDiagnostic<'_> {}

impl Diagnostic for FindingDiagnostic<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        Some(Box::new(self.finding.rule.name))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(severity(self.finding.severity))
    }

    fn help<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        self.finding.help.as_deref().map(|help| Box::new(printable(help)) as Box<dyn Display>)
    }

    fn url<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        Some(Box::new(self.finding.rule.url()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let primary = LabeledSpan::new_primary_with_span(None, range(&self.finding.place));
        let here = |label: &&Label| label.place.file == self.finding.place.file;
        let labels =
            self.finding.labels.iter().filter(here).map(|label| {
                LabeledSpan::new_with_span(Some(printable(&label.message)), range(&label.place))
            });
        Some(Box::new(std::iter::once(primary).chain(labels)))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|label| label as &dyn Diagnostic)))
    }
}

/// A label in another file than its finding; miette has one source for the labels of a diagnostic.
#[derive(Clone, Debug)]
struct Elsewhere {
    message: String,
    place: Place,
    source: Lines,
}

impl Elsewhere {
    fn new(label: &Label) -> Self {
        let source = Lines::new(&label.place.file);
        Self { message: printable(&label.message), place: label.place.clone(), source }
    }
}

impl Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Elsewhere {}

impl Diagnostic for Elsewhere {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, range(&self.place)))))
    }
}

fn severity(severity: Severity) -> miette::Severity {
    match severity.level() {
        Level::Error => miette::Severity::Error,
        Level::Warning => miette::Severity::Warning,
        Level::Info | Level::Style => miette::Severity::Advice,
    }
}

/// A place without the line breaks it ends in: they would drag in the line below.
fn range(place: &Place) -> SourceSpan {
    let text = place.file.slice(place.span).trim_end_matches(['\n', '\r']);
    (place.span.start(), text.len()).into()
}

/// A file, read through its line index: miette's own sources read the text from its beginning for every label.
#[derive(Clone, Debug)]
struct Lines {
    file: SourceFile,
    /// The whole text as [`replaced`] makes it, once a line is asked for that needs it.
    replaced: OnceLock<String>,
}

impl Lines {
    fn new(file: &SourceFile) -> Self {
        Self { file: file.clone(), replaced: OnceLock::new() }
    }

    /// Some of the text, fit for a terminal.
    fn shown(&self, span: Span) -> &str {
        let text = self.file.slice(span);
        if text.chars().any(|c| c != '\n' && c != '\t' && is_unprintable(c)) {
            span.slice(self.replaced.get_or_init(|| replaced(self.file.text())))
        } else {
            text
        }
    }
}

impl SourceCode for Lines {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let file = &self.file;
        let end = span.offset().checked_add(span.len()).ok_or(MietteError::OutOfBounds)?;
        if end > file.text().len() {
            return Err(MietteError::OutOfBounds);
        }
        let first = file.line(span.offset()).saturating_sub(lines_before).max(1);
        // A line break at the end of the text begins a line that is not counted.
        let reached = file.line(end);
        let last = reached.saturating_add(lines_after).min(file.line_count()).max(reached);
        let start = file.line_span(first).start();
        // Up to the line below, or to the end of the text where there is none.
        let shown = Span::new(start, file.line_span(last.saturating_add(1)).start().max(start));
        // miette asks without context for the place itself, to print it.
        let column = if lines_before == 0 { file.line_column(span.offset()).column - 1 } else { 0 };
        // The number of lines here, not in the whole file: by it miette tells whether two labels share a snippet.
        let count = last + 1 - first;
        Ok(Box::new(MietteSpanContents::new_named(
            printable(file.name()),
            self.shown(shown).as_bytes(),
            (shown.start(), shown.len()).into(),
            first - 1,
            column,
            count,
        )))
    }
}

/// The text with what a terminal would act on replaced by something of the same length, so that offsets still hold.
fn replaced(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut shown = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        shown.push(match c {
            '\n' | '\t' => c,
            '\r' if rest.peek() == Some(&'\n') => c,
            c if !is_unprintable(c) => c,
            c if c.len_utf8() == 1 => '?',
            c if c.len_utf8() == 2 => '¿',
            _ => '\u{FFFD}',
        });
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_what_miette_reads_of_a_text() {
        let text = "FROM debian:12\nRUN a \\\n    b\n# ünder\n\nUSER root\n";
        let lines = Lines::new(&SourceFile::new("Dockerfile", text));
        for start in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            let span = SourceSpan::from((start, 0));
            let (ours, theirs) =
                (lines.read_span(&span, 1, 1).unwrap(), text.read_span(&span, 1, 1).unwrap());
            assert_eq!(ours.line(), theirs.line(), "{start}");
            assert_eq!(ours.span().offset(), theirs.span().offset(), "{start}");
            let there = lines.read_span(&span, 0, 0).unwrap();
            let place = lines.file.line_column(start);
            assert_eq!((there.line() + 1, there.column() + 1), (place.line, place.column), "{start}");
        }
        assert!(lines.read_span(&(text.len(), 0).into(), 1, 1).is_ok());
        assert!(lines.read_span(&(text.len(), 1).into(), 1, 1).is_err());
        assert!(lines.read_span(&(usize::MAX, 2).into(), 1, 1).is_err());
    }

    #[test]
    fn replacements_have_the_length_of_what_they_replace() {
        assert_eq!(replaced("a\r\nb\rc\u{85}\u{202e}\t"), "a\r\nb?c¿\u{FFFD}\t");
    }
}
