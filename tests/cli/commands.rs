//! The commands besides `check`.

use serde_json::Value;

use crate::tree::{CLEAN, PRIVILEGED, SELECT, Tree};

#[test]
fn rules_are_listed_one_a_line() {
    let tree = Tree::new(&[]);
    let text = tree.run(&["rules"]);
    assert_eq!((text.code, text.stderr.as_str()), (0, ""));
    let line = text.stdout.lines().find(|line| line.contains("  privileged-service ")).expect("it is listed");
    assert!(line.starts_with("  critical  privileged-service "), "{line}");
    let json: Value = serde_json::from_str(&tree.run(&["rules", "--output-format", "json"]).stdout).unwrap();
    let rules = json.as_array().unwrap();
    assert_eq!(rules.len(), text.stdout.lines().filter(|line| line.starts_with("  ")).count());
    let fixable = tree.run(&["rules", "--fixable"]).stdout;
    assert!(fixable.contains("from-as-casing") && fixable.contains(" [fixable (safe)]"), "{fixable}");
    assert!(!fixable.contains("image-without-digest"), "{fixable}");
    let markdown = tree.run(&["rules", "--output-format", "markdown"]).stdout;
    assert!(markdown.contains("\n| [privileged-service](https://"), "{markdown}");
    assert_eq!(markdown.lines().count(), rules.len() + 2);
}

#[test]
fn a_rule_is_explained_by_any_of_its_names() {
    let tree = Tree::new(&[]);
    let page = tree.run(&["rule", "privileged-service"]);
    assert_eq!(page.code, 0);
    assert!(
        page.stdout.starts_with("# privileged-service\n\n") && page.stdout.contains("\n## Why\n"),
        "{page:?}"
    );
    for alias in ["CL-0002", "cl-0002", "PRIVILEGED-SERVICE", "CIS-5.5"] {
        assert_eq!(tree.run(&["rule", alias]), page, "{alias}");
    }
    assert_eq!(tree.run(&["explain", "CL-0002", "privileged-service"]), page);
    let json: Value =
        serde_json::from_str(&tree.run(&["rule", "CL-0002", "--output-format=json"]).stdout).unwrap();
    assert_eq!(json[0]["name"], "privileged-service");
    let all = tree.run(&["rule", "--all", "--output-format", "markdown"]).stdout;
    assert!(all.contains("\n# unused-ignore\n") && all.contains("# privileged-service\n"));
    assert_eq!(tree.run(&["rule"]).code, 2);
}

