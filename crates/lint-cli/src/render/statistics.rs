//! `--statistics`: a line for each rule that found something.

use std::fmt::Write as _;

use lint_core::Report;
use lint_core::report::statistics::counts;

use crate::render::{Look, group, severity_cell, summary};

/// How many findings each rule has, the most frequent first, and a summary.
pub(crate) fn statistics(report: &Report, look: Look) -> String {
    let counts = counts(report);
    let number = counts.iter().map(|count| count.count.to_string().len()).max().unwrap_or(0);
    let name = counts.iter().map(|count| count.code.len()).max().unwrap_or(0);
    let mut out = String::new();
    for count in &counts {
        let severity = severity_cell(count.severity, 8, look.terminal.colour);
        let _ =
            writeln!(out, "{:>number$}  {severity}  {:name$}  {}", count.count, count.code, count.summary);
    }
    if look.summary {
        if !counts.is_empty() {
            out.push('\n');
        }
        let groups = group::groups(&report.findings);
        out.push_str(&summary::line(report, &groups, groups.len(), look.fixable));
    }
    out
}
