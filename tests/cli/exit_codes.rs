//! 0, 1 and 2, and what is said with 2.

use crate::tree::{CLEAN, FORMATS, PRIVILEGED, SELECT, Tree};

#[test]
fn codes_are_the_same_for_every_format() {
    let tree = Tree::new(&[("clean/compose.yaml", CLEAN), ("bad/compose.yaml", PRIVILEGED)]);
    tree.write("broken/compose.yaml", b"services: [");
    tree.write("low/compose.yaml", b"services:\n  web:\n    image: a\n");
    tree.write("unknown-key.yaml", b"ignroe: []\n");
    tree.write("unknown-rule.yaml", b"ignore: [no-such-rule]\n");
    tree.write("no-yaml.yaml", b"ignore: [\n");
    tree.write("misconfigured/.plimsoll.yaml", b"fail-on: sometimes\n");
    tree.write("misconfigured/compose.yaml", CLEAN.as_bytes());
    let cases: &[(i32, &[&str])] = &[
        (0, &["clean"]),
        (1, &["bad"]),
        (1, &["broken"]),
        (1, &["clean", "bad"]),
        (0, &["bad", "--exit-zero"]),
        (0, &["bad", "--fail-on", "never"]),
        (1, &["bad", "--fail-on", "critical"]),
        (0, &["bad", "--ignore", "all"]),
        (1, &["low"]),
        (0, &["low", "--fail-on", "medium"]),
        (2, &["clean", "--config", "unknown-key.yaml"]),
        (2, &["clean", "--config", "unknown-rule.yaml"]),
        (2, &["clean", "--config", "no-yaml.yaml"]),
        (2, &["clean", "--config", "missing.yaml"]),
        (2, &["clean", "misconfigured"]),
        (2, &["bad", "--fail-on", "sometimes"]),
        (2, &["missing"]),
        (2, &["bad", "missing"]),
        (2, &["bad", "missing", "--exit-zero"]),
        (2, &["bad", "--select", "no-such-rule"]),
        (2, &["bad", "--no-such-flag"]),
        (2, &["bad", "-o", "no/such/directory/report"]),
    ];
    for (code, args) in cases {
        for format in FORMATS {
            let run = tree.run(&[&["check", SELECT, "--output-format", format], *args].concat());
            assert_eq!(run.code, *code, "{args:?} as {format}: {run:?}");
            if *code == 2 {
                assert!(run.stderr.contains("error: "), "{run:?}");
            } else {
                assert_eq!(run.stderr, "", "{args:?} as {format}");
            }
        }
    }
}

#[test]
fn low_findings_fail_by_default_and_less_only_on_request() {
    let low = "services:\n  web:\n    image: a\n";
    let tree = Tree::new(&[("compose.yaml", low)]);
    assert_eq!(tree.run(&[SELECT]).code, 1);
    assert_eq!(tree.run(&[SELECT, "--fail-on", "medium"]).code, 0);
    assert_eq!(tree.run(&[SELECT, "--fail-on", "style"]).code, 1);
    // hadolint's way to say the same.
    assert_eq!(tree.run(&[SELECT, "--failure-threshold", "Warning", "--no-color"]).code, 0);
    assert_eq!(tree.run(&[SELECT, "-t", "info"]).code, 1);
    assert_eq!(tree.run(&[SELECT, "--no-fail"]).code, 0);
    assert_eq!(tree.run_with(&[("PLIMSOLL_FAIL_ON", "medium")], &[SELECT]).code, 0);
    assert_eq!(tree.run_with(&[("PLIMSOLL_FAIL_ON", "medium")], &[SELECT, "--fail-on=low"]).code, 1);
}

