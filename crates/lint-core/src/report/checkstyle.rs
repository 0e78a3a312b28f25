//! `--output-format checkstyle`: the XML of the Java tool of that name, which Jenkins and many others read.

use std::fmt::Write as _;

use crate::finding::severity::Level;
use crate::report::Report;
use crate::report::xml::Escaped;

/// A document with an element for each file that has findings. There is no place for ends, help or fixes.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::checkstyle::write(&lint).contains("<checkstyle"));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    for findings in report.findings.chunk_by(|a, b| a.file().name() == b.file().name()) {
        let Some(first) = findings.first() else { continue };
        let _ = writeln!(xml, "  <file name=\"{}\">", Escaped(first.file().name()));
        for finding in findings {
            let at = finding.file().line_column(finding.span().start());
            let severity = match finding.severity.level() {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Info | Level::Style => "info",
            };
            let _ = writeln!(
                xml,
                "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"plimsoll.{}\"/>",
                at.line,
                at.column,
                Escaped(&finding.message),
                finding.rule.name,
            );
        }
        xml.push_str("  </file>\n");
    }
    xml.push_str("</checkstyle>\n");
    xml
}
