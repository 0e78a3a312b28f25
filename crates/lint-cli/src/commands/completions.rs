//! `plimsoll completions`.

use std::collections::BTreeSet;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory as _};
use clap_complete::{Generator, generate};
use clap_complete_nushell::Nushell;
use lint_core::rules::catalogue;
use lint_core::{Category, Reference};

use crate::args::values::Shell;
use crate::args::{Cli, CompletionsArgs};
use crate::commands::Exit;
use crate::output;

/// The flags whose values name rules.
const SELECTORS: [&str; 5] = ["select", "extend_select", "ignore", "fixable", "unfixable"];

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, String> {
    let script = match args.shell {
        Shell::Bash => script(clap_complete::Shell::Bash),
        Shell::Elvish => script(clap_complete::Shell::Elvish),
        Shell::Fish => script(clap_complete::Shell::Fish),
        Shell::Nushell => script(Nushell),
        Shell::Powershell => script(clap_complete::Shell::PowerShell),
        Shell::Zsh => script(clap_complete::Shell::Zsh),
    };
    output::print(&script)?;
    Ok(Exit::Clean)
}

fn script(shell: impl Generator) -> String {
    // The generator panics when it cannot write, as into a closed pipe.
    let mut script = Vec::new();
    generate(shell, &mut with_rules(Cli::command()), "plimsoll", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The command line with the rules as the values that there are. Only completions take them from there: a list of
/// two hundred names would bury the help, and what is typed is checked elsewhere, with a better word for a mistake.
fn with_rules(command: Command) -> Command {
    let selectors = selectors();
    let named = |arg: Arg, values: &BTreeSet<String>| {
        arg.value_parser(PossibleValuesParser::new(values.iter().cloned()))
    };
    let select = |mut command: Command| {
        for flag in SELECTORS {
            command = command.mut_arg(flag, |arg| named(arg, &selectors));
        }
        command
    };
    let names = names();
    select(command)
        .mut_subcommand("check", select)
        .mut_subcommand("rule", |rule| rule.mut_arg("names", |arg| named(arg, &names)))
}

/// What a selection may name: rules, and words for many.
fn selectors() -> BTreeSet<String> {
    let words = ["all", "security"].into_iter().chain(Category::ALL.iter().map(|category| category.name()));
    words.chain(catalogue().iter().map(|rule| rule.name)).map(str::to_owned).collect()
}

/// What a rule is asked for by: its own name and those that other linters have for it. Sentences, which some of them
/// have for names, are left out: no shell completes over blanks.
fn names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rule in catalogue() {
        names.insert(rule.name.to_owned());
        names.extend(rule.formerly.iter().map(|name| (*name).to_owned()));
        names.extend(rule.cis().map(|cis| format!("CIS-{}", cis.number())));
        names.extend(rule.references.iter().map(Reference::id).filter(|id| is_word(id)));
    }
    names
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_that_names_rules_is_completed() {
        let command = with_rules(Cli::command());
        let check = command.find_subcommand("check").unwrap();
        let takes_rules = |arg: &&Arg| {
            arg.get_value_names().is_some_and(|names| names.iter().any(|name| name.as_str() == "RULE,..."))
        };
        let flags: Vec<_> = check.get_arguments().filter(takes_rules).collect();
        assert_eq!(flags.len(), SELECTORS.len());
        for flag in flags {
            assert!(flag.get_possible_values().iter().any(|value| value.get_name() == "root-user"), "{flag}");
        }
    }

    #[test]
    fn rules_are_completed_by_what_others_call_them() {
        let names = names();
        for name in ["root-user", "DL3002", "CKV_DOCKER_3", "CL-0002", "CIS-5.5", "SecretsUsedInArgOrEnv"] {
            assert!(names.contains(name), "{name}");
        }
        assert!(names.iter().all(|name| !name.contains(' ')));
    }
}
