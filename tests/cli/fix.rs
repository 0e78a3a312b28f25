//! `--fix` and what goes with it.

use crate::tree::{Run, Tree};

/// Two things a safe fix mends, and one that only an unsafe one does.
const DOCKERFILE: &str = "FROM alpine:3.20 as Base\nADD data /data\n";
const FIXED: &str = "FROM alpine:3.20 AS base\nADD data /data\n";
const RULES: &str =
    "--select=from-as-casing,stage-name-casing,add-instead-of-copy,obsolete-version,syntax-error";
const COMPOSE: &str = "version: \"3\"\nservices:\n  web:\n    image: a\n";

fn tree() -> Tree {
    Tree::new(&[("Dockerfile", DOCKERFILE)])
}

fn run(tree: &Tree, args: &[&str]) -> Run {
    tree.run(&[&[RULES, "--output-format=concise"], args].concat())
}

#[test]
fn safe_fixes_are_written_and_the_rest_is_reported() {
    let tree = tree();
    let first = run(&tree, &["--fix", "--show-fixes"]);
    assert_eq!(tree.read("Dockerfile"), FIXED);
    insta::assert_snapshot!(first.stdout, @r"
    Dockerfile:2:1: info: `ADD` unpacks archives and fetches addresses; this only copies [add-instead-of-copy]
    ");
    insta::assert_snapshot!(first.stderr, @r"
    note: fixed 2 problems in 1 file
    note: Dockerfile: 1 × from-as-casing: Write `AS`
    note: Dockerfile: 1 × stage-name-casing: Name the stage `base`
    ");
    assert_eq!(first.code, 1);
    let again = run(&tree, &["--fix"]);
    assert_eq!((tree.read("Dockerfile").as_str(), again.stderr.as_str()), (FIXED, ""));
    assert_eq!(again.stdout, first.stdout);
}

#[test]
fn unsafe_fixes_must_be_asked_for() {
    let tree = tree();
    let plain = tree.run(&[RULES, "--output-format=grouped"]);
    assert!(plain.stdout.ends_with("[*] 2 fixable with --fix, 1 more with --unsafe-fixes.\n"), "{plain:?}");
    let all = tree.run(&[RULES, "--output-format=grouped", "--unsafe-fixes"]);
    assert!(all.stdout.ends_with("[*] 3 fixable with --fix.\n"), "{all:?}");
    // Editors take every line of `concise` for a finding.
    assert!(!run(&tree, &[]).stdout.contains("[*]"));
    let fixed = run(&tree, &["--fix", "--unsafe-fixes"]);
    assert_eq!((fixed.code, fixed.stdout.as_str()), (0, ""), "{fixed:?}");
    assert_eq!(tree.read("Dockerfile"), FIXED.replace("ADD", "COPY"));
}

#[test]
fn a_diff_writes_nothing_and_fails_when_there_is_one() {
    let tree = Tree::new(&[("Dockerfile", DOCKERFILE), ("compose.yaml", COMPOSE)]);
    let diff = tree.run(&[RULES, "--diff"]);
    insta::assert_snapshot!(diff.stdout, @r#"
    --- Dockerfile
    +++ Dockerfile
    @@ -1,2 +1,2 @@
    -FROM alpine:3.20 as Base
    +FROM alpine:3.20 AS base
     ADD data /data
    --- compose.yaml
    +++ compose.yaml
    @@ -1,4 +1,3 @@
    -version: "3"
     services:
       web:
         image: a
    "#);
    assert_eq!((diff.code, diff.stderr.as_str()), (1, "note: would fix 3 problems in 2 files\n"));
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE);
    // It is only a look at --fix, whichever else is given.
    assert_eq!(tree.run(&[RULES, "--fix", "--diff"]), diff);
    assert_eq!(tree.run(&[RULES, "--diff", "--exit-zero"]).code, 0);
    run(&tree, &["--fix"]);
    let nothing = tree.run(&[RULES, "--diff"]);
    assert_eq!(nothing, Run { code: 0, stdout: String::new(), stderr: String::new() });
    assert_eq!(tree.run(&[RULES, "--diff", "--statistics"]).code, 2);
}

#[test]
fn fixing_only_says_nothing_of_the_rest() {
    let tree = tree();
    let only = run(&tree, &["--fix-only"]);
    let said = "note: fixed 2 problems in 1 file\n";
    assert_eq!((only.code, only.stdout.as_str(), only.stderr.as_str()), (0, "", said));
    assert_eq!(tree.read("Dockerfile"), FIXED);
}

#[test]
fn having_fixed_can_fail_the_run() {
    for flag in ["--fix", "--fix-only"] {
        let tree = Tree::new(&[("compose.yaml", COMPOSE)]);
        assert_eq!(run(&tree, &[flag, "--exit-non-zero-on-fix"]).code, 1);
        assert_eq!(run(&tree, &[flag, "--exit-non-zero-on-fix"]).code, 0);
    }
    let useless = run(&tree(), &["--exit-non-zero-on-fix"]);
    let why = "error: --exit-non-zero-on-fix goes with --fix, --fix-only or --diff\n";
    assert_eq!((useless.code, useless.stderr.as_str()), (2, why));
}

#[test]
fn rules_can_be_kept_from_fixing() {
    let tree = tree();
    run(&tree, &["--fix", "--fixable", "from-as-casing"]);
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE.replace(" as ", " AS "));
    let counted = tree.run(&[RULES, "--output-format=grouped", "--unfixable", "stage-name-casing"]);
    assert!(counted.stdout.ends_with("[*] 1 fixable with --fix --unsafe-fixes.\n"), "{counted:?}");
    run(&tree, &["--fix", "--unfixable", "stage-name-casing"]);
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE.replace(" as ", " AS "));
    assert_eq!(run(&tree, &["--fixable", "no-such-rule"]).code, 2);
}

