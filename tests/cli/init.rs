//! `plimsoll init`.

use crate::tree::{CLEAN, PRIVILEGED, Tree};

#[test]
fn a_configuration_says_what_matters_here_and_nothing_is_written_over() {
    let tree = Tree::new(&[
        ("compose.yaml", PRIVILEGED),
        ("compose.prod.yaml", CLEAN),
        ("tests/fixtures/Dockerfile", "FROM debian:12\nUSER root\n"),
        (".github/workflows/ci.yml", "on: push\n"),
        (".pre-commit-config.yaml", "repos: []\n"),
        (".hadolint.yaml", "ignored: [DL3008]\n"),
    ]);
    let run = tree.run(&["init"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let written = tree.read(".plimsoll.yaml");
    assert!(written.contains("\nrules-as-of: 0.1.0\n"), "{written}");
    assert!(written.contains("\nexclude:\n  - tests/fixtures/\n"), "{written}");
    assert!(written.contains("\n#   - [compose.yaml, compose.prod.yaml]\n"), "{written}");
    for said in [
        "1 Dockerfile, 2 Compose files",
        "2 left",
        "the worst of them critical",
        "- id: plimsoll",
        "uses: plimsoll",
        "migrate .hadolint.yaml",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert!(!run.stdout.contains(".gitlab-ci.yml"), "{}", run.stdout);
    assert!(!tree.run(&["--show-files"]).stdout.contains("fixtures"));
    let again = tree.run(&["init"]);
    assert_eq!(again.code, 2);
    assert_eq!(tree.read(".plimsoll.yaml"), written);
    assert_eq!(tree.run(&["init", "--stdout", "--color=never"]).stdout, written);
}

#[test]
fn a_baseline_makes_today_the_beginning() {
    let tree = Tree::new(&[("svc/compose.yaml", PRIVILEGED)]);
    assert_eq!(tree.run(&["svc"]).code, 1);
    let run = tree.run(&["init", "--baseline", "svc"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(tree.read("svc/.plimsoll.yaml").contains("\nbaseline: .plimsoll-baseline.json\n"));
    assert_eq!(tree.run(&["svc"]).code, 0);
    tree.write("svc/other/compose.yaml", PRIVILEGED.as_bytes());
    assert_eq!(tree.run(&["svc"]).code, 1);
}

#[test]
fn an_empty_directory_gets_one_too() {
    let tree = Tree::new(&[]);
    let run = tree.run(&["init"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("no Dockerfiles or Compose files here yet"), "{run:?}");
    assert_eq!(tree.run(&["config", "show"]).code, 0);
    assert_eq!(tree.run(&["init", "nowhere"]).code, 2);
}
