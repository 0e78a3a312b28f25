//! `--statistics`: a line for each rule that found something.

use std::fmt::Write as _;

use lint_core::Report;
use lint_core::report::statistics::counts;
use lint_core::report::tally::Tally;

use crate::commands::page::fill;
use crate::render::{Look, severity_cell, summary};

/// How many findings each rule has, the most frequent first, and a summary.
pub(crate) fn statistics(report: &Report, look: Look) -> String {
    let counts = counts(report);
    let number = counts.iter().map(|count| count.count.to_string().len()).max().unwrap_or(0);
    let name = counts.iter().map(|count| count.code.len()).max().unwrap_or(0);
    let mut out = String::new();
    for count in &counts {
        let severity = severity_cell(count.severity, 8, look.terminal.colour);
        let summary = match look.terminal.width {
            Some(columns) => fill(count.summary, number + 2 + 8 + 2 + name + 2, columns),
            None => count.summary.to_owned(),
        };
        let _ = writeln!(out, "{:>number$}  {severity}  {:name$}  {summary}", count.count, count.code);
    }
    if look.summary {
        if !counts.is_empty() {
            out.push('\n');
        }
        let tally = Tally::of(&report.findings);
        out.push_str(&summary::line(report, &tally, tally.findings, look));
    }
    out
}
