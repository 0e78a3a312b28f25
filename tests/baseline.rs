//! Baselines: what is accepted stays accepted, and what is new is told.

#[path = "cli/tree.rs"]
mod tree;

use tree::{PRIVILEGED, Run, SELECT, Tree};

const ARGS: [&str; 2] = [SELECT, "--output-format=concise"];

fn run(tree: &Tree, args: &[&str]) -> Run {
    tree.run(&[&ARGS[..], args].concat())
}

fn rules(run: &Run) -> Vec<&str> {
    run.stdout.lines().filter_map(|line| line.rsplit(' ').next()).collect()
}

fn dirty() -> Tree {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED), ("a/compose.yaml", PRIVILEGED)]);
    let written = run(&tree, &["--write-baseline", "base.json"]);
    assert_eq!((written.code, written.stdout.as_str()), (0, ""), "{written:?}");
    assert_eq!(written.stderr, "note: base.json accepts 4 findings\n");
    tree
}

#[test]
fn what_is_accepted_is_left_out_and_does_not_fail_the_run() {
    let tree = dirty();
    assert_eq!(run(&tree, &[]).code, 1);
    let clean = run(&tree, &["--baseline=base.json"]);
    assert_eq!((clean.code, clean.stdout.as_str(), clean.stderr.as_str()), (0, "", ""));
    let told = tree.run(&[SELECT, "--baseline=base.json"]).stdout;
    assert_eq!(told, "No problems found; 2 files checked, 4 findings accepted by the baseline.\n");
    let shown = run(&tree, &["--baseline", "base.json", "--show-baselined"]);
    assert_eq!((shown.code, rules(&shown).len()), (0, 4));
    assert!(shown.stdout.lines().all(|line| line.contains(" (accepted by the baseline) [")), "{shown:?}");
    let text = tree.read("base.json");
    assert!(
        text.contains("    {\"file\":\"a/compose.yaml\",\"rule\":\"privileged-service\",\"fingerprint\":\""),
        "{text}"
    );
    assert!(!text.contains("line"));
}

#[test]
fn code_may_move_and_what_is_new_is_told() {
    let tree = dirty();
    let moved = PRIVILEGED.replace("services:", "# moved\n\nname: x\nservices:").replace("    ", "      ");
    tree.write("compose.yaml", moved.as_bytes());
    assert_eq!(run(&tree, &["--baseline=base.json"]).stdout, "");
    let second = format!("{PRIVILEGED}  other:\n    image: a\n    read_only: true\n    privileged: true\n");
    tree.write("compose.yaml", second.as_bytes());
    let new = run(&tree, &["--baseline=base.json"]);
    assert_eq!((new.code, rules(&new)), (1, vec!["[privileged-service]"]));
    assert!(new.stdout.starts_with("compose.yaml:8:"), "{new:?}");
    // One more of the very same kind is one too many.
    let once = "services:\n  web:\n    image: a # plimsoll: ignore[syntax-error,syntax-error]\n    read_only: true\n";
    let args = ["--select=unused-ignore,syntax-error", "--output-format=concise"];
    tree.write("b/compose.yaml", once.replace("syntax-error,", "").as_bytes());
    assert_eq!(tree.run(&[&args[..], &["b", "--write-baseline=b.json"]].concat()).code, 0);
    tree.write("b/compose.yaml", once.as_bytes());
    let two = tree.run(&[&args[..], &["b", "--baseline=b.json"]].concat());
    assert_eq!((two.code, rules(&two)), (1, vec!["[unused-ignore]"]), "{two:?}");
}