#[test]
fn a_rule_that_does_not_exist_is_an_error_with_what_was_meant() {
    let tree = Tree::new(&[]);
    let stderr = |args: &[&str]| {
        let run = tree.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        run.stderr
    };
    insta::assert_snapshot!(stderr(&["rule", "privileged-servise"]), @r"
    error: there is no rule `privileged-servise`; did you mean `privileged-service`?
    ");
    insta::assert_snapshot!(stderr(&["rule", "CL-0002", "XY-99"]), @r"
    error: there is no rule `XY-99`; `plimsoll rules` lists them
    ");
}

#[test]
fn completions_exist_for_the_usual_shells() {
    let tree = Tree::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell", "nushell"] {
        let run = tree.run(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("plimsoll") && run.stdout.contains("output-format"), "{shell}");
    }
    assert_eq!(tree.run(&["completions", "dos"]).code, 2);
}

#[test]
fn manual_pages_exist_for_every_command() {
    let tree = Tree::new(&[("man/.keep", "")]);
    let run = tree.run(&["man"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for part in [".TH plimsoll 1", ".SH NAME", ".SH OPTIONS", "\\-\\-output\\-format", "plimsoll\\-audit(1)"]
    {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert_eq!(tree.run(&["man", "--directory", "man"]).code, 0);
    for name in ["plimsoll", "plimsoll-check", "plimsoll-audit", "plimsoll-config-show", "plimsoll-rule"] {
        let page = tree.read(&format!("man/{name}.1"));
        assert!(page.contains(&format!(".TH {name} 1")) && page.contains(".SH SYNOPSIS"), "{name}: {page}");
    }
    assert!(!tree.path().join("man/plimsoll-man.1").exists());
    assert_eq!(tree.run(&["man", "--directory", "nowhere"]).code, 2);
}

#[test]
fn the_version_is_the_packages() {
    let tree = Tree::new(&[]);
    let version = concat!("plimsoll ", env!("CARGO_PKG_VERSION"), "\n");
    for args in [&["version"] as &[&str], &["--version"], &["-V"]] {
        let run = tree.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (0, version));
    }
    let json: Value =
        serde_json::from_str(&tree.run(&["version", "--output-format", "json"]).stdout).unwrap();
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn check_is_what_happens_without_a_command() {
    let tree = Tree::new(&[("compose.yaml", CLEAN), ("rules", "FROM scratch\n")]);
    assert_eq!(tree.run(&[SELECT]), tree.run(&["check", SELECT]));
    assert_eq!(tree.checked(&["rules"]), ["rules (dockerfile)"]);
    assert_eq!(tree.run(&["./rules", SELECT]).code, 0);
    assert!(tree.run(&["help", "check"]).stdout.contains("--fail-on"));
}

/// What `audit` has in common with `check` does the same.
#[test]
fn an_audit_chooses_files_and_fails_as_check_does() {
    let tree = Tree::new(&[
        (".gitignore", "hidden/\n"),
        ("a/compose.yaml", PRIVILEGED),
        ("b/Dockerfile", "FROM alpine:3.21\n"),
        ("hidden/compose.yaml", PRIVILEGED),
        ("stack", PRIVILEGED),
        ("empty/note.txt", ""),
    ]);
    let shown = |args: &[&str]| {
        let run = tree.run(&[&["audit", "--show-files"], args].concat());
        run.stdout.lines().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shown(&[]), "a/compose.yaml b/Dockerfile");
    assert_eq!(shown(&["--jobs", "1", "--respect-gitignore"]), "a/compose.yaml b/Dockerfile");
    assert_eq!(shown(&["--no-respect-gitignore"]), "a/compose.yaml b/Dockerfile hidden/compose.yaml");
    assert_eq!(shown(&["--exclude", "a"]), "b/Dockerfile");
    assert_eq!(shown(&["--extend-exclude=b"]), "a/compose.yaml");
    assert_eq!(shown(&["--exclude=b", "--force-exclude", "b/Dockerfile", "a"]), "a/compose.yaml");
    assert_eq!(shown(&["--type", "compose", "stack"]), "stack");
    assert_eq!(tree.run(&["audit", "empty"]).code, 0);
    assert_eq!(tree.run(&["audit", "--error-on-no-files", "empty"]).code, 2);
    assert_eq!(tree.run(&["audit", "missing"]).stderr, "error: missing: no such file or directory\n");

    assert_eq!(tree.run(&["audit", "a"]).code, 1);
    assert_eq!(tree.run(&["audit", "--fail-on", "never", "a"]).code, 0);
    assert_eq!(tree.run(&["audit", "--exit-zero", "a"]).code, 0);
    assert_eq!(tree.run(&["audit", "--since", "missing.json", "a"]).code, 2);
    assert_eq!(tree.run(&["audit", "--fail-on", "strict", "a"]).code, 2);
    let old = tree.run(&["audit", "--benchmark", "1.13.0", "--output-file", "report.txt", "a"]);
    assert_eq!((old.code, old.stdout.as_str()), (2, ""), "no such version: {old:?}");
    let written = tree.run(&["audit", "--benchmark=1.8.0", "--output-file", "report.txt", "a"]);
    assert_eq!((written.code, written.stdout.as_str()), (1, ""));
    assert_eq!(tree.read("report.txt"), tree.run(&["audit", "a"]).stdout);
    let piped = tree.run_on(PRIVILEGED.as_bytes(), &["audit", "--stdin-filename", "x/compose.yaml", "-"]);
    assert!(piped.code == 1 && piped.stdout.contains("x/compose.yaml:4"), "{piped:?}");
    // What a service builds is another file, which may not be read then.
    let built = Tree::new(&[
        ("compose.yaml", "services:\n  web:\n    build: .\n"),
        ("Dockerfile", "FROM alpine:3.21\nUSER root\n"),
    ]);
    let followed = built.run(&["audit", "--output-format=json", "compose.yaml"]).stdout;
    let alone = built.run(&["audit", "--output-format=json", "--no-follow", "compose.yaml"]).stdout;
    assert!(followed.contains("\"Dockerfile\"") && !alone.contains("\"Dockerfile\""), "{alone}");
}
