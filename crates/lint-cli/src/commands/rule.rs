//! `plimsoll rule`.

use std::fmt::Write as _;

use lint_core::RuleMeta;
use lint_core::config::unknown_rule;
use lint_core::report::rules::{json, markdown};
use lint_core::rules::{Answer, answer, catalogue, find};

use crate::args::RuleArgs;
use crate::args::values::RulesFormat;
use crate::commands::{Exit, page};
use crate::output;
use crate::terminal::Terminal;

pub(crate) fn run(args: &RuleArgs) -> Result<Exit, String> {
    if let (RulesFormat::Text | RulesFormat::Markdown, false) = (args.output_format, args.all)
        && let Some(text) = left_out(&args.names)
    {
        output::print(&page::text(&text, Terminal::stdout(args.color)))?;
        return Ok(Exit::Clean);
    }
    let rules = if args.all { catalogue() } else { named(&args.names)? };
    let pages = |page: &dyn Fn(&RuleMeta) -> String| {
        rules.iter().map(|rule| page(rule)).collect::<Vec<_>>().join("\n")
    };
    let text = match args.output_format {
        RulesFormat::Text => {
            let terminal = Terminal::stdout(args.color);
            pages(&|rule| {
                page::text(&format!("{}\n{}\n", markdown(rule, 1).trim_end(), more(rule)), terminal)
            })
        }
        RulesFormat::Json => json(rules),
        RulesFormat::Markdown => pages(&|rule| format!("{}\n", markdown(rule, 1).trim_end())),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn more(rule: &RuleMeta) -> String {
    let mut text = format!("\nSince {}", rule.since);
    for change in rule.changes {
        let _ = write!(text, "\nChanged in {}: {}", change.version, change.what);
    }
    let _ = write!(text, "\n\n{}", rule.url());
    text
}

/// What is said of checks of other linters that are left out here; `None` unless that is true of all of the names.
fn left_out(names: &[String]) -> Option<String> {
    let mut text = String::new();
    for name in names {
        let name = name.trim();
        let Some(Answer::LeftOut(left_out)) = answer(name) else { return None };
        let _ =
            writeln!(text, "# {name}\n\nNo rule here: {}.\n\n## Why not\n{}", left_out.check, left_out.why);
    }
    Some(text)
}

/// The rules that names stand for, each once, in the order they were asked for.
fn named(names: &[String]) -> Result<Vec<&'static RuleMeta>, String> {
    let mut rules: Vec<&RuleMeta> = Vec::new();
    for name in names {
        let mut found = find(name.trim());
        if found.is_empty() {
            found = match answer(name.trim()) {
                Some(Answer::Rules(rules)) => rules.clone(),
                Some(Answer::LeftOut(left_out)) => {
                    return Err(format!(
                        "{}: no rule here: {}. {}",
                        name.trim(),
                        left_out.check,
                        left_out.why
                    ));
                }
                _ => return Err(unknown_rule(name.trim())),
            };
        }
        for rule in found {
            if !rules.iter().any(|known| known.name == rule.name) {
                rules.push(rule);
            }
        }
    }
    Ok(rules)
}
