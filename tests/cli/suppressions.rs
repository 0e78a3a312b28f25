//! `--add-suppressions` and the other flags about comments.

use crate::tree::{PRIVILEGED, Tree};

const DOCKERFILE: &str = "FROM debian:12\nUSER root\n";
const SILENCED: &str = "services:\n  web:\n    image: a\n    # plimsoll: ignore[privileged-service] see #12\n    privileged: true\n";

#[test]
fn comments_are_written_and_the_rest_is_reported() {
    let flow = "services:\n  web: {image: a, privileged: true}\n";
    let json = "{\"services\": {\"web\": {\"image\": \"a\", \"privileged\": true}}}\n";
    let files = [("a/compose.yaml", PRIVILEGED), ("b/compose.yaml", flow), ("c/compose.yaml", json)];
    let tree = Tree::new(&files);
    let args = ["--select=privileged-service", "--output-format=concise", "--add-suppressions=see #12"];
    let run = tree.run(&args);
    assert_eq!(tree.read("a/compose.yaml"), SILENCED);
    let above = flow.replace("  web", "  # plimsoll: ignore[privileged-service] see #12\n  web");
    assert_eq!((tree.read("b/compose.yaml"), tree.read("c/compose.yaml")), (above, json.to_owned()));
    insta::assert_snapshot!(run.stdout, @"c/compose.yaml:1:51: error: this container is privileged: it has every capability and device of the host [privileged-service]");
    insta::assert_snapshot!(run.stderr, @r"
    note: c/compose.yaml:1:51: no comment for privileged-service: no line above it is a comment's place; `ignore-file` at the top covers the file
    note: added 2 comments to 2 files, for 2 findings
    ");
    assert_eq!(run.code, 1);
    let again = tree.run(&args);
    assert_eq!((again.code, &again.stdout), (1, &run.stdout));
    assert_eq!(tree.read("a/compose.yaml"), SILENCED);
}

#[test]
fn a_diff_of_comments_writes_nothing() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let run = tree.run(&["--select=privileged-service", "--add-suppressions", "--diff"]);
    assert!(run.stdout.contains("+    # plimsoll: ignore[privileged-service] TODO: say why\n"), "{run:?}");
    assert_eq!((run.code, tree.read("compose.yaml").as_str()), (1, PRIVILEGED));
}

#[test]
fn standard_input_comes_back_with_comments() {
    let tree = Tree::new(&[]);
    let run = tree.run_on(DOCKERFILE.as_bytes(), &["--select=root-user", "--add-suppressions=why", "-"]);
    assert_eq!(run.stdout, "FROM debian:12\n# plimsoll: ignore[root-user] why\nUSER root\n");
    assert_eq!(run.code, 0);
    let excluded = ["--add-suppressions", "--force-exclude", "--exclude=a", "--stdin-filename=a", "-"];
    assert_eq!(tree.run_on(b"x", &excluded).stdout, "x");
}

#[test]
fn what_cannot_be_a_reason_is_an_error() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    for flag in ["--add-suppressions=a\nb", "--add-suppressions=until=never"] {
        let run = tree.run(&[flag]);
        assert!(run.code == 2 && run.stderr.starts_with("error: --add-suppressions: "), "{run:?}");
    }
    for other in ["--fix", "--ignore-suppressions", "--write-baseline=a"] {
        assert_eq!(tree.run(&["--add-suppressions", other]).code, 2, "{other}");
    }
    assert_eq!(tree.read("compose.yaml"), PRIVILEGED);
    // Nor does one help where comments count for nothing.
    tree.write(".plimsoll.yaml", b"suppressions: { allow-inline: false }\n");
    let run = tree.run(&["--select=privileged-service", "--add-suppressions"]);
    assert!(run.stderr.contains("no comment for privileged-service: the configuration lets"), "{run:?}");
    assert_eq!((run.code, tree.read("compose.yaml").as_str()), (1, PRIVILEGED));
}

#[test]
fn flags_say_whether_idle_comments_are_reported() {
    let idle = "FROM debian:12\n# plimsoll: ignore[root-user]\nUSER 1000\n";
    let tree = Tree::new(&[("Dockerfile", idle)]);
    let select = "--select=root-user,unused-ignore";
    assert_eq!(tree.run(&[select]).code, 1);
    assert_eq!(tree.run(&[select, "--no-warn-unused-suppressions"]).code, 0);
    tree.write(".plimsoll.yaml", b"suppressions: { warn-unused: false }\n");
    assert_eq!(tree.run(&[select]).code, 0);
    assert_eq!(tree.run(&[select, "--warn-unused-suppressions"]).code, 1);
}
