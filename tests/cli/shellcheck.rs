//! `--shellcheck`, with a small program that answers as ShellCheck does.

use crate::tree::{FORMATS, Tree};

/// Where a shell linter is built in, it stands in for the program.
const BUILT_IN: bool = cfg!(feature = "shell-lint");

const DOCKERFILE: &str = "FROM debian:12\nRUN a \\\n  # why\n  b $x\n";

#[test]
fn nothing_configured_can_name_a_program() {
    let tree = Tree::new(&[("Dockerfile", DOCKERFILE), (".plimsoll.yaml", "shellcheck: ./evil\n")]);
    let run = tree.run(&["."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(".plimsoll.yaml:1:1: unknown key `shellcheck`"), "{run:?}");
}

#[test]
fn a_program_that_is_none_is_refused_before_anything_is_linted() {
    let tree = Tree::new(&[("Dockerfile", DOCKERFILE)]);
    for (program, why) in [
        ("./missing", "cannot be run: "),
        ("no-such-program-anywhere", "cannot be run: "),
        ("Dockerfile", "cannot be run: "),
        (".", "cannot be run: "),
    ] {
        let run = tree.run(&["Dockerfile", "--shellcheck", program]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with(&format!("error: --shellcheck: {program} {why}")), "{run:?}");
    }
}

#[test]
fn a_selection_that_nothing_serves_is_told() {
    if BUILT_IN {
        return;
    }
    let tree = Tree::new(&[("Dockerfile", "FROM debian:12\n"), ("a/Dockerfile", "FROM debian:12\n")]);
    for select in ["shellcheck", "shellcheck/SC2086", "sc2086"] {
        let run = tree.run(&["Dockerfile", "--extend-select", select]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(
            run.stderr.starts_with(&format!("error: `{select}` is selected, and nothing here")),
            "{run:?}"
        );
    }
    // A configuration is shared with those whose Plimsoll can do it.
    tree.write("a/.plimsoll.yaml", b"select: [shellcheck/SC2086]\nseverity: {SC2046: high, SC2016: off}\n");
    let run = tree.run(&["a"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.starts_with("warning: `shellcheck/SC2086` is selected, and nothing here"), "{run:?}");
    // Neither is what stands for many rules, nor what is only rated or left out.
    tree.write(
        "a/.plimsoll.yaml",
        b"profile: audit\nignore: [shellcheck, SC2086]\nseverity: {SC2046: high}\n",
    );
    assert!(!tree.run(&["a"]).stderr.contains("warning"));
    assert!(!tree.run(&["a", "--isolated", "--select", "all"]).stderr.contains("warning"));
}

#[test]
fn codes_are_explained_and_listed() {
    let tree = Tree::new(&[]);
    let rule = tree.run(&["rule", "sc2086"]);
    assert!(rule.stdout.starts_with("# shellcheck/SC2086\n\nAn unquoted variable is split"), "{rule:?}");
    assert!(rule.stdout.contains("https://www.shellcheck.net/wiki/SC2086"));
    assert!(tree.run(&["rule", "shellcheck/SC4242"]).stdout.contains("wiki/SC4242"));
    assert_eq!(tree.run(&["rule", "SC208"]).code, 2);
    let rules = tree.run(&["rules"]).stdout;
    let how = if BUILT_IN { "they are built in" } else { "none is built in" };
    assert!(rules.contains("shellcheck/SC1000 and up") && rules.replace('\n', " ").contains(how), "{rules}");
    let known = tree.run_on(b"FROM scratch\n", &["check", "--ignore", "SC2086", "-"]);
    assert_ne!(known.code, 2, "{known:?}");
}

#[cfg(unix)]
mod with_a_program {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Finds every `$x`, and writes down how it was called.
    const FAKE: &str = r##"#!/bin/sh
here=$(dirname "$0")
if [ "$1" = --version ]; then
    printf 'ShellCheck - shell script analysis tool\nversion: 0.11.0\n'
    exit 0
fi
echo "$* opts=$SHELLCHECK_OPTS" >> "$here/calls"
while [ "$1" != -- ]; do shift; done
shift
awk 'BEGIN { printf "{\"comments\":[" }
    at = index($0, "$x") {
        printf "%s{\"file\":\"%s\",\"line\":%d,\"endLine\":%d,\"column\":%d,\"endColumn\":%d,", sep, FILENAME, FNR, FNR, at, at + 2
        printf "\"level\":\"info\",\"code\":2086,\"message\":\"Double quote it.\",\"fix\":null}"
        sep = ","
    }
    END { print "]}" }' "$@"
exit 1
"##;

    fn tree(files: &[(&str, &str)], program: &str) -> Tree {
        let tree = Tree::new(files);
        let path = tree.write("bin/shellcheck", program.as_bytes());
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        tree
    }

    fn concise(tree: &Tree, args: &[&str]) -> (i32, Vec<String>) {
        let run =
            tree.run(&[&["--output-format", "concise", "--shellcheck", "bin/shellcheck"], args].concat());
        assert_eq!(run.stderr, "", "{args:?}");
        let lines = run.stdout.lines().filter(|line| line.contains("shellcheck/"));
        (run.code, lines.map(str::to_owned).collect())
    }

    #[test]
    fn findings_lie_where_they_are_written() {
        let heredocs = "FROM alpine\nRUN <<-E\n\techo $x\n\tE\nRUN cat <<A && b\n $x\nA\nSHELL [\"bash\", \"-ec\"]\nRUN c $x\n";
        let tree = tree(&[("Dockerfile", DOCKERFILE), ("b/Dockerfile", heredocs)], FAKE);
        let (code, lines) = concise(&tree, &["--jobs", "1", "Dockerfile", "b"]);
        assert_eq!(code, 1);
        assert_eq!(
            lines,
            [
                "Dockerfile:4:5: info: Double quote it [shellcheck/SC2086]",
                "b/Dockerfile:3:7: info: Double quote it [shellcheck/SC2086]",
                "b/Dockerfile:6:2: info: Double quote it [shellcheck/SC2086]",
                "b/Dockerfile:9:7: info: Double quote it [shellcheck/SC2086]",
            ]
        );
        // A process for each dialect.
        let calls = tree.read("bin/calls");
        let mut calls: Vec<&str> = calls.lines().collect();
        calls.sort_unstable();
        assert_eq!(
            calls,
            [
                "--norc -f json1 -s bash -- 0 opts=",
                "--norc -f json1 -s busybox -- 0 1 opts=",
                "--norc -f json1 -s dash -- 0 opts=",
            ]
        );
    }

    #[test]
    fn many_scripts_are_few_processes_and_each_is_judged_once() {
        let runs: String = (0..450).map(|n| format!("RUN a{n} $x\n")).collect();
        let text = format!("FROM debian\n{runs}{runs}");
        let tree = tree(&[("Dockerfile", &text)], FAKE);
        let args =
            ["--shellcheck", "bin/shellcheck", "--fix", "--unsafe-fixes", "--jobs", "1", "--statistics"];
        let run = tree.command(&args).env("SHELLCHECK_OPTS", "-e SC2086").output().expect("it runs");
        let shown = String::from_utf8(run.stdout).expect("it is text");
        assert!(shown.contains("900"), "{shown}");
        let calls = tree.read("bin/calls");
        assert_eq!(calls.lines().count(), 3, "{calls}");
        assert!(calls.lines().all(|call| call.ends_with("opts=")));
    }

    #[test]
    fn the_program_selects_unless_somebody_has_said_what() {
        let tree = tree(&[("Dockerfile", DOCKERFILE)], FAKE);
        let count = |args: &[&str]| concise(&tree, args).1.len();
        assert_eq!(count(&[]), 1);
        assert_eq!(count(&["--select", "root-user"]), 1);
        assert_eq!(count(&["--select", "SC2086"]), 1);
        assert_eq!(count(&["--select", "SC2046"]), 0);
        assert_eq!(count(&["--ignore", "shellcheck/SC2086"]), 0);
        assert_eq!(count(&["--ignore", "shellcheck"]), 0);
        tree.write(".plimsoll.yaml", b"extend-select: [SC2046]\n");
        assert_eq!(count(&[]), 0);
        tree.write(".plimsoll.yaml", b"severity: {SC2086: critical}\nper-file-ignores: {x: [shellcheck]}\n");
        assert!(concise(&tree, &[]).1[0].contains(" error: "));
        tree.write(".plimsoll.yaml", b"per-file-ignores: {Dockerfile: [shellcheck]}\n");
        assert_eq!(count(&[]), 0);
    }

    #[test]
    fn without_the_flag_no_program_is_run() {
        let tree = tree(&[("Dockerfile", DOCKERFILE)], FAKE);
        let path = format!("{}:/usr/bin:/bin", tree.path().join("bin").display());
        tree.run_with(&[("PATH", &path)], &["Dockerfile", "--profile", "audit"]);
        assert!(!tree.path().join("bin/calls").exists());
        // A bare name is looked for in PATH.
        let run = tree.run_with(&[("PATH", &path)], &["Dockerfile", "--shellcheck", "shellcheck"]);
        assert!(run.stdout.contains("shellcheck/SC2086"), "{run:?}");
    }

    #[test]
    fn every_format_tells_them() {
        let tree = tree(&[("Dockerfile", DOCKERFILE)], FAKE);
        for format in FORMATS {
            let run = tree.run(&[
                "Dockerfile",
                "--select=SC2086",
                "--shellcheck=bin/shellcheck",
                "--output-format",
                format,
            ]);
            assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{format}");
            assert!(run.stdout.contains("SC2086"), "{format}: {}", run.stdout);
        }
        let sarif = tree.run(&[
            "Dockerfile",
            "--select=SC2086",
            "--shellcheck=bin/shellcheck",
            "--output-format=sarif",
        ]);
        let log: serde_json::Value = serde_json::from_str(&sarif.stdout).expect("it is JSON");
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
        assert_eq!(rule["id"], "shellcheck/SC2086");
        assert_eq!(rule["helpUri"], "https://www.shellcheck.net/wiki/SC2086");
    }

    #[test]
    fn a_baseline_accepts_them() {
        let tree = tree(&[("Dockerfile", DOCKERFILE)], FAKE);
        let args = |more: &[&'static str]| {
            [&["Dockerfile", "--select=SC2086", "--shellcheck=bin/shellcheck"], more].concat()
        };
        assert_eq!(tree.run(&args(&["--write-baseline", "b.json"])).code, 0);
        assert_eq!(tree.run(&args(&["--baseline", "b.json"])).code, 0);
    }

    #[test]
    fn whatever_goes_wrong_is_told_and_fails_the_run() {
        let version =
            "#!/bin/sh\nif [ \"$1\" = --version ]; then echo ShellCheck; echo version: 0.11.0; exit 0; fi\n";
        for (program, why) in [
            (format!("{version}echo nonsense\n"), "answered with something else than its format json1"),
            (
                format!(
                    "{version}echo '{{\"comments\":[{{\"file\":\"7\",\"line\":1,\"endLine\":1,\"column\":1,\"endColumn\":1,\"level\":\"info\",\"code\":2086,\"message\":\"\"}}]}}'\n"
                ),
                "answered with something else",
            ),
            (
                format!("{version}echo 'no such dialect' >&2; exit 4\n"),
                "failed with exit code 4: no such dialect",
            ),
            (format!("{version}kill -9 $$\n"), "failed with a signal: without a word"),
        ] {
            let tree = tree(&[("Dockerfile", DOCKERFILE)], &program);
            let run =
                tree.run(&["Dockerfile", "--shellcheck", "./bin/shellcheck", "--select=SC2086,root-user"]);
            assert_eq!(run.code, 2, "{run:?}");
            let error = format!("error: Dockerfile:2: --shellcheck: ./bin/shellcheck {why}");
            assert!(run.stderr.starts_with(&error), "{run:?}");
        }
        for program in ["#!/bin/sh\necho hello\n", "#!/bin/sh\nexit 1\n", "#!/bin/sh\necho version: 0.11.0\n"]
        {
            let tree = tree(&[("Dockerfile", DOCKERFILE)], program);
            let run = tree.run(&["Dockerfile", "--shellcheck", "bin/shellcheck"]);
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
            assert!(run.stderr.contains("bin/shellcheck is not ShellCheck"), "{run:?}");
        }
    }
}
