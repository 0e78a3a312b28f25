//! The screen below more findings than fit on one: where to begin.

use std::fmt::Write as _;

use lint_core::Report;
use lint_core::report::concise::printable;
use lint_core::report::digest::Overview;
use owo_colors::OwoColorize as _;

use crate::render::{Look, severity_cell};

/// How many rules and how many directories are named; with the lines around them they fill a screen of 24 lines.
const RULES: usize = 12;
const DIRECTORIES: usize = 5;

/// The rules with the worst first, and the directories.
pub(super) fn overview(report: &Report, look: Look) -> String {
    let overview = Overview::of(report);
    let mut out = String::new();
    heading(&mut out, look, "Where to begin");
    let number = overview.rules.iter().map(|line| line.count.to_string().len()).max().unwrap_or(0);
    let name = overview.rules.iter().take(RULES).map(|line| line.first.rule.name.len()).max().unwrap_or(0);
    for line in overview.rules.iter().take(RULES) {
        let severity = severity_cell(line.severity, 8, look.terminal.colour);
        let more = if line.count > 1 { format!(" and {} more", line.count - 1) } else { String::new() };
        let before = 2 + 8 + 2 + number + 2 + name + 2;
        let place = cut(&printable(&line.first.location()), look, before + more.len());
        let dimmed = if look.terminal.colour { more.dimmed().to_string() } else { more };
        let rule = line.first.rule.name;
        let _ = writeln!(out, "  {severity}  {:>number$}  {rule:name$}  {place}{dimmed}", line.count);
    }
    if overview.rules.len() > RULES {
        let rest = &overview.rules[RULES..];
        let findings: usize = rest.iter().map(|line| line.count).sum();
        let rules = if rest.len() == 1 { "1 rule".to_owned() } else { format!("{} rules", rest.len()) };
        let _ = writeln!(out, "  and {findings} more of {rules}; --statistics counts them all");
    }
    if overview.directories.len() > 1 {
        out.push('\n');
        let shown = overview.directories.iter().take(DIRECTORIES);
        let width = shown.clone().map(|line| line.path.chars().count()).max().unwrap_or(0).min(40);
        for line in shown {
            let path = printable(&line.path);
            let _ = writeln!(out, "  {path:width$}  {}", line.tally.severities_in_words());
        }
        let rest = &overview.directories[overview.directories.len().min(DIRECTORIES)..];
        if !rest.is_empty() {
            let findings: usize = rest.iter().map(|line| line.tally.findings).sum();
            let directories = if rest.len() == 1 { "directory" } else { "directories" };
            let _ = writeln!(out, "  and {findings} in {} more {directories}", rest.len());
        }
    }
    let _ = writeln!(out, "\n  For all of one: --select RULE --group-by none, or the name of a directory.\n");
    out
}

fn heading(out: &mut String, look: Look, text: &str) {
    let text = if look.terminal.colour { text.bold().underline().to_string() } else { text.to_owned() };
    let _ = writeln!(out, "{text}\n");
}

/// The end of a place that does not fit, since that tells places apart.
fn cut(place: &str, look: Look, taken: usize) -> String {
    let Some(columns) = look.terminal.width else { return place.to_owned() };
    let room = columns.saturating_sub(taken).max(12);
    let length = place.chars().count();
    if length <= room {
        return place.to_owned();
    }
    let ellipsis = if look.terminal.unicode { "…" } else { "..." };
    let kept = room.saturating_sub(ellipsis.chars().count());
    let end: String = place.chars().skip(length - kept).collect();
    format!("{ellipsis}{end}")
}
