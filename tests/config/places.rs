//! Where configuration is found, what it adds to, and which files it names.

use super::tree::{CLEAN, PRIVILEGED, Run, Tree};
use super::{RULES, errors, found, lines};

#[test]
fn the_nearest_configuration_above_a_file_counts_alone() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", &format!("{RULES}ignore: [writable-root-filesystem]\n")),
        ("a/plimsoll.yml", &format!("{RULES}severity: {{ CL-0002: low }}\n")),
        ("a/deep/compose.yaml", PRIVILEGED),
        ("b/compose.yaml", PRIVILEGED),
    ]);
    let select = "--select=privileged-service,writable-root-filesystem";
    let expected = [
        "a/deep/compose.yaml info [privileged-service]",
        "a/deep/compose.yaml info [writable-root-filesystem]",
        "b/compose.yaml error [privileged-service]",
    ];
    let mut all = found(&tree, &[]);
    all.sort();
    assert_eq!(all, expected);
    assert_eq!(found(&tree, &["b"]), expected[2..]);
    assert_eq!(found(&tree, &["--isolated", select, "b"]).len(), 2);
    assert_eq!(found(&tree, &["--no-config", select, "b"]).len(), 2);
    assert_eq!(found(&tree, &["--config", "a/plimsoll.yml", "b"]).len(), 2);
    let run = tree.run_with(
        &[("PLIMSOLL_CONFIG", "a/plimsoll.yml")],
        &["--output-format=concise", "--exit-zero", select, "b"],
    );
    assert!(lines(&run).contains(&"b/compose.yaml info [privileged-service]".to_owned()), "{run:?}");
}

#[test]
fn the_search_ends_at_the_repository_and_then_asks_the_user() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", "ignore: [all]\n"),
        ("repo/.git/HEAD", ""),
        ("repo/svc/compose.yaml", PRIVILEGED),
    ]);
    let select = "--select=privileged-service";
    assert_eq!(found(&tree, &[select, "repo"]), ["repo/svc/compose.yaml error [privileged-service]"]);
    tree.write("plimsoll/config.yaml", b"severity: { privileged-service: medium }\n");
    assert_eq!(found(&tree, &[select, "repo"]), ["repo/svc/compose.yaml warning [privileged-service]"]);
    assert_eq!(tree.run(&["config", "path", "repo/svc"]).stdout, "plimsoll/config.yaml\n");
    assert_eq!(tree.run(&["config", "path", "."]).stdout, ".plimsoll.yaml\n");
}

#[test]
fn standard_input_is_judged_where_its_name_says() {
    let tree = Tree::new(&[
        ("a/.plimsoll.yaml", "ignore: [all]\n"),
        (".plimsoll.yaml", "files: { compose: ['*.stack'] }\n"),
    ]);
    let args = ["-", "--output-format=concise", "--stdin-filename"];
    let run = |name: &str| tree.run_on(PRIVILEGED.as_bytes(), &[&args[..], &[name]].concat());
    assert_eq!((run("a/compose.yaml").code, run("compose.yaml").code, run("b/x.stack").code), (0, 1, 1));
}

#[test]
fn searches_pass_by_what_is_excluded_and_find_what_is_named() {
    let config = "exclude: ['vendor/', '/top/*.x.yaml']\nfiles:\n  dockerfile: ['images/*.docker']\n  compose: ['stack-*.yml']\n";
    let tree = Tree::new(&[(".plimsoll.yaml", config)]);
    for path in [
        "compose.yaml",
        "vendor/compose.yaml",
        "a/vendor/b/compose.yaml",
        "top/compose.x.yaml",
        "a/stack-1.yml",
    ] {
        tree.write(path, CLEAN.as_bytes());
    }
    for path in ["images/a.docker", "other/a.docker", "vendor/Dockerfile"] {
        tree.write(path, b"FROM scratch\n");
    }
    let all = ["a/stack-1.yml (compose)", "compose.yaml (compose)", "images/a.docker (dockerfile)"];
    assert_eq!(tree.checked(&[]), all);
    assert_eq!(tree.checked(&["--jobs=4"]), all);
    assert_eq!(tree.checked(&["vendor/compose.yaml"]), ["vendor/compose.yaml (compose)"]);
    assert_eq!(tree.checked(&["--force-exclude", "vendor/compose.yaml", "compose.yaml"]), [all[1]]);
    assert_eq!(
        tree.checked(&["--exclude=a", "vendor"]),
        ["vendor/Dockerfile (dockerfile)", "vendor/compose.yaml (compose)"]
    );
    // A directory below may say otherwise of what is in it.
    tree.write("a/.plimsoll.yaml", b"exclude: [b, 'stack-*']\n");
    assert_eq!(tree.checked(&["a"]), Vec::<String>::new());
}

