//! Files in memory count as files on disk do, and places are told as JavaScript counts.

use lint_wasm::{Workspace, about};
use serde_json::{Value, json};

fn workspace(setup: &Value, files: &[(&str, &str)]) -> Workspace {
    let mut workspace = Workspace::new(&setup.to_string()).unwrap();
    files.iter().for_each(|(path, text)| workspace.set(path, text));
    workspace
}

fn ask(workspace: &mut Workspace, question: &Value) -> Value {
    serde_json::from_str(&workspace.ask(&question.to_string()).unwrap()).unwrap()
}

/// `file: rule`, in the order of the report.
fn found(workspace: &mut Workspace) -> Vec<String> {
    let report = ask(workspace, &json!({"ask": "report"}));
    let told = |it: &Value| format!("{}: {}", it["file"].as_str().unwrap(), it["rule"].as_str().unwrap());
    report["findings"].as_array().unwrap().iter().map(told).collect()
}

const ROOT: &str = "FROM debian:12\nUSER root\n";

#[test]
fn the_nearest_configuration_counts_and_options_have_the_last_word() {
    let files = [
        ("Dockerfile", ROOT),
        ("svc/Dockerfile", ROOT),
        ("svc/deep/Dockerfile", ROOT),
        (".plimsoll.yaml", "severity: {root-user: low}\nper-file-ignores: {'svc/deep/*': [root-user]}\n"),
        ("svc/.plimsoll.yaml", "extends: ../.plimsoll.yaml\nignore: [unused-ignore]\n"),
    ];
    let mut workspace = workspace(&json!({}), &files);
    assert_eq!(found(&mut workspace), ["Dockerfile: root-user", "svc/Dockerfile: root-user"]);
    let report = ask(&mut workspace, &json!({"ask": "report"}));
    assert_eq!(report["findings"][0]["severity"], "low");
    workspace.configure(r#"{"options": {"ignore": ["root-user"]}}"#).unwrap();
    assert!(found(&mut workspace).is_empty());
    assert!(workspace.configure(r#"{"options": {"ignored": []}}"#).unwrap_err().contains("unknown key"));
    assert!(workspace.configure(r#"{"configuration": "extends: a.yaml"}"#).is_err());
    workspace.configure(r#"{"configuration": "profile: strict\n"}"#).unwrap();
    assert!(found(&mut workspace).contains(&"Dockerfile: root-user".to_owned()));
}

#[test]
fn a_configuration_that_is_wrong_is_told_and_the_one_before_stays() {
    let mut workspace =
        workspace(&json!({}), &[("Dockerfile", ROOT), (".plimsoll.yaml", "ignore: [root-user]\n")]);
    assert!(found(&mut workspace).is_empty());
    workspace.set(".plimsoll.yaml", "ignor: [root-user]\n");
    let report = ask(&mut workspace, &json!({"ask": "report"}));
    assert!(report["errors"][0].as_str().unwrap().starts_with(".plimsoll.yaml:1:1: unknown key `ignor`"));
    assert_eq!(report["findings"], json!([]));
    for (text, why) in [
        ("extends: ../x.yaml\n", "outside the repository"),
        ("extends: x.yaml\n", "no such file"),
        ("extends: .plimsoll.yaml\n", "extends this one in turn"),
        ("extends: https://example.com/x.yaml\n", "never from the network"),
    ] {
        workspace.set(".plimsoll.yaml", text);
        let report = ask(&mut workspace, &json!({"ask": "report"}));
        assert!(report["errors"][0].as_str().unwrap().contains(why), "{text}: {}", report["errors"]);
    }
    workspace.remove(".plimsoll.yaml");
    assert_eq!(found(&mut workspace), ["Dockerfile: root-user"]);
}

#[test]
fn what_is_ours_is_told_by_name_and_text() {
    let mut workspace = workspace(
        &json!({}),
        &[
            ("Dockerfile", ROOT),
            ("vendor/Dockerfile", ROOT),
            ("out/Dockerfile", ROOT),
            (".git/Dockerfile", ROOT),
            ("image.txt", ROOT),
            ("Dockerfile.j2", ROOT),
            (".gitignore", "out/\n"),
            (".plimsoll.yaml", "exclude: [vendor]\nfiles: {dockerfile: [image.txt]}\n"),
        ],
    );
    workspace.set_bytes("bad/Dockerfile", b"FROM a\n\xFF");
    workspace.set_bytes("wide/Dockerfile", b"\xFF\xFEF\0");
    workspace.set_present("there/Dockerfile");
    let report = ask(&mut workspace, &json!({"ask": "report"}));
    let sources: Vec<&str> =
        report["sources"].as_array().unwrap().iter().map(|it| it["file"].as_str().unwrap()).collect();
    assert_eq!(sources, ["Dockerfile", "bad/Dockerfile", "image.txt", "there/Dockerfile", "wide/Dockerfile"]);
    let unreadable = report["unreadable"].to_string();
    for why in ["not UTF-8 text (byte 7)", "UTF-16 text", "not read"] {
        assert!(unreadable.contains(why), "{unreadable}");
    }
    assert!(report["skipped"].to_string().contains("a template"), "{}", report["skipped"]);
    workspace.set(".gitignore", "");
    assert!(found(&mut workspace).contains(&"out/Dockerfile: root-user".to_owned()));
}

#[test]
fn places_are_units_of_utf_16_lines_and_bytes() {
    let mut workspace = workspace(&json!({}), &[("Dockerfile", "# 🦀é\r\nFROM debian:12\r\nUSER root\r\n")]);
    let finding = ask(&mut workspace, &json!({"ask": "findings", "file": "./Dockerfile"}))[0].take();
    assert_eq!(finding["span"], json!({"start": 23, "end": 32}));
    assert_eq!(finding["bytes"], json!({"start": 26, "end": 35}));
    assert_eq!(
        finding["range"],
        json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 9}})
    );
    let hover = ask(&mut workspace, &json!({"ask": "hover", "file": "Dockerfile", "offset": 25}));
    assert!(hover["parts"].to_string().contains("root-user"), "{hover}");
}

#[test]
fn findings_are_mended_and_accepted() {
    let compose = "services:\n  web:\n    build: .\n    privileged: ${P:-true}\n";
    let mut workspace = workspace(
        &json!({"root": "shop"}),
        &[("Dockerfile", "FROM debian:12\nRUN apt-get install x\nUSER 1\n"), ("compose.yaml", compose)],
    );
    let fixed = ask(&mut workspace, &json!({"ask": "fixAll"}));
    assert!(fixed[0]["after"].as_str().unwrap().contains("install -y x"), "{fixed}");
    let findings = ask(&mut workspace, &json!({"ask": "findings", "file": "compose.yaml"}));
    let privileged =
        findings.as_array().unwrap().iter().find(|it| it["rule"] == "privileged-service").unwrap().clone();
    let question = |ask: &str, reason: &str| json!({"ask": ask, "file": "compose.yaml", "fingerprint": privileged["fingerprint"], "reason": reason});
    let accepted = ask(&mut workspace, &question("accept", "a test"));
    workspace.set("compose.yaml", accepted[0]["after"].as_str().unwrap());
    let report = ask(&mut workspace, &json!({"ask": "report"}));
    assert_eq!(report["accepted"][0]["reason"], "a test");
    assert!(workspace.ask(&question("accept", "again").to_string()).unwrap_err().contains("not found"));
    let effective = ask(&mut workspace, &json!({"ask": "effective", "file": "compose.yaml"}));
    assert!(effective["text"].as_str().unwrap().starts_with("name: shop\n"), "{effective}");
    let facts = ask(&mut workspace, &json!({"ask": "facts", "file": "compose.yaml"}));
    assert!(facts["containers"][0]["description"].as_str().unwrap().contains("as it would run"));
    let baseline = workspace.ask(r#"{"ask": "baseline"}"#).unwrap();
    workspace.set("plimsoll-baseline.json", &baseline);
    workspace.set(".plimsoll.yaml", "baseline: plimsoll-baseline.json\n");
    assert!(found(&mut workspace).is_empty());
}

#[test]
fn names_are_explained_and_nonsense_is_refused() {
    let explained: Value =
        serde_json::from_str(&about(r#"{"ask": "explain", "name": "DL3002"}"#).unwrap()).unwrap();
    assert_eq!(explained["rules"][0]["name"], "root-user");
    assert!(about(r#"{"ask": "explain", "name": "DL3049"}"#).unwrap().contains("leftOut\":{"));
    assert!(about(r#"{"ask": "x"}"#).is_err() && about("").is_err());
    let mut workspace = Workspace::new("{}").unwrap();
    for question in ["", "{}", r#"{"ask": "report2"}"#, r#"{"ask": "hover", "file": "x"}"#] {
        assert!(workspace.ask(question).is_err(), "{question}");
    }
    assert!(Workspace::new(r#"{"today": "2027-02-30"}"#).is_err() && Workspace::new(r#"{"x": 1}"#).is_err());
}

/// The types that JavaScript is told of have every key that is answered.
#[test]
fn the_types_name_every_key() {
    let types = include_str!("../../../packaging/wasm/package/index.d.cts");
    let mut workspace = workspace(
        &json!({}),
        &[
            ("Dockerfile", "FROM debian:12\nRUN apt-get install x\n"),
            ("compose.yaml", "services: {web: {build: .}}"),
        ],
    );
    let mut answers = vec![serde_json::from_str(&about(r#"{"ask": "rules"}"#).unwrap()).unwrap()];
    for question in ["report", "facts", "hover", "effective", "fixAll"] {
        answers.push(ask(&mut workspace, &json!({"ask": question, "file": "Dockerfile", "offset": 6})));
    }
    let mut keys = std::collections::BTreeSet::new();
    answers.iter().for_each(|answer| keys_of(answer, &mut keys));
    // Versions of the benchmark are keys of a record.
    keys.retain(|key| !key.starts_with(|c: char| c.is_ascii_digit()));
    for key in keys {
        assert!(
            types.contains(&format!("  {key}: "))
                || types.contains(&format!("{key}?: "))
                || types.contains(&format!("{{ {key}: "))
                || types.contains(&format!("; {key}: ")),
            "{key}"
        );
    }
}

fn keys_of(value: &Value, keys: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            keys_of(value, keys);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys_of(item, keys)),
        _ => {}
    }
}

#[test]
fn what_git_ignores_is_not_in_a_clone() {
    let compose =
        "services:\n  app:\n    image: app:1\n    volumes:\n      - ./settings.yml:/etc/settings.yml:ro\n";
    let files = [("compose.yaml", compose), (".gitignore", "settings.yml\n"), ("settings.yml", "a: b\n")];
    let mut workspace = workspace(&json!({"options": {"select": ["file-ignored-by-git"]}}), &files);
    assert_eq!(found(&mut workspace), ["compose.yaml: file-ignored-by-git"]);
    workspace.set(".gitignore", "");
    assert!(found(&mut workspace).is_empty());
}
