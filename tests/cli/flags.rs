//! Every flag of every command is used by some test here.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::Tree;

const TESTS: [&str; 21] = [
    include_str!("../audit.rs"),
    include_str!("../baseline.rs"),
    include_str!("../config.rs"),
    include_str!("../diff.rs"),
    include_str!("../editors.rs"),
    include_str!("../outputs/sarif.rs"),
    include_str!("changed.rs"),
    include_str!("commands.rs"),
    include_str!("discovery.rs"),
    include_str!("editor.rs"),
    include_str!("exit_codes.rs"),
    include_str!("fix.rs"),
    include_str!("init.rs"),
    include_str!("output.rs"),
    include_str!("pipes.rs"),
    include_str!("project.rs"),
    include_str!("rule_sets.rs"),
    include_str!("shellcheck.rs"),
    include_str!("stdin.rs"),
    include_str!("suppressions.rs"),
    include_str!("variables.rs"),
];

/// The flags of each command, `config show` as two words. What `check` takes is taken without a command too.
fn commands() -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let mut commands = BTreeMap::new();
    let mut open = vec![(Vec::new(), lint_cli::command())];
    while let Some((words, command)) = open.pop() {
        let flags = command.get_arguments().filter_map(|arg| arg.get_long());
        let flags = flags.filter(|flag| !["help", "version"].contains(flag)).map(|flag| format!("--{flag}"));
        commands.insert(words.clone(), flags.collect());
        for inner in command.get_subcommands() {
            open.push(([&words[..], &[inner.get_name().to_owned()]].concat(), inner.clone()));
        }
    }
    commands
}

/// The items at the margin of a test file, functions among them.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n}\n")
}

/// Whether a test gives a flag to a command: the names of both are written in one function. `check` need not be named.
fn is_tested(words: &[String], flag: &str) -> bool {
    let says = |item: &str, word: &str| item.contains(&format!("\"{word}\""));
    TESTS.iter().flat_map(|text| items(text)).any(|item| {
        let command = match words {
            [] => true,
            [check] if check == "check" => true,
            words => words.iter().all(|word| says(item, word)),
        };
        command && (says(item, flag) || item.contains(&format!("\"{flag}=")))
    })
}

#[test]
fn every_flag_of_every_command_is_tested() {
    let commands = commands();
    assert!(commands.len() > 12 && commands.values().map(BTreeSet::len).sum::<usize>() > 100, "{commands:?}");
    let untested: Vec<String> = commands
        .iter()
        .flat_map(|(words, flags)| flags.iter().map(move |flag| (words, flag)))
        .filter(|(words, flag)| !is_tested(words, flag))
        .map(|(words, flag)| format!("{} {flag}", words.join(" ")))
        .collect();
    assert!(untested.is_empty(), "no test uses {untested:#?}");
}

#[test]
fn every_command_explains_itself_and_its_flags() {
    let tree = Tree::new(&[]);
    for (words, flags) in commands() {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let long = tree.run(&[&words[..], &["--help"]].concat());
        let short = tree.run(&[&words[..], &["-h"]].concat());
        for help in [&long, &short] {
            assert_eq!((help.code, help.stderr.as_str()), (0, ""), "{words:?}");
            assert!(help.stdout.contains("Usage: plimsoll") && !help.stdout.contains('\u{1b}'), "{help:?}");
            assert!(help.stdout.lines().all(|line| line.chars().count() <= 100), "{}", help.stdout);
        }
        let hidden = ["--no-color"];
        for flag in flags.iter().filter(|flag| !hidden.contains(&flag.as_str())) {
            let shown = long.stdout.split([' ', '\n', '[']).any(|word| word == flag);
            assert!(shown, "{flag} of {words:?} is not in its help");
        }
    }
}

/// A flag without a word of explanation helps nobody.
#[test]
fn every_flag_and_argument_says_what_it_is_for() {
    let mut open = vec![lint_cli::command()];
    while let Some(command) = open.pop() {
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            assert!(arg.get_help().is_some(), "{} {}", command.get_name(), arg.get_id());
        }
        assert!(command.get_about().is_some(), "{}", command.get_name());
        open.extend(command.get_subcommands().cloned());
    }
}

#[test]
fn help_at_the_top_shows_what_check_takes() {
    let tree = Tree::new(&[]);
    let options = |args: &[&str]| {
        let help = tree.run(args).stdout;
        let options: BTreeSet<String> =
            help.lines().filter(|l| l.trim_start().starts_with("--")).map(str::to_owned).collect();
        options
    };
    assert_eq!(options(&["--help"]), options(&["check", "--help"]));
    assert!(tree.run(&["-h"]).stdout.contains("Exit codes"));
}
