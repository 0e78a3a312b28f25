//! What shell linters find in Dockerfiles: the one of the feature `shell-lint`, where the tests are built with it, and the
//! real ShellCheck, where one is on the machine. Without either there is nothing to test here.

#[path = "cli/tree.rs"]
mod tree;

use tree::Tree;

/// The arguments that bring in each linter there is.
fn linters() -> Vec<Vec<&'static str>> {
    let mut linters = Vec::new();
    if cfg!(feature = "shell-lint") {
        linters.push(vec![]);
    }
    if std::process::Command::new("shellcheck")
        .arg("--version")
        .output()
        .is_ok_and(|run| run.status.success())
    {
        linters.push(vec!["--shellcheck", "shellcheck"]);
    }
    linters
}

/// The codes found, with line, column and the text under them.
fn found(tree: &Tree, linter: &[&str]) -> Vec<String> {
    let run = tree.run(&[&["--select", "shellcheck", "--output-format", "json", "."], linter].concat());
    assert_eq!(run.stderr, "");
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let text = tree.read("Dockerfile");
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let number = |finding: &serde_json::Value, key: &str| finding[key].as_u64().expect("a number") as usize;
    let findings = findings.as_array().expect("an array").iter().map(|finding| {
        let code = finding["code"].as_str().expect("a name").trim_start_matches("shellcheck/");
        let (line, from, to) =
            (number(finding, "line"), number(finding, "column"), number(finding, "endColumn"));
        let end = if number(finding, "endLine") == line { to - 1 } else { lines[line - 1].len() };
        let part: String = lines[line - 1][from - 1..end].iter().collect();
        format!("{code} {line}:{from} {part}")
    });
    findings.collect()
}

fn check(text: &str, expected: &[&str]) {
    for linter in linters() {
        let tree = Tree::new(&[("Dockerfile", text)]);
        assert_eq!(found(&tree, &linter), expected, "{linter:?}: {text}");
    }
}

#[test]
fn findings_point_at_what_they_are_about() {
    check("FROM debian:12\nRUN a \\\n  # why\n\n  && é $x\n", &["SC2086 5:8 $x", "SC2154 5:8 $x"]);
    check("FROM debian:12\nRUN a \"\\\n  x\" `id`\n", &["SC2006 3:6 `id`", "SC2046 3:6 `id`"]);
    check("# escape=`\nFROM debian:12\nRUN a `\n\t$X\n", &["SC2086 4:2 $X"]);
    check("FROM debian:12\nRUN <<-E\n\ta\n\t\tb $X\n\tE\n", &["SC2086 4:5 $X"]);
    check("FROM debian:12\nRUN cat <<-A >f && b $X\n\t$(id $Y)\n\tA\n", &["SC2086 2:22 $X", "SC2086 3:7 $Y"]);
    check("FROM debian:12\nONBUILD RUN a $X\nCMD a $X\n", &["SC2086 2:15 $X", "SC2086 3:7 $X"]);
    check("FROM debian:12\nRUN [\"bash\", \"-c\", \"a \\\"é\\\" $X\"]\n", &["SC2086 2:29 $X"]);
}

#[test]
fn what_the_build_sets_is_set() {
    let declared = "FROM debian:12\nARG version=1.2\nARG other\nENV lower=x\n";
    check(&format!("{declared}RUN a $version \"$other\" $lower $UPPER\"x\"\n"), &["SC2086 5:32 $UPPER"]);
    check(&format!("{declared}RUN a $other\n"), &["SC2086 5:7 $other"]);
    check("FROM debian:12\nRUN a \"$http_proxy\"\n", &[]);
    for from in ["debian:12", "alpine:3", "example.com/base"] {
        let text = format!("FROM {from}\nRUN a && export A=1 B=/x:$C && make A=$C\n");
        check(&text, &["SC2086 2:39 $C"]);
    }
    check("FROM debian:12\nENV A=1\nRUN A=2 && b\n", &[]);
    check("FROM debian:12\nRUN A=2 && b\n", &["SC2034 2:5 A"]);
    // The base image may set anything.
    check("FROM example.com/base\nRUN a \"$x\"; JAVA_HOME=/x && mvn\n", &[]);
    check("FROM debian:12\nCMD a \"$x\"\n", &[]);
    check("FROM debian:12\nRUN cd /x; a\n", &["SC2164 2:5 cd /x"]);
    check("FROM debian:12\nSHELL [\"/bin/sh\", \"-ec\"]\nRUN cd /x; a\n", &[]);
    check("FROM debian:12\nRUN <<E\n#!/bin/sh -e\ncd /x\na\nE\n", &[]);
}

