//! What a clone holds: modes and ignored files are those that Git has, and Git is not run to learn them.

#[path = "cli/tree.rs"]
mod tree;

use std::process::Command;

use tree::Tree;

const RULES: &str = "--select=file-ignored-by-git,script-not-executable";

const COMPOSE: &str = "services:\n  app:\n    build: .\n    env_file: app.env\n";

const DOCKERFILE: &str = "FROM debian:13\nCOPY start.sh /start.sh\nUSER 1000\nENTRYPOINT [\"/start.sh\"]\n";

fn tree(ignored: &str) -> Tree {
    Tree::new(&[
        ("compose.yaml", COMPOSE),
        ("Dockerfile", DOCKERFILE),
        ("start.sh", "#!/bin/sh\nexec \"$@\"\n"),
        ("app.env", "A=1\n"),
        (".gitignore", ignored),
    ])
}

/// Runs git; `false` where there is none.
fn git(tree: &Tree, args: &[&str]) -> bool {
    let ran = Command::new("git").args(args).current_dir(tree.path()).env("HOME", tree.path()).output();
    match ran {
        Ok(output) => output.status.success(),
        Err(_) => {
            eprintln!("not tested: git is not installed");
            false
        }
    }
}

fn found(tree: &Tree) -> String {
    tree.run(&["check", "--isolated", "--output-format", "concise", RULES, "."]).stdout
}

#[test]
fn without_a_repository_the_patterns_decide() {
    let told = "compose.yaml:4:15: info: Git ignores `app.env`";
    assert!(found(&tree("*.env\n")).starts_with(told), "{}", found(&tree("*.env\n")));
    for ignored in ["", "/conf/*.env\n", "*.env\n!app.env\n", "# app.env\n"] {
        assert_eq!(found(&tree(ignored)), "", "{ignored}");
    }
}

#[test]
fn the_index_says_what_is_tracked_and_what_can_be_run() {
    let tree = tree("*.env\n");
    if !(git(&tree, &["init", "-q"]) && git(&tree, &["add", "-A"])) {
        return;
    }
    let both = found(&tree);
    assert!(both.contains("Dockerfile:4:1: error: Git has `start.sh` without the executable bit"), "{both}");
    assert!(both.contains("Git ignores `app.env`") && both.lines().count() == 2, "{both}");
    assert!(git(&tree, &["update-index", "--chmod=+x", "start.sh"]) && git(&tree, &["add", "-f", "app.env"]));
    assert_eq!(found(&tree), "");
    // An index that is none says nothing.
    tree.write(".git/index", b"DIRC\0\0\0\x02\xff\xff\xff\xff");
    assert!(!found(&tree).contains("start.sh"));
}
