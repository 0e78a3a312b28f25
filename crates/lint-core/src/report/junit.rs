//! `--output-format junit`: the XML of JUnit test reports, which every CI system shows.
//!
//! A file is a test suite, a finding a failed test in it. A file without findings is a suite whose one test passes:
//! what is fixed shows as passing rather than vanishing, and Jenkins takes a report without tests for a mistake.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::finding::finding::Finding;
use crate::report::Report;
use crate::report::xml::Escaped;

#[derive(Default)]
struct Suite<'a> {
    findings: Vec<&'a Finding>,
    /// What went wrong, and what it was.
    errors: Vec<(&'a str, String)>,
}

/// A document with a suite for each file, by name; `<testsuites/>` when nothing was linted.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::junit::write(&lint).contains("<testsuite "));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let mut suites: BTreeMap<&str, Suite<'_>> = BTreeMap::new();
    for name in &report.linted {
        suites.entry(name).or_default();
    }
    for finding in &report.findings {
        suites.entry(finding.file().name()).or_default().findings.push(finding);
    }
    for (name, error) in &report.unreadable {
        suites.entry(name).or_default().errors.push(("unreadable", error.to_string()));
    }
    for failure in &report.failures {
        let message = format!("internal error in {}: {}", failure.during, failure.message);
        suites.entry(&failure.file).or_default().errors.push(("internal-error", message));
    }
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if suites.is_empty() {
        xml.push_str("<testsuites/>\n");
        return xml;
    }
    let counts = suites.values().fold([0; 3], |sum, suite| {
        let counts = suite.counts();
        [sum[0] + counts[0], sum[1] + counts[1], sum[2] + counts[2]]
    });
    let _ = writeln!(xml, "<testsuites name=\"plimsoll\" {}>", attributes(counts));
    for (name, suite) in &suites {
        suite.write(name, &mut xml);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn attributes([tests, failures, errors]: [usize; 3]) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

impl Suite<'_> {
    /// Tests, failures, errors.
    fn counts(&self) -> [usize; 3] {
        let (failures, errors) = (self.findings.len(), self.errors.len());
        [(failures + errors).max(1), failures, errors]
    }

    fn write(&self, name: &str, xml: &mut String) {
        let name = Escaped(name);
        let _ = writeln!(xml, "  <testsuite name=\"{name}\" {}>", attributes(self.counts()));
        for finding in &self.findings {
            let at = finding.file().line_column(finding.span().start());
            let place = format!("{}:{}", at.line, at.column);
            let mut text = format!("{}: {}", finding.location(), finding.message);
            for line in finding.help.iter().chain([&finding.rule.url()]) {
                let _ = write!(text, "\n{line}");
            }
            let _ = writeln!(
                xml,
                "    <testcase name=\"{} ({place})\" classname=\"{name}\" file=\"{name}\" line=\"{}\">\n      \
                 <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>",
                finding.rule.name,
                at.line,
                finding.severity,
                Escaped(&finding.message),
                Escaped(&text),
            );
        }
        for (kind, message) in &self.errors {
            let _ = writeln!(
                xml,
                "    <testcase name=\"{kind}\" classname=\"{name}\" file=\"{name}\">\n      \
                 <error type=\"{kind}\" message=\"{}\"/>\n    </testcase>",
                Escaped(message),
            );
        }
        if self.findings.is_empty() && self.errors.is_empty() {
            let _ =
                writeln!(xml, "    <testcase name=\"no findings\" classname=\"{name}\" file=\"{name}\"/>");
        }
        xml.push_str("  </testsuite>\n");
    }
}
