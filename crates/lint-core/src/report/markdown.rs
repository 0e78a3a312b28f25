//! `--output-format markdown`: a table for comments on pull requests and for job summaries.

use std::fmt::Write as _;

use crate::finding::finding::Finding;
use crate::report::Report;
use crate::report::concise::printable;
use crate::report::seen::count;
use crate::report::tally::Tally;

/// How long the text may become, in bytes: GitHub refuses comments of more than 65,536 characters.
const LENGTH: usize = 60_000;

/// A heading and a table, the worst first. What does not fit into a comment is counted below it.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// assert!(report::markdown::write(&lint).contains("root-user"));
/// ```
#[must_use]
pub fn write(report: &Report) -> String {
    let mut text = heading(report);
    let findings = report.worst_first();
    if !findings.is_empty() {
        text.push_str("\n| Severity | Place | Problem |\n| --- | --- | --- |\n");
    }
    for (written, finding) in findings.iter().enumerate() {
        let row = row(finding);
        if text.len() + row.len() > LENGTH {
            let _ = writeln!(text, "\n… and {}.", count(findings.len() - written, "more problem"));
            break;
        }
        text.push_str(&row);
    }
    let unseen = report.unreadable.len() + report.failures.len();
    if unseen > 0 {
        let _ = writeln!(text, "\n**{} could not be checked.**", count(unseen, "file"));
    }
    text
}

fn heading(report: &Report) -> String {
    if report.findings.is_empty() {
        return "### Plimsoll found no problems\n".to_owned();
    }
    let tally = Tally::of(&report.findings);
    format!(
        "### Plimsoll found {} in {}\n\n{}\n",
        count(tally.findings, "problem"),
        count(tally.files, "file"),
        tally.severities_in_words(),
    )
}

fn row(finding: &Finding) -> String {
    let help = finding.help.as_ref().map_or_else(String::new, |help| format!("<br>{}", prose(help)));
    format!(
        "| {} | {} | {}{help}<br>[{}]({}) |\n",
        finding.severity,
        code(&finding.location()),
        prose(&finding.message),
        finding.rule.name,
        finding.rule.url(),
    )
}

/// Our own sentences: text between backticks is code, and what else they quote from the file must not become
/// markup, a link or a mention.
pub(in crate::report) fn prose(text: &str) -> String {
    let text = printable(text);
    let parts: Vec<&str> = text.split('`').collect();
    // With an odd number of backticks one of them is quoted, and nobody knows which.
    if parts.len().is_multiple_of(2) {
        return escape(&text);
    }
    let parts = parts.iter().enumerate();
    parts.map(|(n, part)| if n % 2 == 1 { code(part) } else { escape(part) }).collect()
}

/// A code span, whatever the text holds.
pub(in crate::report) fn code(text: &str) -> String {
    let text = printable(text);
    if text.is_empty() {
        return String::new();
    }
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // One blank on each side goes again; it keeps backticks apart, and lets a span be blanks alone.
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    // A bar ends a cell even inside of code.
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

pub(in crate::report) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '&' | '$' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // Escaping does not keep GitHub from telling somebody; a character without width does.
            '@' => escaped.push_str("@\u{200B}"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_neither_markup_nor_mention() {
        assert_eq!(prose("a `b|c` <img> [x](y) @z"), "a `b\\|c` \\<img\\> \\[x\\](y) @\u{200B}z");
        assert_eq!(prose("one ` alone"), "one \\` alone");
        assert_eq!(prose("`a``b`"), "`a``b`");
        assert_eq!(code("x`y``"), "``` x`y`` ```");
        assert_eq!(prose("line\nbreak"), "line\u{FFFD}break");
    }
}
