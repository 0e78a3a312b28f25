//! Configuration files: which one counts, what it does, and what is said of a broken one.

#[path = "config/places.rs"]
mod places;
#[path = "config/policies.rs"]
mod policies;
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
