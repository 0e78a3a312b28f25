//! `--output-format gitlab`: GitLab's Code Quality report, a JSON array for `artifacts:reports:codequality`.

use serde::Serialize;

use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::report::concise::printable;
use crate::report::extent::Extent;
use crate::report::{Report, document};

#[derive(Debug, Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    check_name: &'static str,
    description: String,
    content: Content,
    categories: [&'static str; 1],
    severity: &'static str,
    /// GitLab tells what a merge request brought and mended by these alone.
    fingerprint: String,
    location: Location<'a>,
}

#[derive(Debug, Serialize)]
struct Content {
    body: String,
}

#[derive(Debug, Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The findings as a JSON array with a final newline; `[]` when there are none.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::gitlab::write(&lint).contains("\"fingerprint\""));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let issues: Vec<_> = report.findings.iter().map(Issue::from).collect();
    document::pretty(&issues)
}

impl<'a> From<&'a Finding> for Issue<'a> {
    fn from(finding: &'a Finding) -> Self {
        let Extent { start, end } = Extent::shown(finding);
        let help = finding.help.as_ref().map_or_else(String::new, |help| format!("{}\n\n", printable(help)));
        Issue {
            kind: "issue",
            check_name: finding.rule.name,
            description: printable(&finding.message),
            content: Content { body: format!("{help}{}", finding.rule.url()) },
            categories: [if finding.rule.category.is_security() { "Security" } else { "Bug Risk" }],
            severity: match finding.severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Style => "info",
            },
            fingerprint: finding.fingerprint(),
            location: Location {
                path: finding.file().name(),
                lines: Lines { begin: start.line, end: end.line },
            },
        }
    }
}