#[test]
fn hidden_findings_still_fail_the_run_and_it_says_so() {
    let tree = Tree::new(&[("compose.yaml", "services:\n  web:\n    image: a\n")]);
    let run = tree.run(&[SELECT, "--min-severity", "high"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "No problems found; 1 file checked.\n"));
    insta::assert_snapshot!(run.stderr, @r"
    warning: findings that --min-severity hides fail the run; see --fail-on
    ");
    let run = tree.run(&[SELECT, "--min-severity", "high", "--fail-on", "high"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn a_broken_file_is_a_finding_and_the_others_are_linted() {
    let tree = Tree::new(&[("a/compose.yaml", "services: ["), ("b/compose.yaml", PRIVILEGED)]);
    let run = tree.run(&[SELECT, "--output-format", "concise", "--ignore", "writable-root-filesystem"]);
    assert_eq!(run.code, 1);
    let rules: Vec<_> = run.stdout.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(rules, ["[syntax-error]", "[privileged-service]"], "{}", run.stdout);
}

#[test]
fn what_cannot_be_read_is_told_in_one_line_each() {
    let tree = Tree::new(&[("good/compose.yaml", PRIVILEGED)]);
    tree.write("latin/compose.yaml", b"services:\n  web:\n    image: caf\xE9\n");
    tree.write("utf16/compose.yaml", b"\xFF\xFEs\0");
    tree.write("elf/Dockerfile", b"\x7FELF\0\0\xE9");
    tree.write("note.txt", b"nothing of ours");
    tree.write("Dockerfile.dockerignore", b"*");
    let run =
        tree.run(&[SELECT, "--output-format=concise", ".", "note.txt", "Dockerfile.dockerignore", "rules"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("good/compose.yaml:4:17: error: "), "{}", run.stdout);
    insta::assert_snapshot!(run.stderr, @r"
    note: elf/Dockerfile: not read: a binary file, not text
    error: Dockerfile.dockerignore: neither Dockerfile nor Compose file by its name or content; pass --type to say which it is
    error: note.txt: neither Dockerfile nor Compose file by its name or content; pass --type to say which it is
    error: rules: no such file or directory; it was read as a path, since a command must come first
    error: latin/compose.yaml:3:15: not UTF-8 text (byte 0xE9)
    error: utf16/compose.yaml: UTF-16 text, which Docker does not read; save it as UTF-8
    ");
    // What somebody named was meant.
    let named = tree.run(&[SELECT, "elf/Dockerfile"]);
    assert_eq!((named.code, named.stderr.as_str()), (2, "error: elf/Dockerfile: a binary file, not text\n"));
}

/// "No problems found" below an error would be read as a verdict.
#[test]
fn a_run_that_came_to_nothing_says_so_and_no_more() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    for (path, error) in [
        ("missing.yaml", "error: missing.yaml: no such file or directory\n"),
        ("chek", "error: chek: no such file or directory; there is a command `check`\n"),
    ] {
        let run = tree.run(&[SELECT, path]);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (2, "", error));
    }
    let run = tree.run(&[SELECT, "missing.yaml", "compose.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, "No problems found; 1 file checked.\n"));
}

#[test]
fn wrong_command_lines_are_told_with_what_was_meant() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    let stderr = |args: &[&str]| {
        let run = tree.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        run.stderr
    };
    insta::assert_snapshot!(stderr(&["--select", "privileged-servce"]), @r"
    error: --select: there is no rule `privileged-servce`; did you mean `privileged-service`?
    ");
    insta::assert_snapshot!(stderr(&["--ignore", "zzz"]), @r"
    error: --ignore: there is no rule `zzz`; `plimsoll rules` lists them
    ");
    insta::assert_snapshot!(stderr(&["--extend-select", "all,privlege"]), @r"
    error: --extend-select: there is no rule `privlege`; did you mean `privilege`?
    ");
    insta::assert_snapshot!(stderr(&["--fail-onn", "low"]), @r"
    error: unexpected argument '--fail-onn' found

      tip: a similar argument exists: '--fail-on'

    Usage: plimsoll --fail-on <SEVERITY> [PATH]...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(stderr(&["--fail-on", "bad"]), @r"
    error: invalid value 'bad' for '--fail-on <SEVERITY>'
      [possible values: critical, high, medium, low, style, never]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(stderr(&["--jobs", "0"]), @r"
    error: invalid value '0' for '--jobs <N>': expected a number from 1 to 1024

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(stderr(&["--build-arg", "NAME"]), @r"
    error: invalid value 'NAME' for '--build-arg <NAME=VALUE>': expected NAME=VALUE

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(stderr(&["--exclude", "[z-a]", "."]), @r"
    error: --exclude '[z-a]': error parsing glob '[z-a]': invalid range; 'z' > 'a'
    ");
    insta::assert_snapshot!(stderr(&["-o", "jsn=out"]), @r"
    error: --output-file: there is no format `jsn`; did you mean `json`?
    ");
    insta::assert_snapshot!(stderr(&["--stdin-filename", "Dockerfile"]), @r"
    error: --stdin-filename names what comes on standard input, but `-` is not among the paths
    ");
}

#[test]
fn variables_that_hold_nonsense_are_named() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    let stderr = |name: &str, value: &str| {
        let run = tree.run_with(&[(name, value)], &[SELECT]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}");
        run.stderr
    };
    insta::assert_snapshot!(stderr("PLIMSOLL_OUTPUT_FORMAT", "xml"), @r"
    error: invalid value 'xml' in PLIMSOLL_OUTPUT_FORMAT: expected one of full, concise, grouped, json, json-lines, sarif, github, gitlab, junit, checkstyle, rdjson, markdown
    ");
    insta::assert_snapshot!(stderr("PLIMSOLL_JOBS", "many"), @r"
    error: invalid value 'many' in PLIMSOLL_JOBS: expected a number from 1 to 1024
    ");
    insta::assert_snapshot!(stderr("PLIMSOLL_PROFILE", "lax"), @r"
    error: invalid value 'lax' in PLIMSOLL_PROFILE: expected one of default, strict, audit
    ");
    // CI systems set variables to nothing.
    let empty =
        ["PLIMSOLL_OUTPUT_FORMAT", "PLIMSOLL_JOBS", "PLIMSOLL_PROFILE", "PLIMSOLL_FAIL_ON"].map(|n| (n, ""));
    assert_eq!(tree.run_with(&empty, &[SELECT]).code, 0);
    let set = [("PLIMSOLL_OUTPUT_FORMAT", "json"), ("PLIMSOLL_JOBS", "2"), ("PLIMSOLL_PROFILE", "audit")];
    assert_eq!(tree.run_with(&set, &[SELECT]).stdout, "[]\n");
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_without_waiting_for_them() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    let made = std::process::Command::new("mkfifo").arg(tree.path().join("Dockerfile")).status();
    assert!(made.expect("mkfifo runs").success());
    let run = tree.run(&[SELECT, "Dockerfile", "/dev/zero"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @r"
    error: /dev/zero: not a regular file; pass `-` to read standard input
    error: Dockerfile: not a regular file; pass `-` to read standard input
    ");
    let run = tree.run(&[SELECT]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error_unless_nobody_reads_it() {
    use std::io::Read as _;
    use std::process::Stdio;

    let services: String =
        (0..2000).map(|n| format!("  s{n}:\n    image: a\n    privileged: true\n")).collect();
    let tree = Tree::new(&[("compose.yaml", &format!("services:\n{services}"))]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output =
        tree.command(&[SELECT]).stdout(full).stderr(Stdio::piped()).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    error: cannot write to standard output: No space left on device (os error 28)
    ");

    for args in [&["check", SELECT] as &[&str], &["rule", "--all"], &["completions", "bash"], &["--help"]] {
        let mut child =
            tree.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut stderr).expect("it is text");
        let code = child.wait().expect("it ends").code();
        assert_eq!((code, stderr.as_str()), (Some(i32::from(args[0] == "check")), ""), "{args:?}");
    }
}