#[test]
fn what_is_accepted_or_hidden_stays_as_it_is() {
    let suppressed = format!("# plimsoll: ignore[from-as-casing,stage-name-casing] as it was\n{DOCKERFILE}");
    let tree = Tree::new(&[("Dockerfile", &suppressed)]);
    run(&tree, &["--fix"]);
    assert_eq!(tree.read("Dockerfile"), suppressed);

    let tree = self::tree();
    run(&tree, &["--write-baseline", "base.json"]);
    let fixed = run(&tree, &["--baseline", "base.json", "--fix"]);
    assert_eq!((fixed.code, tree.read("Dockerfile").as_str()), (0, DOCKERFILE), "{fixed:?}");
    let shown = run(&tree, &["--baseline", "base.json", "--show-baselined"]);
    assert!(shown.stdout.contains("accepted by the baseline") && !shown.stdout.contains("[*]"), "{shown:?}");
    run(&tree, &["--fix", "--min-severity", "high"]);
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE);
}

#[test]
fn standard_input_is_fixed_onto_standard_output() {
    let tree = tree();
    let args = [RULES, "--output-format=concise", "--fix", "--stdin-filename", "Dockerfile", "-"];
    let fixed = tree.run_on(DOCKERFILE.as_bytes(), &args);
    assert_eq!((fixed.code, fixed.stdout.as_str()), (1, FIXED));
    assert!(fixed.stderr.contains("Dockerfile:2:1: "), "{fixed:?}");
    // The file it is named after is the editor's to save.
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE);
    let clean = "FROM alpine:3.20 AS base\n";
    let unchanged = tree.run_on(clean.as_bytes(), &args);
    assert_eq!(unchanged, Run { code: 0, stdout: clean.to_owned(), stderr: String::new() });
    let only = tree.run_on(DOCKERFILE.as_bytes(), &[RULES, "--fix-only", "--quiet", "-"]);
    assert_eq!(only, Run { code: 0, stdout: FIXED.to_owned(), stderr: String::new() });
    // An editor would empty the buffer if nothing came back.
    let excluded = [&args[..5], &["--exclude=Dockerfile", "--force-exclude", "-"]].concat();
    assert_eq!(tree.run_on(DOCKERFILE.as_bytes(), &excluded).stdout, DOCKERFILE);
    let broken = tree.run_on(b"services: [", &[RULES, "--fix", "--type", "compose", "-"]);
    assert_eq!((broken.code, broken.stdout.as_str()), (1, "services: ["));
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let windows = format!("\u{FEFF}{}", DOCKERFILE.replace('\n', "\r\n"));
    let tree = Tree::new(&[("Dockerfile", &windows)]);
    run(&tree, &["--fix"]);
    assert_eq!(tree.read("Dockerfile"), format!("\u{FEFF}{}", FIXED.replace('\n', "\r\n")));
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_links_are_followed() {
    use std::fs::{Permissions, metadata, read_dir, set_permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let tree = Tree::new(&[("real/file", DOCKERFILE)]);
    let (real, link) = (tree.path().join("real/file"), tree.path().join("Dockerfile"));
    set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
    symlink("real/file", &link).unwrap();
    run(&tree, &["--fix", "Dockerfile"]);
    assert_eq!(tree.read("real/file"), FIXED);
    assert!(link.is_symlink());
    assert_eq!(metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(read_dir(tree.path().join("real")).unwrap().count(), 1, "nothing is left beside it");

    let tree = self::tree();
    set_permissions(tree.path().join("Dockerfile"), Permissions::from_mode(0o444)).unwrap();
    let refused = run(&tree, &["--fix"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.starts_with("error: cannot write Dockerfile: it is read-only\n"), "{refused:?}");
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE);
}

#[test]
fn files_that_are_only_followed_are_not_written() {
    let tree =
        Tree::new(&[("Dockerfile", DOCKERFILE), ("compose.yaml", "services:\n  web:\n    build: .\n")]);
    let fixed = run(&tree, &["--fix", "compose.yaml"]);
    assert_eq!(tree.read("Dockerfile"), DOCKERFILE, "{fixed:?}");
    assert!(!run(&tree, &["compose.yaml"]).stdout.contains("[*]"));
}

/// What a file holds was looked at to tell what it is, which makes it no text from standard input.
#[test]
fn files_that_were_told_by_their_content_are_written_too() {
    let tree = Tree::new(&[("compose.prod.yaml", COMPOSE), ("stack.yaml", COMPOSE)]);
    for (path, file) in [(".", "compose.prod.yaml"), ("stack.yaml", "stack.yaml")] {
        let run = run(&tree, &["--fix", path]);
        assert_eq!((run.stdout.as_str(), run.code), ("", 0), "{run:?}");
        assert_eq!(tree.read(file), COMPOSE.replace("version: \"3\"\n", ""));
    }
}
