//! `--output-format json`: one flat array, in the shape editors already read from other linters.
//!
//! Lines and columns are 1-based, columns count Unicode code points, ends are exclusive. The contract only
//! ever grows.

use serde::Serialize;

use lint_parser::text::source::LineColumn;

use crate::finding::finding::Finding;
use crate::finding::fix::{Applicability, Edit, Fix};
use crate::finding::label::{Label, Place};
use crate::finding::meta::Stride;
use crate::finding::reference::{Benchmark, Cis, KUBERNETES_BENCHMARK};
use crate::finding::severity::{Level, Severity};
use crate::report::{Report, document};

/// A finding as JSON has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct JsonFinding<'a> {
    #[serde(flatten)]
    region: Region<'a>,
    code: &'static str,
    level: Level,
    severity: Severity,
    message: &'a str,
    help: Option<&'a str>,
    service: Option<&'a str>,
    stage: Option<&'a str>,
    url: String,
    category: &'static str,
    stride: &'static [Stride],
    cis: Vec<JsonCis>,
    /// What a manifest breaks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cis_kubernetes: Vec<JsonCis>,
    aliases: Vec<String>,
    related: Vec<JsonLabel<'a>>,
    /// The first of the fixes.
    fix: Option<JsonFix<'a>>,
    fixes: Vec<JsonFix<'a>>,
    fingerprint: String,
}

/// A recommendation of a CIS benchmark, and the version it has that number in.
#[derive(Debug, Serialize)]
struct JsonCis {
    id: String,
    benchmark: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
struct JsonLabel<'a> {
    #[serde(flatten)]
    region: Region<'a>,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct JsonFix<'a> {
    applicability: Applicability,
    message: &'a str,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Debug, Serialize)]
struct JsonEdit<'a> {
    #[serde(flatten)]
    region: Region<'a>,
    content: &'a str,
}

/// The findings as a JSON array with a final newline; `[]` when there are none.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::json::write(&lint).contains("\"code\": \"root-user\""));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let findings: Vec<_> = report.findings.iter().map(JsonFinding::from).collect();
    document::pretty(&findings)
}

/// `--output-format json-lines`: the same objects, each on a line of its own; nothing when there are none.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert_eq!(report::json::write_lines(&lint).lines().count(), lint.findings().len());
/// ```
#[must_use]
pub fn write_lines(report: &Report) -> String {
    report.findings.iter().map(|finding| document::line(&JsonFinding::from(finding))).collect()
}

impl<'a> From<&'a Finding> for JsonFinding<'a> {
    fn from(finding: &'a Finding) -> Self {
        JsonFinding {
            region: Region::from(&finding.place),
            code: finding.rule.name,
            level: finding.severity.level(),
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            service: finding.service.as_deref(),
            stage: finding.stage.as_deref(),
            url: finding.rule.url(),
            category: finding.rule.category.name(),
            stride: finding.rule.stride,
            cis: finding.cis().map(JsonCis::from).collect(),
            cis_kubernetes: finding.cis_kubernetes().map(JsonCis::of_kubernetes).collect(),
            aliases: finding.rule.references.iter().filter(|r| r.is_alias()).map(|r| r.id()).collect(),
            related: finding.labels.iter().map(JsonLabel::from).collect(),
            fix: finding.fixes.first().map(JsonFix::from),
            fixes: finding.fixes.iter().map(JsonFix::from).collect(),
            fingerprint: finding.fingerprint(),
        }
    }
}

impl From<Cis> for JsonCis {
    fn from(cis: Cis) -> Self {
        JsonCis { id: cis.number(), benchmark: Benchmark::NEWEST.name() }
    }
}

impl JsonCis {
    fn of_kubernetes(number: &'static str) -> Self {
        JsonCis { id: number.to_owned(), benchmark: KUBERNETES_BENCHMARK }
    }
}

impl<'a> Region<'a> {
    fn new(place: &'a lint_parser::text::source::SourceFile, start: usize, end: usize) -> Self {
        let LineColumn { line, column } = place.line_column(start);
        let LineColumn { line: end_line, column: end_column } = place.line_column(end);
        Region { file: place.name(), line, column, end_line, end_column }
    }
}

impl<'a> From<&'a Place> for Region<'a> {
    fn from(place: &'a Place) -> Self {
        Region::new(&place.file, place.span.start(), place.span.end())
    }
}

impl<'a> From<&'a Label> for JsonLabel<'a> {
    fn from(label: &'a Label) -> Self {
        JsonLabel { region: Region::from(&label.place), message: &label.message }
    }
}

impl<'a> From<&'a Fix> for JsonFix<'a> {
    fn from(fix: &'a Fix) -> Self {
        JsonFix {
            applicability: fix.applicability,
            message: &fix.title,
            edits: fix.edits.iter().map(JsonEdit::from).collect(),
        }
    }
}

impl<'a> From<&'a Edit> for JsonEdit<'a> {
    fn from(edit: &'a Edit) -> Self {
        JsonEdit { region: Region::new(&edit.file, edit.span.start(), edit.span.end()), content: &edit.text }
    }
}
