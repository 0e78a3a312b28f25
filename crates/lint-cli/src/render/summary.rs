//! The last line.

use std::collections::{BTreeSet, HashSet};

use lint_core::finding::severity::Severity;
use lint_core::report::Report;

use crate::render::group::Group;

/// `Found 3 problems (1 critical, 2 low) in 2 files; 45 files checked.`, with a line end.
///
/// Each group is a problem, since each has a rule and a severity of its own. Where settings that services lack are put
/// together, fewer things are `shown` than there are problems, and that is said.
pub(crate) fn line(report: &Report, groups: &[Group<'_>], shown: usize) -> String {
    let unreadable: HashSet<&str> = report.unreadable.iter().map(|(name, _)| name.as_str()).collect();
    let checked = report.linted.iter().filter(|name| !unreadable.contains(name.as_str())).count();
    let checked = format!("{} checked.", count(checked, "file"));
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
    format!(
        "Found {} ({}) in {}{together}; {checked}\n",
        count(groups.len(), "problem"),
        severities.join(", "),
        count(files.len(), "file"),
    )
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
