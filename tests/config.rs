//! Configuration files: which one counts, what it does, and what is said of a broken one.

#[path = "cli/tree.rs"]
mod tree;

use tree::{CLEAN, PRIVILEGED, Run, Tree};

const RULES: &str = "select: [privileged-service, writable-root-filesystem, hygiene, syntax-error]\n";

/// `path [rule]` for each finding.
fn found(tree: &Tree, args: &[&str]) -> Vec<String> {
    let run = tree.run(&[&["--output-format=concise", "--exit-zero"], args].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    lines(&run)
}

fn lines(run: &Run) -> Vec<String> {
    let short = |line: &str| {
        let (path, rest) = line.split_once(':')?;
        let level = rest.split(": ").nth(1)?;
        Some(format!("{path} {level} {}", rest.rsplit(' ').next()?))
    };
    run.stdout.lines().filter_map(short).collect()
}

fn errors(tree: &Tree, args: &[&str]) -> String {
    let run = tree.run(args);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    run.stderr
}

const BOTH: [&str; 2] =
    ["compose.yaml error [privileged-service]", "compose.yaml info [writable-root-filesystem]"];

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
fn flags_have_the_last_word() {
    let tree = Tree::new(&[
        (
            ".plimsoll.yaml",
            &format!("{RULES}ignore: [writable-root-filesystem]\nfail-on: critical\nprofile: strict\n"),
        ),
        ("compose.yaml", "services:\n  web:\n    image: a\n"),
        ("bad/compose.yaml", PRIVILEGED),
    ]);
    assert_eq!(tree.run(&["compose.yaml"]).code, 0);
    assert_eq!(tree.run(&["compose.yaml", "--extend-select=writable-root-filesystem"]).code, 0);
    assert_eq!(
        tree.run(&["compose.yaml", "--extend-select=writable-root-filesystem", "--fail-on=low"]).code,
        1
    );
    assert_eq!(tree.run(&["bad"]).code, 1);
    assert_eq!(tree.run(&["bad", "--fail-on=never"]).code, 0);
    assert_eq!(tree.run_with(&[("PLIMSOLL_FAIL_ON", "never")], &["bad"]).code, 0);
    assert_eq!(tree.run(&["bad", "--ignore=privileged-service"]).code, 0);
}

#[test]
fn rules_are_dropped_by_path_and_by_service() {
    let two = "services:\n  web:\n    image: a\n    privileged: true\n    read_only: true\n  db-1:\n    image: a\n    privileged: true\n";
    let config = format!(
        "{RULES}per-file-ignores:\n  'examples/**': [all]\n  legacy.compose.yaml: {{ rules: [security], reason: goes away }}\nper-service-ignores:\n  'db-*': {{ rules: [CL-0002], reason: it is the database }}\n"
    );
    let tree =
        Tree::new(&[(".plimsoll.yaml", &config), ("compose.yaml", two), ("examples/x/compose.yaml", two)]);
    tree.write("deep/legacy.compose.yaml", two.as_bytes());
    let mut all = found(&tree, &[".", "deep/legacy.compose.yaml"]);
    all.sort();
    assert_eq!(all, BOTH);
    // Patterns start from the configuration file, wherever the linter is run.
    let mut command = tree.command(&["--output-format=concise", "--exit-zero", ".", "../compose.yaml"]);
    command.current_dir(tree.path().join("examples"));
    let mut all = lines(&command.output().expect("the binary runs").into());
    all.sort();
    assert_eq!(all, BOTH.map(|line| format!("../{line}")));
}

#[test]
fn a_comment_on_a_rule_that_is_dropped_for_the_file_is_not_unused() {
    let text =
        "services:\n  web:\n    image: a # plimsoll: ignore[privileged-service]\n    read_only: true\n";
    let config = format!("{RULES}per-file-ignores: {{ 'a/': [privileged-service] }}\n");
    let tree = Tree::new(&[(".plimsoll.yaml", &config), ("a/compose.yaml", text), ("b/compose.yaml", text)]);
    assert_eq!(found(&tree, &[]), ["b/compose.yaml info [unused-ignore]"]);
    tree.write("b/.plimsoll.yaml", format!("{RULES}suppressions: {{ warn-unused: false }}\n").as_bytes());
    assert_eq!(found(&tree, &[]), Vec::<String>::new());
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
fn faults_are_told_one_a_line_and_nothing_is_linted() {
    let tree = Tree::new(&[
        ("compose.yaml", PRIVILEGED),
        (".plimsoll.yaml", "profil: strict\nignore: [privileged-servce]\nfail-on: hihg\n"),
        ("b/compose.yaml", PRIVILEGED),
        ("b/.plimsoll.yaml", "a: [\n"),
        ("c/compose.yaml", PRIVILEGED),
        ("c/.plimsoll.yaml", ""),
        ("c/plimsoll.yml", ""),
    ]);
    insta::assert_snapshot!(errors(&tree, &[]), @r"
    error: .plimsoll.yaml:1:1: unknown key `profil`; did you mean `profile`?
    error: .plimsoll.yaml:2:10: there is no rule `privileged-servce`; did you mean `privileged-service`?
    error: .plimsoll.yaml:3:10: `fail-on` cannot be `hihg`; did you mean `high`?
    error: b/.plimsoll.yaml:1:4: this `[` is never closed
    error: c/.plimsoll.yaml and c/plimsoll.yml: two configuration files in one directory; keep one
    ");
    insta::assert_snapshot!(errors(&tree, &["--config", "none.yaml"]), @r"
    error: none.yaml: no such file
    ");
    insta::assert_snapshot!(errors(&tree, &["--config", "b/.plimsoll.yaml", "compose.yaml"]), @r"
    error: b/.plimsoll.yaml:1:4: this `[` is never closed
    ");
    insta::assert_snapshot!(errors(&tree, &["config", "show", "c"]), @r"
    error: c/.plimsoll.yaml and c/plimsoll.yml: two configuration files in one directory; keep one
    ");
    assert_eq!(tree.run(&["--isolated", "--config=x"]).code, 2);
    // What nobody asks about may be broken.
    assert_eq!(tree.run(&["--isolated", "--select=syntax-error"]).code, 0);
}

#[test]
fn hostile_configuration_ends_in_an_error() {
    let bomb = (1..30).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
        format!("{text}a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))
    });
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    for text in [
        bomb.as_str(),
        &"{a: ".repeat(100_000),
        &"[".repeat(1_100_000),
        &"x: &x *x\n".repeat(3),
        "\u{feff}a: 1",
        "? [a]\n: b\n",
        "!!binary a",
    ] {
        tree.write(".plimsoll.yaml", text.as_bytes());
        let run = tree.run(&[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr.lines().all(|line| line.starts_with("error: .plimsoll.yaml:") && line.len() < 2000),
            "{run:?}"
        );
    }
    tree.write(".plimsoll.yaml", b"ignore: [caf\xE9]\n");
    insta::assert_snapshot!(errors(&tree, &[]), @r"
    error: .plimsoll.yaml:1:13: not UTF-8 text (byte 0xE9)
    ");
}

#[test]
fn comments_silence_nothing_where_that_is_not_allowed() {
    let text = "services:\n  web:\n    image: a\n    read_only: true\n    privileged: true # plimsoll: ignore[privileged-service]\n";
    let tree = Tree::new(&[("compose.yaml", text), ("a/compose.yaml", text), ("b/compose.yaml", text)]);
    tree.write(".plimsoll.yaml", RULES.as_bytes());
    tree.write("a/.plimsoll.yaml", format!("{RULES}suppressions: {{ allow-inline: false }}\n").as_bytes());
    tree.write("b/.plimsoll.yaml", format!("{RULES}suppressions: {{ require-reason: true }}\n").as_bytes());
    assert_eq!(
        found(&tree, &[]),
        [
            "a/compose.yaml error [privileged-service]",
            "b/compose.yaml error [privileged-service]",
            "b/compose.yaml warning [malformed-ignore]"
        ]
    );
    assert_eq!(found(&tree, &["--ignore-suppressions", "compose.yaml"]), BOTH[..1]);
}

#[test]
fn a_day_that_has_passed_is_told() {
    let text = |day: &str| {
        format!(
            "services:\n  web:\n    image: a\n    read_only: true\n    privileged: true # plimsoll: ignore[privileged-service] until={day} why\n"
        )
    };
    let tree = Tree::new(&[("compose.yaml", &text("2020-01-01")), ("a/compose.yaml", &text("9999-12-31"))]);
    let select = "--select=privileged-service,hygiene";
    assert_eq!(
        found(&tree, &[select]),
        ["compose.yaml error [privileged-service]", "compose.yaml warning [expired-ignore]"]
    );
}

#[test]
fn the_schema_in_the_documentation_is_the_one_that_is_printed() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/config-v1.json");
    let schema = Tree::new(&[]).run(&["config", "schema"]).stdout;
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &schema).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "docs/schema/config-v1.json is stale: BLESS=1 cargo test --test config");
}

#[test]
fn a_first_configuration_says_nothing_yet_and_all_it_explains_is_true() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    assert_eq!(tree.run(&["config", "init"]).stdout, "Wrote .plimsoll.yaml\n");
    let before = tree.run(&["config", "show", "--isolated"]).stdout;
    assert_eq!(tree.run(&["config", "show"]).stdout, before);
    insta::assert_snapshot!(errors(&tree, &["config", "init"]), @r"
    error: .plimsoll.yaml is there already
    ");
    let lines: Vec<String> = tree.read(".plimsoll.yaml").lines().map(str::to_owned).collect();
    // Each key, taken out of its comment, can be read.
    let keys = lines.iter().filter_map(|line| line.strip_prefix("# ")).filter(|line| {
        line.split_once(": ").is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    });
    let keys: Vec<&str> = keys
        .filter(|line| !["extends", "rules-as-of", "yaml-"].iter().any(|key| line.starts_with(key)))
        .collect();
    assert_eq!(keys.len(), 21, "{keys:?}");
    tree.write("x.yaml", format!("{}\n", keys.join("\n")).as_bytes());
    let shown = tree.run(&["config", "show", "--config", "x.yaml"]).stdout;
    let values = |text: &str| {
        text.lines().map(|line| line.split("  #").next().unwrap().trim_end().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&shown)[..15], values(&before)[..15]);
}

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
fn variables_show_where_they_take_the_place_of_flags() {
    let tree = Tree::new(&[(".plimsoll.yaml", "fail-on: high\n\nignore: [hygiene]\n")]);
    let run = tree.run_with(&[("PLIMSOLL_PROFILE", "audit")], &["config", "show", "compose.yaml"]);
    let line = |key: &str| {
        run.stdout
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line("profile"), "profile: \"audit\" # PLIMSOLL_PROFILE");
    assert_eq!(line("fail-on"), "fail-on: \"high\" # .plimsoll.yaml:1");
    assert_eq!(line("ignore"), "ignore: [\"hygiene\"] # .plimsoll.yaml:3");
    assert_eq!(line("select"), "select: [] # default");
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
fn what_may_be_fixed_is_said_for_each_file() {
    let text = "FROM alpine:3.20 as Base\n";
    let select = "select: [from-as-casing, stage-name-casing]\n";
    let tree = Tree::new(&[
        (".git/HEAD", ""),
        (".plimsoll.yaml", &format!("{select}fixable: [from-as-casing]\n")),
        ("Dockerfile", text),
        ("a/.plimsoll.yaml", "extends: ../.plimsoll.yaml\nunfixable: [buildkit-nonsense]\n"),
        ("b/.plimsoll.yaml", "extends: ../.plimsoll.yaml\nfixable: [all]\nunfixable: [StageNameCasing]\n"),
        ("b/Dockerfile", text),
        ("c/.plimsoll.yaml", "extends: ../.plimsoll.yaml\nfixable: []\n"),
        ("c/Dockerfile", text),
    ]);
    assert_eq!(
        errors(&tree, &["a"]),
        "error: a/.plimsoll.yaml:2:13: there is no rule `buildkit-nonsense`; `plimsoll rules` lists them\n"
    );
    std::fs::remove_dir_all(tree.path().join("a")).unwrap();
    let counted = tree.run(&["--output-format=grouped"]);
    assert!(counted.stdout.ends_with("[*] 2 fixable with --fix.\n"), "{counted:?}");
    let fixed = tree.run(&["--fix", "--output-format=concise"]);
    assert_eq!((fixed.code, fixed.stderr.as_str()), (0, "note: fixed 2 problems in 2 files\n"));
    assert_eq!(tree.read("Dockerfile"), "FROM alpine:3.20 AS Base\n");
    assert_eq!(
        (tree.read("b/Dockerfile").as_str(), tree.read("c/Dockerfile").as_str()),
        ("FROM alpine:3.20 AS Base\n", text)
    );
    // Flags have the last word, and what is called fixable there is no longer unfixable.
    let all = tree.run(&["--fix", "--fixable=stage-name-casing", "--output-format=concise"]);
    assert_eq!((all.code, tree.read("b/Dockerfile").as_str()), (0, "FROM alpine:3.20 AS base\n"));
    assert_eq!(tree.read("c/Dockerfile"), "FROM alpine:3.20 as base\n");
    let none = tree.run(&["--fix", "--fixable=all", "--unfixable=from-as-casing", "--output-format=concise"]);
    assert_eq!((none.code, tree.read("c/Dockerfile").as_str()), (0, "FROM alpine:3.20 as base\n"));
}

/// The example in `docs/configuration.md` has every key, and all of it can be read.
#[test]
fn the_documented_example_is_a_configuration() {
    let page = include_str!("../docs/configuration.md").replace("\r\n", "\n");
    let (_, rest) = page.split_once("## The keys\n\n```yaml\n").expect("there is an example");
    let (example, _) = rest.split_once("\n```\n").expect("it ends");
    let tree = Tree::new(&[
        (".git/HEAD", ""),
        (".plimsoll.yaml", ""),
        ("svc/.plimsoll.yaml", &format!("{example}\n")),
        ("svc/.plimsoll-baseline.json", "{\"version\": 1, \"findings\": []}"),
        ("svc/compose.yaml", CLEAN),
        ("svc/deploy/prod.yaml", "services: {}\n"),
    ]);
    let run = tree.run(&["config", "show", "svc"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let unset: Vec<&str> = run.stdout.lines().filter(|line| line.ends_with("# default")).collect();
    assert!(unset.is_empty(), "{unset:?}");
    assert_eq!(tree.run(&["svc", "--exit-zero"]).stderr, "");
}

#[test]
fn rules_can_be_dropped_by_path_on_the_command_line() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", &format!("{RULES}per-file-ignores: {{ c: [all] }}\n")),
        ("a/compose.yaml", PRIVILEGED),
        ("b/compose.yaml", PRIVILEGED),
        ("c/compose.yaml", PRIVILEGED),
    ]);
    let all = found(&tree, &[]);
    assert_eq!(all.len(), 4);
    let dropped = found(&tree, &["--per-file-ignores", "a/:CL-0002,a/:writable-root-filesystem"]);
    assert_eq!(dropped, all[2..]);
    assert_eq!(found(&tree, &["--per-file-ignores=compose.yaml:all"]), Vec::<String>::new());
    // Patterns start where the command is run.
    let mut inside = tree.command(&["--output-format=concise", "--per-file-ignores=a:all", "compose.yaml"]);
    let run: Run = inside.current_dir(tree.path().join("a")).output().unwrap().into();
    assert_eq!(lines(&run).len(), 2);
    assert_eq!(
        errors(&tree, &["--per-file-ignores=a:privleged-service"]),
        "error: --per-file-ignores: there is no rule `privleged-service`; did you mean `privileged-service`?\n"
    );
    assert!(
        errors(&tree, &["--per-file-ignores=[z-a]:all"])
            .contains("--per-file-ignores '[z-a]': invalid range")
    );
    assert!(errors(&tree, &["--per-file-ignores=all"]).contains("expected GLOB:RULE"));
}

#[test]
fn settings_are_shown_with_the_flags_among_them() {
    let tree = Tree::new(&[
        ("a/.plimsoll.yaml", "ignore: [missing-user]\nfail-on: high\n"),
        ("a/compose.yaml", PRIVILEGED),
        ("b/compose.yaml", PRIVILEGED),
    ]);
    let row = |run: &Run, key: &str| {
        let row = run.stdout.lines().find(|line| line.starts_with(&format!("{key}: ")));
        row.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let run = tree.run(&["--show-settings", "--ignore=root-user", "--exclude=x", "a"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(
        row(&run, "ignore"),
        "ignore: [\"missing-user\",\"root-user\"] # a/.plimsoll.yaml:1, --ignore"
    );
    assert_eq!(row(&run, "fail-on"), "fail-on: \"high\" # a/.plimsoll.yaml:2");
    assert_eq!(row(&run, "exclude"), "exclude: [\"x\"] # --exclude");
    assert_eq!(row(&run, "profile"), "profile: \"default\" # default");
    // The variable gives way to the flag.
    let run = tree.run_with(&[("PLIMSOLL_FAIL_ON", "low")], &["--show-settings", "a"]);
    assert_eq!(row(&run, "fail-on"), "fail-on: \"low\" # PLIMSOLL_FAIL_ON");
    let both = tree.run(&["check", "--show-settings", "a", "b/compose.yaml"]).stdout;
    assert!(both.starts_with("# a\n") && both.contains("\n# b/compose.yaml\n"), "{both}");
    assert!(errors(&tree, &["--show-settings", "missing"]).contains("missing: no such file"));
    let isolated = tree.run(&["--show-settings", "--isolated", "--stdin-filename=a/new.yaml", "-"]);
    assert_eq!(row(&isolated, "fail-on"), "fail-on: \"low\" # default");
    let buffer = tree.run(&["--show-settings", "--stdin-filename=a/new.yaml", "-"]);
    assert_eq!(row(&buffer, "fail-on"), "fail-on: \"high\" # a/.plimsoll.yaml:2");
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

const POLICIES: &str = "policies:\n  - name: tag\n    for: image\n    require: image.tag != 'latest'\n    message: '{image.reference} moves'\n    severity: high\n    tests:\n      - {expect: fail, compose: 'services: {a: {image: nginx}}', at: 'compose.yaml:1'}\n      - {expect: pass, compose: 'services: {a: {image: nginx}}'}\n";

#[test]
fn policies_are_tested_explained_and_listed() {
    let compose = "services:\n  web:\n    image: nginx\n    user: '7'\n";
    let tree = Tree::new(&[("x.yaml", POLICIES), ("compose.yaml", compose)]);
    let run = tree.run(&["policy", "test", "--config", "x.yaml"]);
    assert_eq!((run.code, run.stdout.lines().count()), (1, 4), "{}", run.stdout);
    assert!(run.stdout.contains("FAILED  tag: example 2: expected to pass"), "{}", run.stdout);
    assert_eq!(tree.run(&["policy", "test"]).code, 2);
    let run = tree.run(&["policy", "test", "--library"]);
    assert!(run.code == 0 && run.stdout.contains(", 0 failed"), "{}", run.stdout);

    let text = tree.run(&["policy", "explain", "--isolated", "compose.yaml"]).stdout;
    assert!(text.contains("container.user.uid: 7  # compose.yaml:4:11\n"), "{text}");
    assert!(text.contains("container.limits.memory: 0  # unset\n"), "{text}");
    let json = tree.run(&["policy", "explain", "--config", "x.yaml", "--output-format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["explained"][0]["fields"][0]["path"], "service.name");
    assert!(tree.run(&["policy", "library"]).stdout.contains("uid-range (for each container)"));
    assert!(tree.run(&["policy", "reference"]).stdout.contains("### container"));

    let run = tree.run(&["--config", "x.yaml", "--output-format", "concise", "--select", "policy"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "compose.yaml:3:12: error: nginx moves [policy/tag]\n"));
    tree.write("y.yaml", b"policies:\n  - name: tag\n    for: image\n    require: image.tg != ''\n");
    let run = tree.run(&["--config", "y.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("y.yaml:4:20: an image has no `tg`; did you mean `tag`?"), "{}", run.stderr);
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
