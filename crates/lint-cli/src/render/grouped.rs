//! `--output-format grouped`: a heading for each file, and a line for each problem below it.

use std::fmt::Write as _;

use lint_core::Report;
use lint_core::report::concise::printable;
use owo_colors::OwoColorize as _;

use crate::commands::page::fill;
use crate::render::group::{self, Group};
use crate::render::{Look, severity_cell, summary};

/// The findings by file, and a summary.
pub(crate) fn grouped(report: &Report, look: Look) -> String {
    let groups = group::groups(&report.findings);
    let mut out = String::new();
    for file in groups.chunk_by(|a, b| a.finding.file().name() == b.finding.file().name()) {
        let Some(first) = file.first() else { continue };
        let name = printable(first.finding.file().name());
        let name = if look.terminal.colour { name.bold().to_string() } else { name };
        let _ = writeln!(out, "{name}");
        let width = file.iter().map(|group| place(group).len()).max().unwrap_or(0);
        for group in file {
            let mut message = printable(&group.finding.message);
            if let Some(services) = group.services() {
                let _ = write!(message, "; {}", printable(&services));
            }
            let rule = format!("[{}]", group.finding.rule.name);
            let mut text = format!("{message} {rule}");
            if let Some(columns) = look.terminal.width {
                text = fill(&text, 2 + width + 2 + 8 + 2, columns);
            }
            if let (true, Some(head)) = (look.terminal.colour, text.strip_suffix(&rule)) {
                text = format!("{head}{}", rule.dimmed());
            }
            let severity = severity_cell(group.finding.severity, 8, look.terminal.colour);
            let _ = writeln!(out, "  {:>width$}  {severity}  {text}", place(group));
        }
        out.push('\n');
    }
    if look.summary {
        out.push_str(&summary::line(report, &groups, groups.len(), look));
    }
    out
}

fn place(group: &Group<'_>) -> String {
    let at = group.finding.file().line_column(group.finding.span().start());
    format!("{}:{}", at.line, at.column)
}
