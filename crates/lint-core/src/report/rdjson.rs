//! `--output-format rdjson`: the Reviewdog Diagnostic Format, one JSON object.
//!
//! Columns count bytes of UTF-8 here, from 1: the format's definition says so.

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use serde::Serialize;

use crate::finding::finding::Finding;
use crate::finding::fix::{Applicability, Fix};
use crate::finding::label::Label;
use crate::finding::severity::Level;
use crate::report::concise::printable;
use crate::report::{Report, document, extent};

#[derive(Debug, Serialize)]
struct Diagnostics<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Debug, Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Debug, Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Debug, Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Debug, Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Debug, Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Debug, Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    message: String,
    location: Location<'a>,
}

/// One object with all findings, and a final newline.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::rdjson::write(&lint).contains("\"diagnostics\""));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let diagnostics = Diagnostics {
        source: Source { name: "plimsoll", url: env!("CARGO_PKG_REPOSITORY") },
        diagnostics: report.findings.iter().map(Diagnostic::from).collect(),
    };
    document::pretty(&diagnostics)
}

impl<'a> From<&'a Finding> for Diagnostic<'a> {
    fn from(finding: &'a Finding) -> Self {
        let message = match &finding.help {
            Some(help) => format!("{}\n{}", printable(&finding.message), printable(help)),
            None => printable(&finding.message),
        };
        Diagnostic {
            message,
            location: location(finding.file(), extent::shown(finding.file(), finding.span())),
            severity: match finding.severity.level() {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Info | Level::Style => "INFO",
            },
            code: Code { value: finding.rule.name, url: finding.rule.url() },
            suggestions: finding.fixes.iter().filter_map(|fix| suggestion(finding.file(), fix)).collect(),
            related_locations: finding.labels.iter().map(Related::from).collect(),
        }
    }
}

impl<'a> From<&'a Label> for Related<'a> {
    fn from(label: &'a Label) -> Self {
        Related {
            message: printable(&label.message),
            location: location(&label.place.file, label.place.span),
        }
    }
}

fn location(file: &SourceFile, span: Span) -> Location<'_> {
    Location { path: file.name(), range: range(file, span) }
}

fn range(file: &SourceFile, span: Span) -> Range {
    let position = |offset: usize| {
        let line = file.line(offset);
        Position { line, column: offset.saturating_sub(file.line_span(line).start()) + 1 }
    };
    Range { start: position(span.start()), end: position(span.end()) }
}

/// One suggestion for the whole fix: reviewdog offers each on its own, and half a fix may be worse than none. It has
/// no way to change a second file.
fn suggestion(file: &SourceFile, fix: &Fix) -> Option<Suggestion> {
    if fix.applicability == Applicability::Display || fix.edits.iter().any(|edit| edit.file != *file) {
        return None;
    }
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let (start, end) = (edits.first()?.span.start(), edits.last()?.span.end());
    let (mut text, mut at) = (String::new(), start);
    for edit in edits {
        text.push_str(file.text().get(at..edit.span.start())?);
        text.push_str(&edit.text);
        at = edit.span.end();
    }
    Some(Suggestion { range: range(file, Span::new(start, end)), text })
}
