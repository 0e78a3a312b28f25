//! The last line.

use std::collections::{BTreeSet, HashSet};

use lint_core::{Report, Severity};

use crate::commands::page::fill;
use crate::render::Look;
use crate::render::group::Group;

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
/// Each group is a problem, since each has a rule and a severity of its own. Where settings that services lack are put
/// together, fewer things are `shown` than there are problems, and that is said.
pub(crate) fn line(report: &Report, groups: &[Group<'_>], shown: usize, look: Look) -> String {
    let unreadable: HashSet<&str> = report.unreadable.iter().map(|(name, _)| name.as_str()).collect();
    let checked = report.linted.iter().filter(|name| !unreadable.contains(name.as_str())).count();
    // Whoever reads that nothing was found should not have to remember that a baseline is in force.
    let accepted = match report.baselined.len() {
        0 => String::new(),
        number => format!(", {} accepted by the baseline", count(number, "finding")),
    };
    let checked = format!("{} checked{accepted}.", count(checked, "file"));
    if groups.is_empty() {
        return format!("No problems found; {checked}\n");
    }
    let severities: Vec<String> = Severity::ALL
        .into_iter()
        .map(|severity| (groups.iter().filter(|group| group.finding.severity == severity).count(), severity))
        .filter(|&(number, _)| number > 0)
        .map(|(number, severity)| format!("{number} {severity}"))
        .collect();
    let files: BTreeSet<&str> = groups.iter().map(|group| group.finding.file().name()).collect();
    let together = if shown < groups.len() { format!(", shown as {shown}") } else { String::new() };
    let fixable = look.fixable.sentence().map(|sentence| format!(" {sentence}")).unwrap_or_default();
    let line = format!(
        "Found {} ({}) in {}{together}; {checked}{fixable}",
        count(groups.len(), "problem"),
        severities.join(", "),
        count(files.len(), "file"),
    );
    match look.terminal.width {
        Some(columns) => format!("{}\n", fill(&line, 0, columns)),
        None => format!("{line}\n"),
    }
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
