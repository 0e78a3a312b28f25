//! `--output-format github`: workflow commands, which GitHub Actions shows beside the lines they name.

use std::fmt::Write as _;

use crate::finding::severity::Level;
use crate::report::Report;
use crate::report::concise::printable;
use crate::report::extent::Extent;

/// One command for each finding, the worst first: GitHub shows ten annotations of each level for a step.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::github::write(&lint).contains("file=Dockerfile,line=2"));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let mut text = String::new();
    for finding in report.worst_first() {
        let command = match finding.severity.level() {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info | Level::Style => "notice",
        };
        let Extent { start, end } = Extent::shown(finding);
        let _ = write!(
            text,
            "::{command} title={},file={},line={},endLine={}",
            finding.rule.name,
            property(&printable(finding.file().name())),
            start.line,
            end.line
        );
        // GitHub refuses columns where an annotation spans lines.
        if start.line == end.line && start != end {
            let _ = write!(text, ",col={},endColumn={}", start.column, end.column);
        }
        // The log shows what follows alone, so it names the place once more.
        let mut message =
            printable(&format!("{}: {} [{}]", finding.location(), finding.message, finding.rule.name));
        for line in finding.help.iter().chain([&finding.rule.url()]) {
            let _ = write!(message, "\n{}", printable(line));
        }
        let _ = writeln!(text, "::{}", data(&message));
    }
    text
}

/// Text after the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value between the two `::`, where commas and colons part one from the next.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_another_command_or_property() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,line=1::b%\n"), "a%2Cline=1%3A%3Ab%25%0A");
    }
}
