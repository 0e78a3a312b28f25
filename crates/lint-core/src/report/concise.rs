//! `--output-format concise`: `path:line:column: level: message [rule]`, one line for each finding.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use crate::finding::finding::Finding;
use crate::report::Report;

/// One line for each finding; nothing when there are none. Where several services share what is found (an anchor, a
/// Dockerfile that two of them build), each line says whose it is.
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
    // Findings are in the order of their places, so what is alike stands side by side.
    for here in report.findings.chunk_by(|one, other| place(one) == place(other)) {
        let mut alike: HashMap<_, usize> = HashMap::new();
        if here.len() > 1 {
            here.iter().filter(|finding| finding.service.is_some()).for_each(|finding| {
                *alike.entry(line(finding)).or_default() += 1;
            });
        }
        for finding in here {
            let location = finding.location();
            let level = finding.severity.level();
            // Messages quote the files they speak of; a line break in one would forge a second finding.
            let message = safe(&finding.message);
            let service = match &finding.service {
                Some(name) if alike.get(&line(finding)).is_some_and(|&number| number > 1) => {
                    format!(" (service {})", printable(name))
                }
                _ => String::new(),
            };
            let rule = finding.rule.name;
            let _ = writeln!(text, "{}: {level}: {message}{service} [{rule}]", safe(&location));
        }
    }
    text
}

/// Where a finding begins.
fn place(finding: &Finding) -> (&str, usize) {
    (finding.file().name(), finding.span().start())
}

/// What makes the line of a finding at its place, but for the service.
fn line(finding: &Finding) -> (&str, &str) {
    (&finding.message, finding.rule.name)
}

/// Text that is safe on a terminal and stays on its line: control and bidirectional characters, which could
/// rewrite what the reader sees, are shown as U+FFFD.
///
/// ```
/// assert_eq!(lint_core::report::concise::printable("a\u{1b}[31mb"), "a\u{fffd}[31mb");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    safe(text).into_owned()
}

/// The same, of nearly all texts as they are.
fn safe(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if is_unprintable(c) { '\u{FFFD}' } else { c }).collect()
}

/// Whether a terminal would act on a character rather than show it.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{2028}' | '\u{2029}'
            | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
