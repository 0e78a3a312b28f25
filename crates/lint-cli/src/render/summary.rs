//! The last line.

use std::collections::HashSet;

use lint_core::Report;
use lint_core::report::tally::Tally;

use crate::commands::page::fill;
use crate::render::Look;

/// How many problems can be fixed, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fixable {
    /// With `--fix`; with `--fix --unsafe-fixes` when that was asked for.
    pub(crate) now: usize,
    /// How many more with `--unsafe-fixes`.
    pub(crate) with_unsafe: usize,
}

impl Fixable {
    /// `[*] 2 fixable with --fix.`, if there are any.
    pub(crate) fn sentence(self) -> Option<String> {
        match (self.now, self.with_unsafe) {
            (0, 0) => None,
            (now, 0) => Some(format!("[*] {now} fixable with --fix.")),
            (0, more) => Some(format!("[*] {more} fixable with --fix --unsafe-fixes.")),
            (now, more) => Some(format!("[*] {now} fixable with --fix, {more} more with --unsafe-fixes.")),
        }
    }
}

/// `Found 3 problems (1 critical, 2 low) in 2 files; 45 files checked.`, with a line end.
///
/// Each finding is a problem, as in every other format. Where several are told as one, fewer things are `shown` than there
/// are problems, and that is said.
pub(crate) fn line(report: &Report, tally: &Tally, shown: usize, look: Look) -> String {
    let unreadable: HashSet<&str> = report.unreadable.iter().map(|(name, _)| name.as_str()).collect();
    let checked = report.linted.iter().filter(|name| !unreadable.contains(name.as_str())).count();
    // Whoever reads that nothing was found should not have to remember that a baseline is in force.
    let accepted = match report.baselined.len() {
        0 => String::new(),
        number => format!(", {} accepted by the baseline", count(number, "finding")),
    };
    let checked = format!("{} checked{accepted}.", count(checked, "file"));
    if tally.findings == 0 {
        return format!("No problems found; {checked}\n");
    }
    let together = if shown < tally.findings { format!(", shown as {shown}") } else { String::new() };
    let fixable = look.fixable.sentence().map(|sentence| format!(" {sentence}")).unwrap_or_default();
    let line = format!("Found {}{together}; {checked}{fixable}", tally.in_words());
    match look.terminal.width {
        Some(columns) => format!("{}\n", fill(&line, 0, columns)),
        None => format!("{line}\n"),
    }
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