#[test]
fn what_has_been_mended_is_counted_and_can_be_removed() {
    let tree = dirty();
    tree.write("compose.yaml", b"services:\n  web:\n    image: a\n");
    let stale = run(&tree, &["--baseline=base.json"]);
    assert_eq!(stale.code, 0);
    insta::assert_snapshot!(stale.stderr, @r"
    warning: 1 entry of base.json matches nothing any more; --baseline and --write-baseline together remove it
    ");
    // Of files that were not linted nothing is known, unless they are gone.
    assert_eq!(run(&tree, &["--baseline=base.json", "a"]).stderr, "");
    std::fs::remove_file(tree.path().join("compose.yaml")).unwrap();
    insta::assert_snapshot!(run(&tree, &["--baseline=base.json", "a"]).stderr, @r"
    warning: 2 entries of base.json match nothing any more; --baseline and --write-baseline together remove them
    ");
    let written = run(&tree, &["--baseline=base.json", "--write-baseline=base.json"]);
    insta::assert_snapshot!(written.stderr, @r"
    note: base.json accepts 2 findings
    ");
    assert_eq!(run(&tree, &["--baseline=base.json"]).stderr, "");
}

#[test]
fn both_flags_together_keep_what_was_not_linted() {
    let tree = dirty();
    tree.write(
        "a/compose.yaml",
        b"services:\n  web:\n    image: a\n    privileged: true\n    read_only: true\n",
    );
    tree.write("b/compose.yaml", PRIVILEGED.as_bytes());
    let both = run(&tree, &["a", "b", "--baseline=base.json", "--write-baseline=base.json"]);
    // Two of compose.yaml, one that is left in a, two that are new in b.
    assert_eq!((both.code, both.stderr.as_str()), (0, "note: base.json accepts 5 findings\n"));
    let all = run(&tree, &["--baseline=base.json"]);
    assert_eq!((all.code, all.stderr.as_str()), (0, ""), "{all:?}");
    // Alone, it begins anew.
    assert_eq!(
        run(&tree, &["a", "--write-baseline=base.json"]).stderr,
        "note: base.json accepts 1 finding\n"
    );
}

#[test]
fn a_configuration_names_the_baseline_and_it_holds_from_anywhere() {
    let tree = dirty();
    tree.write(".plimsoll.yaml", b"baseline: base.json\n");
    assert_eq!(run(&tree, &[]).code, 0);
    let mut command = tree.command(&[&ARGS[..], &["compose.yaml", "../compose.yaml"]].concat());
    command.current_dir(tree.path().join("a"));
    let below: Run = command.output().expect("the binary runs").into();
    assert_eq!((below.code, below.stdout.as_str(), below.stderr.as_str()), (0, "", ""));
    let absolute = std::fs::canonicalize(tree.path()).unwrap().join("compose.yaml");
    let mut command = tree.command(&[&ARGS[..], &[absolute.to_str().unwrap()]].concat());
    command.current_dir(tree.path().join("a"));
    assert_eq!(command.output().unwrap().status.code(), Some(0));
    assert_eq!(run(&tree, &["--isolated"]).code, 1);
}

#[test]
fn what_is_no_baseline_is_an_error() {
    let tree = dirty();
    for (name, text) in [("a.json", "[]"), ("b.json", "{\"version\": 7, \"findings\": []}"), ("c.json", "")] {
        tree.write(name, text.as_bytes());
    }
    let stderr = |path: &str| {
        let run = run(&tree, &["--baseline", path]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        run.stderr
    };
    let all: String = ["a.json", "b.json", "c.json", "none.json", "a"].map(stderr).concat();
    insta::assert_snapshot!(all, @r"
    error: a.json: not a baseline: invalid length 0, expected an object with `version` and `findings` at line 1 column 2
    error: b.json: a baseline of version 7; this Plimsoll reads version 1
    error: c.json: not a baseline: EOF while parsing a value at line 1 column 0
    error: none.json: no such baseline; --write-baseline writes one
    error: a: not a regular file
    ");
    assert_eq!(run(&tree, &["--write-baseline", "no/such/directory"]).code, 2);
}

#[test]
fn what_cannot_be_read_is_not_accepted_unseen() {
    let tree = Tree::new(&[("compose.yaml", "services: [\n")]);
    let written = run(&tree, &["--write-baseline=base.json"]);
    assert_eq!((written.code, rules(&written)), (1, vec!["[syntax-error]"]));
    assert_eq!(run(&tree, &["--baseline=base.json"]).code, 1);
}
