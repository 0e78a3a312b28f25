//! `--output-format grouped`: a heading for each file, directory or rule, and a line for each problem below it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use lint_core::report::concise::printable;
use lint_core::report::digest::{Digest, GroupBy, Item, Problem, Sort, directory};
use lint_core::{Report, Severity};
use owo_colors::OwoColorize as _;

use crate::commands::page::fill;
use crate::render::{Look, severity_cell, summary};

/// The findings below the names of their files, and a summary.
pub(crate) fn grouped(report: &Report, look: Look) -> String {
    let group_by = look.group_by.unwrap_or(GroupBy::File);
    let digest = Digest::of(report, Sort::Path, GroupBy::None);
    let problems = digest.items().filter_map(|item| match item {
        Item::Problem(problem) => Some(problem),
        _ => None,
    });
    let mut groups: BTreeMap<String, Vec<&Problem<'_>>> = BTreeMap::new();
    for problem in problems {
        let file = problem.finding.file().name();
        let key = match group_by {
            GroupBy::None => String::new(),
            GroupBy::Rule => problem.finding.rule.name.to_owned(),
            GroupBy::Directory => directory(file).to_owned(),
            _ => file.to_owned(),
        };
        groups.entry(key).or_default().push(problem);
    }
    let mut groups: Vec<(String, Vec<&Problem<'_>>)> = groups.into_iter().collect();
    if look.sort.unwrap_or_default() == Sort::Severity {
        groups.sort_by_key(|(_, problems)| Reverse(worst(problems)));
    }
    let mut out = String::new();
    let mut shown = 0;
    for (name, mut problems) in groups {
        match look.sort {
            Some(Sort::Severity) => problems.sort_by_key(|problem| Reverse(problem.finding.severity)),
            Some(Sort::Rule) => problems.sort_by_key(|problem| problem.finding.rule.name),
            _ => {}
        }
        shown += problems.len();
        section(&mut out, &name, &problems, group_by, look);
    }
    if look.summary {
        out.push_str(&summary::line(report, &digest.tally, shown, look));
    }
    out
}

fn worst(problems: &[&Problem<'_>]) -> Option<Severity> {
    problems.iter().map(|problem| problem.finding.severity).max()
}

fn section(out: &mut String, name: &str, problems: &[&Problem<'_>], group_by: GroupBy, look: Look) {
    if !name.is_empty() {
        let name = printable(name);
        let name = if look.terminal.colour { name.bold().to_string() } else { name };
        let _ = writeln!(out, "{name}");
    }
    let place = |problem: &Problem<'_>| match group_by {
        GroupBy::None | GroupBy::Rule | GroupBy::Directory => printable(&problem.finding.location()),
        _ => {
            let at = problem.finding.file().line_column(problem.finding.span().start());
            format!("{}:{}", at.line, at.column)
        }
    };
    let width = problems.iter().map(|problem| place(problem).chars().count()).max().unwrap_or(0);
    for problem in problems {
        let mut message = printable(&problem.finding.message);
        if let Some(services) = problem.services() {
            let _ = write!(message, "; {}", printable(&services));
        }
        let rule = format!("[{}]", problem.finding.rule.name);
        let mut text = format!("{message} {rule}");
        if let Some(columns) = look.terminal.width {
            text = fill(&text, 2 + width + 2 + 8 + 2, columns);
        }
        if let (true, Some(head)) = (look.terminal.colour, text.strip_suffix(&rule)) {
            text = format!("{head}{}", rule.dimmed());
        }
        let severity = severity_cell(problem.finding.severity, 8, look.terminal.colour);
        let _ = writeln!(out, "  {:>width$}  {severity}  {text}", place(problem));
    }
    out.push('\n');
}
