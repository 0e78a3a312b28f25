//! `plimsoll rules`.

use std::fmt::Write as _;

use lint_core::report::rules::{history, json};
use lint_core::rules::catalogue;
use lint_core::{Category, Fixable, Profile, Release, RuleMeta};
use owo_colors::OwoColorize as _;

use crate::args::RulesArgs;
use crate::args::values::RulesFormat;
use crate::commands::Exit;
use crate::commands::page::{self, fill};
use crate::output;
use crate::render::severity_cell;
use crate::shell_lint;
use crate::terminal::Terminal;

pub(crate) fn run(args: &RulesArgs) -> Result<Exit, String> {
    let mut rules = catalogue();
    if args.fixable {
        rules.retain(|rule| rule.fixable != Fixable::Never);
    }
    if let Some(release) = args.since {
        return since(args, &rules, release);
    }
    let text = match args.output_format {
        RulesFormat::Text => {
            let terminal = Terminal::stdout(args.color);
            format!(
                "{}\n{}\n",
                text(&rules, args.fixable, terminal),
                fill(&shell_lint::about(), 0, terminal.width.unwrap_or(110))
            )
        }
        RulesFormat::Json => json(rules),
        RulesFormat::Markdown => markdown(&rules),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

/// What came after a release.
fn since(args: &RulesArgs, rules: &[&'static RuleMeta], release: Release) -> Result<Exit, String> {
    let events = history::since(rules, release);
    let text = match args.output_format {
        RulesFormat::Json => {
            let touched = rules.iter().filter(|rule| events.iter().any(|event| event.rule.name == rule.name));
            json(touched.copied())
        }
        RulesFormat::Text | RulesFormat::Markdown if events.is_empty() => {
            format!("No rule came or was changed after {release}; this is {}.\n", Release::CURRENT)
        }
        RulesFormat::Text => page::text(&plain(&events), Terminal::stdout(args.color)),
        RulesFormat::Markdown => history::markdown(&events, RuleMeta::url),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

/// A terminal has no use for the target of a link on each line.
fn plain(events: &[history::Event]) -> String {
    let text = history::markdown(events, |_| String::new());
    text.replace("]()", "`").replace("- [", "- `")
}

/// One line for each rule, under its category; on a terminal too narrow for it, more.
fn text(rules: &[&RuleMeta], tells_fixes: bool, terminal: Terminal) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for category in Category::ALL.iter().copied() {
        let rules: Vec<_> = rules.iter().filter(|rule| rule.category == category).collect();
        if rules.is_empty() {
            continue;
        }
        let heading = category.name();
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = match terminal.colour {
            true => writeln!(text, "{gap}{}", heading.bold()),
            false => writeln!(text, "{gap}{heading}"),
        };
        for rule in rules {
            let severity = severity_cell(rule.severity, 8, terminal.colour);
            // Most rules run by default; the others say when.
            let profile = match rule.profile {
                _ if rule.preview => " (preview)".to_owned(),
                Profile::Default => String::new(),
                profile => format!(" ({})", profile.name()),
            };
            let fixes = rule.fixable.in_words().filter(|_| tells_fixes);
            let fixes = fixes.map(|words| format!(" [{words}]")).unwrap_or_default();
            let summary = format!("{}{profile}{fixes}", rule.summary());
            let summary = match terminal.width {
                Some(columns) => fill(&summary, 2 + 8 + 2 + width + 2, columns),
                None => summary,
            };
            let _ = writeln!(text, "  {severity}  {:width$}  {summary}", rule.name);
        }
    }
    text
}

fn markdown(rules: &[&RuleMeta]) -> String {
    let mut text =
        "| rule | severity | category | profile | what it finds |\n|---|---|---|---|---|\n".to_owned();
    for rule in rules {
        let _ = writeln!(
            text,
            "| [{name}]({url}) | {severity} | {category} | {profile} | {summary} |",
            name = rule.name,
            url = rule.url(),
            severity = rule.severity,
            category = rule.category.name(),
            profile = rule.profile.name(),
            summary = rule.summary().replace('|', "\\|"),
        );
    }
    text
}
