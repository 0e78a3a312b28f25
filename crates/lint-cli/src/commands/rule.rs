//! `plimsoll rule`.

use lint_core::RuleMeta;
use lint_core::config::unknown_rule;
use lint_core::report::rules::{json, markdown};
use lint_core::rules::{catalogue, find};

use crate::args::RuleArgs;
use crate::args::values::RulesFormat;
use crate::commands::{Exit, page};
use crate::output;
use crate::terminal::Terminal;

pub(crate) fn run(args: &RuleArgs) -> Result<Exit, String> {
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
    format!("\n{}", rule.url())
}

/// The rules that names stand for, each once, in the order they were asked for.
fn named(names: &[String]) -> Result<Vec<&'static RuleMeta>, String> {
    let mut rules: Vec<&RuleMeta> = Vec::new();
    for name in names {
        let found = find(name.trim());
        if found.is_empty() {
            return Err(unknown_rule(name.trim()));
        }
        for rule in found {
            if !rules.iter().any(|known| known.name == rule.name) {
                rules.push(rule);
            }
        }
    }
    Ok(rules)
}
