//! Rules as of a version, and what versions brought. What a pin holds back is tested where a newer rule can be made
//! (`engine/linter.rs`): today no version has one.

use crate::tree::{PRIVILEGED, SELECT, Tree};

#[test]
fn a_pin_to_this_version_changes_nothing() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED), ("pinned/.plimsoll.yaml", "rules-as-of: 0.1.0\n")]);
    tree.write("pinned/compose.yaml", PRIVILEGED.as_bytes());
    let findings = |args: &[&str]| {
        let run = tree.run(&[&["-f", "concise", "--profile=audit"], args].concat());
        assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{run:?}");
        run.stdout
    };
    let all = findings(&["compose.yaml"]);
    assert_eq!(findings(&["--rules-as-of=0.1.0", "compose.yaml"]), all);
    assert_eq!(findings(&["--rules-as-of=latest", "--preview", "compose.yaml"]), all);
    assert_eq!(findings(&["pinned/compose.yaml"]).replace("pinned/", ""), all);
    let shown = tree.run(&["config", "show", "pinned"]).stdout;
    assert!(shown.contains("rules-as-of: \"0.1.0\""), "{shown}");
}

#[test]
fn a_version_that_is_not_known_here_is_an_error() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    for (version, why) in
        [("99.0.0", "need Plimsoll 99.0.0"), ("0.1", "write it as 0.1.0"), ("now", "not a version")]
    {
        let run = tree.run(&[SELECT, "--rules-as-of", version]);
        assert!(run.code == 2 && run.stderr.contains(why), "{run:?}");
        tree.write(".plimsoll.yaml", format!("rules-as-of: '{version}'\n").as_bytes());
        let run = tree.run(&[SELECT]);
        assert!(
            run.code == 2 && run.stderr.contains(why) && run.stderr.contains(".plimsoll.yaml:1:14"),
            "{run:?}"
        );
    }
}

#[test]
fn what_versions_brought_is_listed() {
    let tree = Tree::new(&[]);
    let all = tree.run(&["rules", "--since", "0.0.0", "-f", "json"]).stdout;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let rules: serde_json::Value = serde_json::from_str(&tree.run(&["rules", "-f=json"]).stdout).unwrap();
    assert_eq!(all, rules);
    let text = tree.run(&["rules", "--since=0.0.0"]).stdout;
    assert!(text.starts_with("## 0.1.0\n") && text.contains("- `privileged-service`, new: "), "{text}");
    let none = tree.run(&["rules", "--since=0.1.0"]).stdout;
    assert_eq!(none, "No rule came or was changed after 0.1.0; this is 0.1.0.\n");
    assert_eq!(tree.run(&["rules", "--since=0.1"]).code, 2);
}