#[test]
fn projects_are_the_files_that_are_given_to_compose_together() {
    let base = "services:\n  web:\n    image: a\n    privileged: true\n    read_only: true\n";
    let over = "services:\n  web:\n    privileged: false\n";
    let config = format!("{RULES}projects:\n  - [base.yaml, env/prod.yaml]\n");
    let tree = Tree::new(&[(".plimsoll.yaml", &config), ("base.yaml", base), ("env/prod.yaml", over)]);
    let named = ["base.yaml", "env/prod.yaml", "--type=compose"];
    assert_eq!(found(&tree, &named), Vec::<String>::new());
    assert_eq!(found(&tree, &named[1..]), Vec::<String>::new());
    assert_eq!(found(&tree, &[&["--isolated", "--select=privileged-service"], &named[..]].concat()).len(), 1);
    let mut command = tree.command(&["--output-format=concise", "prod.yaml", "--type=compose"]);
    command.current_dir(tree.path().join("env"));
    let run: Run = command.output().expect("the binary runs").into();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn extends_adds_to_a_file_of_the_same_repository() {
    let tree = Tree::new(&[
        (".git/HEAD", ""),
        (
            "policy.yaml",
            &format!("{RULES}ignore: [writable-root-filesystem]\nper-file-ignores: {{ 'svc/x/': [all] }}\n"),
        ),
        (
            "svc/.plimsoll.yaml",
            "extends: ../policy.yaml\nignore: [unused-ignore]\nseverity: { privileged-service: style }\n",
        ),
        ("svc/compose.yaml", PRIVILEGED),
        ("svc/x/compose.yaml", PRIVILEGED),
    ]);
    assert_eq!(found(&tree, &[]), ["svc/compose.yaml style [privileged-service]"]);
    insta::assert_snapshot!(tree.run(&["config", "show", "svc"]).stdout, @r#"
    rules-as-of: null                                     # default
    preview: false                                        # default
    profile: "default"                                    # default
    select: ["privileged-service","writable-root-filesystem","hygiene","syntax-error"]  # policy.yaml:1
    extend-select: []                                     # default
    ignore: ["writable-root-filesystem","unused-ignore"]  # policy.yaml:2, svc/.plimsoll.yaml:2
    severity: {"privileged-service":"style"}              # svc/.plimsoll.yaml:3
    fail-on: "low"                                        # default
    exclude: []                                           # default
    files: {"bake":[],"commands":[],"compose":[],"daemon-json":[],"devcontainer":[],"dockerfile":[],"kubernetes":[],"pipeline":[],"quadlet":[],"systemd-unit":[]}  # default
    per-file-ignores: {"svc/x/":["all"]}                  # policy.yaml:3
    per-service-ignores: {}                               # default
    fixable: ["all"]                                      # default
    unfixable: []                                         # default
    build-args: {}                                        # default
    trusted-registries: []                                # default
    suppressions: {"allow-inline":true,"foreign":["hadolint","buildkit","dclint","shellcheck"],"foreign-all-covers-security":false,"require-reason":false,"warn-unused":true}  # default
    baseline: null                                        # default
    projects: []                                          # default
    images: []                                            # default
    kubernetes: {"pods":[]}                               # default
    policies: []                                          # default
    "#);
}

#[test]
fn extends_is_refused_outside_the_repository_in_circles_and_from_afar() {
    let tree = Tree::new(&[
        ("outside.yaml", ""),
        ("r/.git/HEAD", ""),
        ("r/a/.plimsoll.yaml", "\nextends: ../../outside.yaml\n"),
        ("r/b/.plimsoll.yaml", "extends: x.yaml\n"),
        ("r/b/x.yaml", "extends: .plimsoll.yaml\n"),
        ("r/c/.plimsoll.yaml", "extends: https://example.com/x.yaml\n"),
        ("r/d/.plimsoll.yaml", "extends: none.yaml\n"),
    ]);
    for directory in ["a", "b", "c", "d"] {
        tree.write(&format!("r/{directory}/compose.yaml"), CLEAN.as_bytes());
    }
    insta::assert_snapshot!(errors(&tree, &[]), @r"
    error: r/a/.plimsoll.yaml:2:1: `extends: ../../outside.yaml`: the file lies outside the repository
    error: r/b/x.yaml:1:1: `extends: .plimsoll.yaml`: the file extends this one in turn
    error: r/c/.plimsoll.yaml:1:1: `extends: https://example.com/x.yaml`: a configuration comes from a file, never from the network
    error: r/d/.plimsoll.yaml:1:1: `extends: none.yaml`: no such file
    ");
}

#[test]
fn files_of_every_kind_can_be_named() {
    let tree = Tree::new(&[
        (
            ".plimsoll.yaml",
            "files: { dockerfile: [a.docker], compose: [b.stack], daemon-json: ['*.daemon'], systemd-unit: [units/*] }\n",
        ),
        ("a.docker", "FROM scratch\n"),
        ("b.stack", CLEAN),
        ("c.daemon", "{}\n"),
        ("units/dockerd", "[Service]\n"),
    ]);
    let kinds = [
        "a.docker (dockerfile)",
        "b.stack (compose)",
        "c.daemon (daemon-json)",
        "units/dockerd (systemd-unit)",
    ];
    assert_eq!(tree.checked(&[]), kinds);
    let shown = tree.run(&["config", "show"]).stdout;
    assert!(shown.contains("\"daemon-json\":[\"*.daemon\"]"), "{shown}");
    tree.write(".plimsoll.yaml", b"files: { daemon.json: [x] }\n");
    assert_eq!(
        errors(&tree, &[]),
        "error: .plimsoll.yaml:1:10: unknown key `daemon.json`; did you mean `daemon-json`?\n"
    );
}

#[test]
fn a_directory_that_is_excluded_is_linted_by_who_names_it() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", "exclude: [fixtures/]\nselect: [privileged-service]\n"),
        ("fixtures/a/compose.yaml", PRIVILEGED),
        ("compose.yaml", CLEAN),
    ]);
    assert!(found(&tree, &[]).is_empty());
    let expected = ["fixtures/a/compose.yaml error [privileged-service]"];
    assert_eq!(found(&tree, &["fixtures/a"]), expected);
    assert_eq!(found(&tree, &["fixtures"]), expected);
    assert_eq!(found(&tree, &["--jobs=4", "fixtures/a", "."]), expected);
    assert!(tree.run(&["--force-exclude", "fixtures/a"]).stdout.contains("0 files checked"));
}