#[test]
fn what_sh_lacks_is_told_where_it_is_known_which_it_is() {
    let test = |from: &str| format!("FROM {from}\nRUN [[ -e /x ]] && a\n");
    check(&test("debian:12"), &["SC3010 2:5 [[ -e /x ]]"]);
    check(&test("python:3.12-slim"), &["SC3010 2:5 [[ -e /x ]]"]);
    for from in ["alpine:3", "fedora:40", "example.com/base"] {
        check(&test(from), &[]);
    }
    check("FROM alpine:3\nRUN cat <(a)\n", &["SC3001 2:9 <(a)"]);
    check("FROM debian:12\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN [[ -e /x ]] && a\n", &[]);
    check("FROM debian:12\nRUN ln -sf bash /bin/sh\nRUN [[ -e /x ]] && a\n", &[]);
}

#[test]
fn nothing_is_said_of_other_languages_nor_of_what_is_no_script() {
    for text in [
        "FROM debian:12\nRUN <<E\n#!/usr/bin/env python3\nprint($x)\nE\n",
        "FROM debian:12\nSHELL [\"pwsh\", \"-Command\"]\nRUN $x = `id`\n",
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN echo $x `id`\n",
        "FROM debian:12\nRUN [\"a\", \"$x\"]\nCMD ['a', '$x']\n",
        "FROM debian:12\nRUN . /etc/os-release && source /x/y\nCOPY <<E /x\n`id` $x\nE\n",
        "FROM debian:12\n",
    ] {
        // `source` is another matter than what it reads.
        check(&text.replace(" && source /x/y", ""), &[]);
    }
}

#[test]
fn comments_in_the_script_and_above_it_silence() {
    for comment in ["shellcheck disable=SC2086", "hadolint ignore=SC2086", "plimsoll: ignore[SC2086] why"] {
        check(&format!("FROM debian:12\n# {comment}\nRUN a $X\nRUN a $X\n"), &["SC2086 4:7 $X"]);
    }
    check("FROM debian:12\nRUN <<E\nb\n# shellcheck disable=SC2086\na $X\na $X\nE\n", &["SC2086 6:3 $X"]);
    // At the head of a script it holds for all of it, whatever the build sets.
    let head = "RUN <<E\n# shellcheck disable=SC2086\na $X\nb $A\na $X\nE\n";
    check(&format!("FROM debian:12\n{head}"), &[]);
    check(&format!("FROM debian:12\nENV A=1\n{head}"), &[]);
}

#[test]
fn no_file_is_read_but_the_dockerfile() {
    let text = "FROM debian:12\nRUN <<E\n. ./lib.sh\na \"$from_lib\"\nE\n";
    for linter in linters() {
        let tree = Tree::new(&[("Dockerfile", text), ("lib.sh", "from_lib=1\necho $X\n")]);
        assert_eq!(found(&tree, &linter), ["SC2154 4:4 $from_lib"], "{linter:?}");
    }
}

#[test]
fn hostile_scripts_end() {
    if !cfg!(feature = "shell-lint") {
        return;
    }
    for part in [
        "$(",
        "(",
        "{ ",
        "if a; then ",
        "`",
        "${a:-",
        "$((",
        "\"$(",
        "case a in a) ",
        "f() { ",
        "echo $a;",
        "“",
        "<<a ",
    ] {
        let script = part.repeat(6000 / part.len());
        let tree = Tree::new(&[("Dockerfile", &format!("FROM debian:12\nRUN a {script}\n"))]);
        let run = tree.run(&["--select", "shellcheck", "--output-format", "json", "Dockerfile"]);
        assert!(matches!(run.code, 0 | 1), "{part}: {}", run.stderr);
    }
}
