//! What programs read: no escape codes, no colours unless asked for, and a document even when there is nothing to say.

use serde_json::Value;

use crate::tree::{CLEAN, FORMATS, PRIVILEGED, Run, SELECT, Tree};

/// Of a project whose files, names and services try to reach the terminal.
fn hostile() -> Tree {
    let esc = "\u{1b}]8;;https://evil.example\u{7}\u{1b}[31m\u{9b}2J";
    // YAML has its own way to write them, and Compose would take the names as they are.
    let compose = "services:\n  \"a\\e[31m\":\n    image: \"x\\e]8;;https://evil.example\\a\"\n    privileged: true\n    user: \"\\x9b2J\"\n";
    let tree = Tree::new(&[("compose.yaml", compose), ("bad.yaml", &format!("ignore: [\"{esc}\"]\n"))]);
    if cfg!(unix) {
        tree.write("d\u{1b}[31m/Dockerfile", b"FROM scratch\nUSER root\n");
    }
    tree.write("Dockerfile", format!("FROM alpine:{esc}\nRUN {esc}\nUSRE root\n").as_bytes());
    tree.write("daemon.json", format!("{{\"icc\": \"{esc}\"}}").as_bytes());
    tree
}

fn has_no_escapes(run: &Run, args: &[&str]) {
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{args:?}: {text:?}");
    }
}

#[test]
fn pipes_carry_no_escape_codes() {
    let tree = hostile();
    for format in FORMATS {
        for more in [&[] as &[&str], &["--show-baselined", "--baseline", "base.json"], &["--verbose"]] {
            let args =
                [&["check", "--profile=audit", "--output-format", format, ".", "missing"], more].concat();
            has_no_escapes(&tree.run(&args), &args);
        }
        let args = ["--write-baseline=base.json", "--output-format", format];
        has_no_escapes(&tree.run(&args), &args);
    }
    let commands: &[&[&str]] = &[
        &["--diff", "--unsafe-fixes", "--profile=audit"],
        &["--statistics", "--profile=audit"],
        &["--show-files"],
        &["--accessible", "--profile=audit"],
        &["--config", "bad.yaml"],
        &["--ignore", "\u{1b}[1m"],
        &["\u{1b}[1m"],
        &["--wrong"],
        &["--help"],
        &["audit"],
        &["audit", "--output-format=markdown"],
        &["audit", "--output-format=json"],
        &["audit", "--output-format=html"],
        &["project"],
        &["project", "-f", "missing\u{1b}[1m"],
        &["rules"],
        &["rules", "--output-format=markdown"],
        &["rule", "--all"],
        &["rule", "\u{1b}[1m"],
        &["config", "show"],
        &["config", "show", "--config=bad.yaml"],
        &["config", "path", "\u{1b}[1m"],
        &["config", "schema"],
        &["config", "migrate", "bad.yaml"],
        &["completions", "bash"],
        &["version"],
    ];
    for args in commands {
        has_no_escapes(&tree.run(args), args);
    }
}

/// Colour can be forced for whoever pages through output; what a file says still does not reach the terminal.
#[test]
fn forced_colour_lets_no_code_of_a_file_through() {
    let tree = hostile();
    for args in [
        &["check", "--color=always", "--profile=audit"] as &[&str],
        &["audit", "--color", "always"],
        &["project", "--color", "always"],
        &["--diff", "--color=always", "--profile=audit"],
    ] {
        let run = tree.run(args);
        for text in [&run.stdout, &run.stderr] {
            assert!(
                !text.contains("evil.example\u{7}") && !text.contains(['\u{9b}', '\u{7}']),
                "{args:?}: {text:?}"
            );
        }
    }
    for args in [&["rules", "--color", "always"] as &[&str], &["rule", "root-user", "--color", "always"]] {
        let (coloured, plain) =
            (tree.run(args), tree.run(&[&args[..args.len() - 2], &["--color=never"]].concat()));
        assert!(coloured.stdout.contains('\u{1b}') && !plain.stdout.contains('\u{1b}'), "{args:?}");
    }
    let accessible = tree.run(&["project", "--accessible"]);
    assert!(accessible.stdout.contains("Begin snippet"), "{accessible:?}");
}

/// Every machine format, of a clean file and of a directory where nothing is found.
#[test]
fn nothing_found_is_a_document_too() {
    let clean = Tree::new(&[("compose.yaml", CLEAN)]);
    let empty = Tree::new(&[("note.txt", "")]);
    for format in FORMATS {
        let runs = [&clean, &empty].map(|tree| tree.run(&[SELECT, "--output-format", format]));
        assert_eq!(runs.each_ref().map(|run| run.code), [0, 0], "{format}");
        assert_eq!(runs[0].stderr, "");
        assert_eq!(runs[1].stderr, "warning: no Dockerfiles or Compose files found here\n", "{format}");
        for run in &runs {
            let json =
                || serde_json::from_str::<Value>(&run.stdout).unwrap_or_else(|e| panic!("{format}: {e}"));
            match format {
                "json" | "gitlab" => assert_eq!(json(), Value::Array(Vec::new())),
                "sarif" => assert_eq!(json()["runs"][0]["results"], Value::Array(Vec::new())),
                "rdjson" => assert_eq!(json()["diagnostics"], Value::Array(Vec::new())),
                "junit" => {
                    assert!(run.stdout.starts_with("<?xml ") && run.stdout.contains("<testsuites"), "{run:?}")
                }
                "checkstyle" => {
                    assert!(
                        run.stdout.starts_with("<?xml ") && run.stdout.contains("<checkstyle"),
                        "{run:?}"
                    );
                }
                "json-lines" | "concise" | "github" => assert_eq!(run.stdout, ""),
                _ => assert!(run.stdout.contains("o problems"), "{format}: {run:?}"),
            }
        }
    }
}

#[test]
fn a_failed_run_leaves_documents_too() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    for (format, begin) in [
        ("json", "["),
        ("sarif", "{"),
        ("gitlab", "["),
        ("rdjson", "{"),
        ("junit", "<?xml"),
        ("markdown", "### Plimsoll could not"),
    ] {
        let run = tree.run(&[SELECT, "--output-format", format, "missing"]);
        assert_eq!((run.code, run.stderr.as_str()), (2, "error: missing: no such file or directory\n"));
        assert!(run.stdout.starts_with(begin), "{format}: {run:?}");
    }
}
