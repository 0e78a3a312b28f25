//! What strangers' files must not bring about: somebody else's secrets in the log, a terminal that obeys them.

use std::path::Path;

use crate::tree::{FORMATS, Run, Tree};

const SECRET: &str = "s3cr3tvalue";

fn run_in(tree: &Tree, directory: &str, args: &[&str]) -> Run {
    tree.command(args).current_dir(tree.path().join(directory)).output().expect("the binary runs").into()
}

/// A repository whose files name others outside of it, in every way there is.
#[cfg(unix)]
fn prying() -> Tree {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[
        ("out/creds", &format!("password={SECRET}\n")),
        ("out/list.yaml", &format!("secrets:\n  a: {SECRET}\n")),
        ("out/shadow", &format!("{SECRET}:$6$x:1\n")),
        ("repo/.git/config", &format!("[http]\n  extraheader = {SECRET}\n")),
        (
            "repo/compose.yaml",
            "include:\n  - path: more.yaml\n    env_file: ../out/creds\nservices:\n  a:\n    image: x:1\n    env_file: [../out/creds, linked.env, .git/config, /proc/self/environ]\n  b:\n    build: {context: ., dockerfile: ../out/shadow}\n  c:\n    extends: {file: ../out/list.yaml, service: a}\n  d:\n    build: {context: ., dockerfile: .git/config}\n",
        ),
        ("repo/more.yaml", "services:\n  e:\n    image: ${password}\n"),
        (
            "repo/other/compose.yaml",
            "include: [../../out/shadow, ../../out/list.yaml]\nservices:\n  a: {image: x}\n",
        ),
        ("repo/third/Dockerfile", "FROM a\n"),
    ]);
    for (target, link) in [
        ("../out/creds", "linked.env"),
        ("../out/shadow", "Dockerfile"),
        ("../out/list.yaml", "compose.linked.yaml"),
        ("../../out/shadow", "third/.plimsoll.yaml"),
        ("../../out/creds", "third/daemon.json"),
    ] {
        symlink(target, tree.path().join("repo").join(link)).expect("it can be made");
    }
    tree
}

#[cfg(unix)]
#[test]
fn nothing_is_shown_of_files_that_lie_outside() {
    let tree = prying();
    let all = ["--select=all", "--profile=audit"];
    let named: [&[&str]; 7] = [
        &["."],
        &["Dockerfile"],
        &["compose.linked.yaml"],
        &["third/daemon.json"],
        &["third"],
        &["other"],
        &["--type=dockerfile", "Dockerfile"],
    ];
    for format in FORMATS {
        for paths in named {
            let format = format!("--output-format={format}");
            let run = run_in(&tree, "repo", &[&all[..], &[&format], paths].concat());
            assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{paths:?} {run:?}");
        }
    }
    for args in [&["project"][..], &["project", "other"], &["project", "-f", "compose.linked.yaml"]] {
        let run = run_in(&tree, "repo", args);
        assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{run:?}");
    }
    let run = run_in(&tree, "repo", &["check", "-v", "compose.yaml", "more.yaml"]);
    assert!(run.stderr.contains("../out/creds: lies outside the repository"), "{run:?}");
    let run = run_in(&tree, "repo", &["check", "Dockerfile"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = run_in(&tree, "repo", &["check", "third"]);
    assert!(run.code == 2 && run.stderr.contains("a link to a file outside the repository"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn what_lies_outside_counts_where_it_is_named_or_plainly_ours() {
    let tree = prying();
    tree.write(
        "repo/compose.yaml",
        b"include: [../out/compose.yaml]\nservices: {a: {image: x, env_file: ../out/creds}}\n",
    );
    tree.write("out/compose.yaml", b"services:\n  far:\n    image: y\n");
    let run = run_in(&tree, "repo", &["project", "compose.yaml"]);
    assert!(run.stdout.contains("far:") && !run.stdout.contains(SECRET), "{run:?}");
    let run = run_in(&tree, "repo", &["check", "compose.yaml"]);
    assert!(run.stderr.contains("lies outside"), "{run:?}");
    let run = run_in(&tree, "repo", &["check", "compose.yaml", "../out"]);
    assert!(!run.stderr.contains("lies outside"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn names_reach_no_terminal_as_they_are() {
    let evil = "e\u{1b}[2J\u{9b}m\u{202e}\u{2066}\u{7}\n::error::x";
    let quoted = evil.replace('\u{1b}', "\\e").replace('\u{7}', "\\a").replace('\n', "\\n");
    let compose = format!(
        "services:\n  \"{quoted}\":\n    image: \"{quoted}\"\n    privileged: true\n    \"{quoted}\": 1\n    env_file: \"{quoted}\"\n    environment: {{\"{quoted}\": \"{quoted}\"}}\n    build: {{dockerfile: \"{quoted}\"}}\n"
    );
    let dockerfile = format!("FROM x AS \"{}\"\nUSER {0}\nRUN echo {0}\n", evil.replace('\n', " "));
    let name = |file: &str| format!("{evil}/{file}");
    let tree = Tree::new(&[(&name("compose.yaml"), &compose), (&name("Dockerfile"), &dockerfile)]);
    tree.write(&name("more/compose.yaml"), b"services: {a: {image: x, privileged: true}}\n");
    let is_evil = |c: char| {
        c != '\n' && (c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    let check = |args: &[&str]| {
        let run = tree.run(args);
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(is_evil), "{args:?} {text:?}");
            assert!(!text.lines().any(|line| line.starts_with("::error::x")), "{args:?} {text}");
        }
    };
    for format in FORMATS {
        check(&[
            "-v",
            "--select=all",
            "--profile=audit",
            &format!("--output-format={format}"),
            "--color=never",
            ".",
        ]);
    }
    check(&["--show-files", "."]);
    for format in ["text", "markdown", "json", "html"] {
        check(&["audit", "--output-format", format, "."]);
    }
    let more = name("more/compose.yaml");
    for args in [
        &["project", &more][..],
        &["project", "--provenance", &more],
        &["project", evil],
        &["config", "show", evil],
        &["--diff", "."],
    ] {
        check(args);
    }
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_read() {
    let tree = Tree::new(&[(
        "compose.yaml",
        "include: [/dev/zero, pipe.yaml, /proc/kmsg]\nservices: {a: {image: x, env_file: [/dev/random, pipe.yaml]}}\n",
    )]);
    let made = std::process::Command::new("mkfifo").arg(tree.path().join("pipe.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()) || !Path::new("/usr/bin/mkfifo").exists());
    let run = tree.run(&["--output-format=concise", "."]);
    assert!(run.stdout.contains("/dev/zero: not a regular file"), "{run:?}");
}
