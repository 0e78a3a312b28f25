//! Every flag that `--help` shows is used by some test here.

use std::collections::BTreeSet;

use crate::tree::Tree;

const TESTS: [&str; 9] = [
    include_str!("../baseline.rs"),
    include_str!("../config.rs"),
    include_str!("commands.rs"),
    include_str!("discovery.rs"),
    include_str!("exit_codes.rs"),
    include_str!("fix.rs"),
    include_str!("output.rs"),
    include_str!("shellcheck.rs"),
    include_str!("stdin.rs"),
];

#[test]
fn every_flag_is_tested() {
    let tree = Tree::new(&[]);
    let mut flags = BTreeSet::new();
    let commands = [
        "check",
        "rules",
        "rule",
        "completions",
        "version",
        "config",
        "config show",
        "config path",
        "config schema",
        "config init",
        "config migrate",
    ];
    for command in commands {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = tree.run(&words);
        assert_eq!((help.code, help.stderr.as_str()), (0, ""));
        let shown = help.stdout.lines().filter_map(|line| line.trim_start().strip_prefix('-'));
        flags.extend(shown.flat_map(|line| line.split([' ', ',', '=']).take(3)).filter_map(|word| {
            let long = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
            (!long.is_empty() && long != "help").then(|| format!("--{long}"))
        }));
    }
    assert!(flags.len() > 20, "{flags:?}");
    let is_tested = |flag: &str| {
        TESTS.iter().any(|t| t.contains(&format!("\"{flag}\"")) || t.contains(&format!("\"{flag}=")))
    };
    let untested: Vec<_> = flags.iter().filter(|flag| !is_tested(flag)).collect();
    assert!(untested.is_empty(), "no test uses {untested:?}");
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
