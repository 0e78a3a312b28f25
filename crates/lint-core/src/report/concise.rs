//! `--output-format concise`: `path:line:column: level: message [rule]`, one line for each finding.

use std::fmt::Write as _;

use crate::report::Report;

/// One line for each finding; nothing when there are none. Findings that differ in their service alone (a shared
/// anchor, a Dockerfile that two services build) are one line.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::concise::write(&lint).starts_with("Dockerfile:2:1: "));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let mut text = String::new();
    let mut last = String::new();
    for finding in &report.findings {
        let location = finding.location();
        let level = finding.severity.level();
        // Messages quote the files they speak of; a line break in one would forge a second finding.
        let message = printable(&finding.message);
        let line = format!("{}: {level}: {message} [{}]", printable(&location), finding.rule.name);
        if line != last {
            let _ = writeln!(text, "{line}");
            last = line;
        }
    }
    text
}

/// Text that is safe on a terminal and stays on its line: control and bidirectional characters, which could
/// rewrite what the reader sees, are shown as U+FFFD.
///
/// ```
/// assert_eq!(lint_core::report::concise::printable("a\u{1b}[31mb"), "a\u{fffd}[31mb");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_unprintable(c) { '\u{FFFD}' } else { c }).collect()
}

/// Whether a terminal would act on a character rather than show it.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
