//! What other linters' files say, and what is in force because it is written.

use super::tree::{PRIVILEGED, Tree};
use super::{errors, found};

#[test]
fn other_linters_configuration_is_taken_over() {
    let tree = Tree::new(&[
        (".compose-lint.yml", "rules:\n  CL-0002: { enabled: false, reason: kernel module }\n"),
        ("note.yaml", "a: 1\n"),
        ("compose.yaml", PRIVILEGED),
    ]);
    let run = tree.run(&["config", "migrate", ".compose-lint.yml"]);
    insta::assert_snapshot!(run.stdout, @r"
    # Taken over from .compose-lint.yml.
    ignore:
      - CL-0002  # kernel module

    # The profile nearest to compose-lint is `strict`; `default` leaves out what fails too many builds.
    # `profile: strict` adds:
    #   image-without-digest (CL-0019)
    #   port-on-all-interfaces (CL-0005)
    #   undropped-capabilities (CL-0006)
    ");
    tree.write(".plimsoll.yaml", run.stdout.as_bytes());
    assert_eq!(found(&tree, &["--select=privileged-service"]).len(), 1);
    assert_eq!(
        found(&tree, &["--profile=default"]).iter().filter(|l| l.contains("privileged-service")).count(),
        0
    );
    insta::assert_snapshot!(errors(&tree, &["config", "migrate", "note.yaml"]), @r"
    error: note.yaml: not a configuration file of hadolint, dclint, compose-lint, kube-linter, Polaris or Checkov that is known here
    ");
    insta::assert_snapshot!(errors(&tree, &["config", "migrate", "none.yaml"]), @r"
    error: none.yaml: no such file
    ");
}

#[test]
fn a_policy_that_is_written_is_in_force() {
    let compose = "services:\n  web:\n    image: quay.example/a:1\n    cap_drop: []\n    read_only: true\n";
    let of = |config: &str| {
        let tree = Tree::new(&[(".plimsoll.yaml", config), ("compose.yaml", compose)]);
        let run = tree.run(&["--output-format=concise", "--exit-zero"]);
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout
    };
    // The list switches on the rule that reads it, whatever the profile.
    assert!(of("trusted-registries: [docker.io]\n").contains("[untrusted-registry]"));
    assert!(!of("trusted-registries: [quay.example]\n").contains("[untrusted-registry]"));
    assert!(!of("trusted-registries: []\n").contains("[untrusted-registry]"));
    assert!(
        !of("trusted-registries: [docker.io]\nignore: [untrusted-registry]\n")
            .contains("[untrusted-registry]")
    );
    assert!(!of("trusted-registries: [docker.io]\nselect: [secrets]\n").contains("[untrusted-registry]"));
    // So does a severity: whoever rates a finding wants it.
    assert!(!of("profile: default\n").contains("[image-without-digest]"));
    let rated = of("severity: { image-without-digest: high }\n");
    assert!(rated.contains("error: ") && rated.contains("[image-without-digest]"), "{rated}");
    // And who rates it higher wants all of it, what it keeps for the strict profile included.
    assert!(of("severity: { unlimited-memory: critical }\n").contains("[unlimited-memory]"));
    assert!(!of("severity: { unlimited-memory: style }\n").contains("[unlimited-memory]"));
    assert!(!of("severity: { image-without-digest: off }\n").contains("[image-without-digest]"));
    assert!(
        !of("severity: { image-without-digest: high }\nignore: [image-without-digest]\n")
            .contains("[image-without-digest]")
    );
}

#[test]
fn a_migrated_policy_is_in_force_and_says_which_profile_comes_nearest() {
    let tree = Tree::new(&[
        (".hadolint.yaml", "trustedRegistries: [docker.io]\noverride:\n  error: [DL3008]\n"),
        ("Dockerfile", "FROM quay.example/a:1\nRUN apt-get install -y curl\n"),
    ]);
    let migrated = tree.run(&["config", "migrate", ".hadolint.yaml"]);
    assert!(migrated.stdout.contains("nearest to hadolint is `strict`"), "{}", migrated.stdout);
    assert!(migrated.stdout.contains("unpinned-system-package (DL3008"), "{}", migrated.stdout);
    tree.write(".plimsoll.yaml", migrated.stdout.as_bytes());
    let found = found(&tree, &[]);
    assert!(found.contains(&"Dockerfile error [untrusted-registry]".to_owned()), "{found:?}");
    assert!(found.contains(&"Dockerfile error [unpinned-system-package]".to_owned()), "{found:?}");
}

#[test]
fn settings_of_hadolint_without_a_rule_become_policies() {
    let theirs = "label-schema:\n  maintainer: email\n  version: semver\n  odd: x\nstrict-labels: true\ntrustedRegistries: ['mirror-*.example', docker.io]\n";
    let dockerfile = "FROM quay.io/a/b:1\nLABEL maintainer=nobody version=1.2.3 extra=1\n";
    let tree = Tree::new(&[(".hadolint.yaml", theirs), ("Dockerfile", dockerfile)]);
    let migrated = tree.run(&["config", "migrate", ".hadolint.yaml"]).stdout;
    assert!(migrated.contains("label-schema.odd: no such type: x"), "{migrated}");
    tree.write(".plimsoll.yaml", migrated.as_bytes());
    let run = tree.run(&["--output-format", "concise", "--select", "policy"]);
    let names: Vec<&str> = run.stdout.lines().filter_map(|line| line.split('[').nth(1)).collect();
    assert_eq!(
        names,
        ["policy/trusted-registries]", "policy/known-labels]", "policy/label-maintainer]"],
        "{}{}",
        run.stdout,
        run.stderr
    );
}
