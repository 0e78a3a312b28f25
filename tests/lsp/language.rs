//! Hover, hints, definitions, references, outlines, lenses.

use serde_json::{Value, json};

use crate::client::{Client, able, able_but_for};

const FILES: &[(&str, &str)] = &[
    (
        "compose.yaml",
        "x-base: &base\n  read_only: true\nservices:\n  web:\n    <<: *base\n    build:\n      context: .\n      target: run\n      args:\n        VERSION: ${TAG}\n    ports: ['80:8080']\n    cap_add: [SYS_ADMIN]\n    volumes: [data:/d, '/etc:/host:ro']\n    secrets: [token]\n    networks: [inner]\n    depends_on: [db]\n    env_file: web.env\n  db:\n    image: postgres:${PG:-9.6}\n    user: postgres\n  job:\n    extends: {file: common.yaml, service: job}\nvolumes:\n  data:\nnetworks:\n  inner:\nsecrets:\n  token: {file: ./t}\n",
    ),
    ("compose.override.yaml", "services:\n  web:\n    privileged: true\n  db:\n    user: root\n"),
    ("common.yaml", "services:\n  job:\n    image: alpine:3.20\n"),
    (".env", "A=b\nTAG=1.2\nAPI_TOKEN=abc\n"),
    ("web.env", "X=1\n"),
    (
        "Dockerfile",
        "ARG BASE=debian\nFROM ${BASE}:12 AS build\nARG VERSION=1\nENV HOME_DIR=/x$VERSION\nRUN id\nFROM build AS run\nCOPY --from=build /a /a\nWORKDIR $HOME_DIR\nUSER 1000\n",
    ),
];

fn at_text(client: &Client, name: &str, needle: &str) -> Value {
    let text = FILES.iter().find(|(file, _)| *file == name).unwrap().1;
    let offset = text.find(needle).unwrap_or_else(|| panic!("{needle} in {name}"));
    let line = text[..offset].matches('\n').count();
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    client.at(name, line as u32, (offset - start) as u32 + 1)
}

fn hover(client: &mut Client, name: &str, needle: &str) -> String {
    let at = at_text(client, name, needle);
    let answer = client.request("textDocument/hover", at).unwrap();
    answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
}

/// `file:line` of what something refers to.
fn leads_to(client: &mut Client, method: &str, name: &str, needle: &str) -> Vec<String> {
    let mut params = at_text(client, name, needle);
    params["context"] = json!({"includeDeclaration": false});
    let answer = client.request(method, params).unwrap();
    let root = client.uri("");
    let place = |it: &Value| {
        let uri = it.get("targetUri").or(it.get("uri")).unwrap().as_str().unwrap();
        let range = it.get("targetRange").or(it.get("range")).unwrap();
        format!(
            "{}:{}",
            uri.strip_prefix(&root).unwrap().trim_start_matches('/'),
            range["start"]["line"].as_u64().unwrap() + 1
        )
    };
    answer.as_array().unwrap().iter().map(place).collect()
}

#[test]
fn a_service_is_told_as_the_container_that_it_becomes() {
    let mut client = Client::open_folder(FILES, able());
    let web = hover(&mut client, "compose.yaml", "web:\n");
    for part in [
        "**web** as it would run",
        "User: 1000 (set by `USER` in Dockerfile:9)",
        "built from `Dockerfile`, stage `run`",
        "Privileged",
        "`/etc` (read-only)",
        "80 on every address → 8080",
        "read-only root file system",
        "Without limit: memory",
    ] {
        assert!(web.contains(part), "{part} in {web}");
    }
    let db = hover(&mut client, "compose.yaml", "db:\n    image");
    assert!(db.contains("User: root, then postgres (set by `user` in compose.override.yaml:5)"), "{db}");
    assert!(hover(&mut client, "compose.yaml", "postgres:${PG").contains("PostgreSQL 9.6"), "the image");
    let stage = hover(&mut client, "Dockerfile", "FROM build");
    assert!(stage.contains("**run** as it would run") && stage.contains("1000"), "{stage}");
    let base = hover(&mut client, "Dockerfile", "${BASE}");
    assert!(
        base.contains("debian:12") && base.contains("Runs as: root") && base.contains("`BASE` is `debian`"),
        "{base}"
    );
}

#[test]
fn a_value_says_what_it_comes_to_and_where_it_is_set() {
    let mut client = Client::open_folder(FILES, able());
    assert!(hover(&mut client, "compose.yaml", "${TAG}").contains("`TAG` is `1.2`, set in .env:2"));
    assert!(hover(&mut client, "compose.yaml", "${PG").contains("default"));
    let user = hover(&mut client, "compose.yaml", "postgres\n  job");
    assert!(user.contains("comes to `root`, as compose.override.yaml:5 says"), "{user}");
    assert!(hover(&mut client, "Dockerfile", "$HOME_DIR").contains("`HOME_DIR` is `/x1`, set in line 4"));
    assert!(hover(&mut client, "Dockerfile", "1000\n").contains("Uid 1000"));
    // What is a secret by its name is not shown.
    client.open(
        "compose.yaml",
        "dockercompose",
        "services:\n  a:\n    image: x:1\n    command: [\"${API_TOKEN}\"]\n",
    );
    let answer = client.request("textDocument/hover", client.at("compose.yaml", 3, 18)).unwrap();
    let text = answer["contents"]["value"].as_str().unwrap().to_owned();
    assert!(text.contains("API_TOKEN") && !text.contains("abc"), "{text}");
}

#[test]
fn a_finding_and_a_comment_are_explained() {
    let mut client = Client::open_folder(
        &[("Dockerfile", "FROM debian:12\n# plimsoll: ignore[root-user] why\nUSER root\nRUN sudo id\n")],
        able(),
    );
    let answer = client.request("textDocument/hover", client.at("Dockerfile", 3, 5)).unwrap();
    let text = answer["contents"]["value"].as_str().unwrap();
    assert!(text.contains("**sudo-in-run**") && text.contains("rules.md#sudo-in-run"), "{text}");
    assert_eq!(answer["range"]["start"], json!({"line": 3, "character": 4}));
    let answer = client.request("textDocument/hover", client.at("Dockerfile", 1, 22)).unwrap();
    assert!(answer["contents"]["value"].as_str().unwrap().contains("**root-user**"), "{answer}");
    let mut client = Client::open_folder(
        &[("Dockerfile", "FROM debian:12\nRUN sudo id\n")],
        able_but_for("/textDocument/hover"),
    );
    let answer = client.request("textDocument/hover", client.at("Dockerfile", 1, 5)).unwrap();
    assert_eq!(answer["contents"]["kind"], "plaintext");
    assert!(!answer["contents"]["value"].as_str().unwrap().contains("**"));
}

#[test]
fn hints_say_who_runs_and_what_values_come_to() {
    let mut client = Client::open_folder(FILES, able());
    let hints = |client: &mut Client, name: &str, lines: u32| -> Vec<String> {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": lines, "character": 0}});
        let answer = client
            .request(
                "textDocument/inlayHint",
                json!({"textDocument": {"uri": client.uri(name)}, "range": range}),
            )
            .unwrap();
        let hint = |it: &Value| format!("{} {}", it["position"]["line"], it["label"].as_str().unwrap());
        answer.as_array().unwrap().iter().map(hint).collect()
    };
    let compose = hints(&mut client, "compose.yaml", 99);
    for hint in [
        "3 runs as 1000",
        "4 + read_only",
        "9 = 1.2",
        "17 runs as root, then postgres",
        "19 overridden in compose.override.yaml:5",
        "3 + privileged from compose.override.yaml",
    ] {
        assert!(compose.contains(&hint.to_owned()), "{hint} in {compose:#?}");
    }
    let dockerfile = hints(&mut client, "Dockerfile", 99);
    for hint in ["1 = debian:12", "1 begins as root"] {
        assert!(dockerfile.contains(&hint.to_owned()), "{hint} in {dockerfile:#?}");
    }
    assert!(
        hints(&mut client, "Dockerfile", 1).iter().all(|hint| hint.starts_with(['0', '1'])),
        "only what is seen"
    );
    client.settings = json!({"inlayHints": false});
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.wait_to_be_asked("workspace/inlayHint/refresh");
    assert!(hints(&mut client, "compose.yaml", 99).is_empty());
}

#[test]
fn what_refers_to_something_leads_there_and_back() {
    let mut client = Client::open_folder(FILES, able());
    for (name, needle, target) in [
        ("compose.yaml", "context: .", "-"),
        ("compose.yaml", "run\n", "Dockerfile:6"),
        ("compose.yaml", "VERSION:", "Dockerfile:3"),
        ("compose.yaml", "*base", "compose.yaml:1"),
        ("compose.yaml", "data:/d", "compose.yaml:24"),
        ("compose.yaml", "token]", "compose.yaml:28"),
        ("compose.yaml", "inner]", "compose.yaml:26"),
        ("compose.yaml", "db]", "compose.yaml:18"),
        ("compose.yaml", "web.env", "web.env:1"),
        ("compose.yaml", "common.yaml", "common.yaml:1"),
        ("compose.yaml", "job}", "common.yaml:2"),
        ("compose.yaml", "${TAG}", ".env:2"),
        ("Dockerfile", "build AS run", "Dockerfile:2"),
        ("Dockerfile", "build /a", "Dockerfile:2"),
        ("Dockerfile", "${BASE}", "Dockerfile:1"),
        ("Dockerfile", "$HOME_DIR", "Dockerfile:4"),
    ] {
        let found = leads_to(&mut client, "textDocument/definition", name, needle);
        if target != "-" {
            assert_eq!(found, [target], "{needle}");
        }
    }
    assert_eq!(
        leads_to(&mut client, "textDocument/references", "compose.yaml", "db:\n    image"),
        ["compose.yaml:16"]
    );
    assert_eq!(leads_to(&mut client, "textDocument/references", ".env", "TAG"), ["compose.yaml:10"]);
    let stage = leads_to(&mut client, "textDocument/references", "Dockerfile", "FROM ${BASE}");
    assert_eq!(stage, ["Dockerfile:6", "Dockerfile:7"]);
    let target = leads_to(&mut client, "textDocument/references", "Dockerfile", "FROM build AS run");
    assert!(target.contains(&"compose.yaml:8".to_owned()), "{target:?}");
    let mut plain = Client::open_folder(FILES, able_but_for("/textDocument/definition"));
    assert_eq!(leads_to(&mut plain, "textDocument/definition", "compose.yaml", "db]"), ["compose.yaml:18"]);
}

#[test]
fn a_file_has_an_outline() {
    let mut client = Client::open_folder(FILES, able());
    let symbols = |client: &mut Client, name: &str| {
        client
            .request("textDocument/documentSymbol", json!({"textDocument": {"uri": client.uri(name)}}))
            .unwrap()
            .as_array()
            .unwrap()
            .clone()
    };
    let names = |symbols: &[Value]| -> Vec<String> {
        symbols.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    let compose = symbols(&mut client, "compose.yaml");
    assert_eq!(names(&compose), ["x-base", "services", "volumes", "networks", "secrets"]);
    let services = compose[1]["children"].as_array().unwrap();
    assert_eq!(names(services), ["web", "db", "job"]);
    assert_eq!(services[1]["detail"], "postgres:${PG:-9.6}");
    let dockerfile = symbols(&mut client, "Dockerfile");
    assert_eq!(names(&dockerfile), ["build", "run"]);
    assert_eq!(
        names(dockerfile[1]["children"].as_array().unwrap()),
        ["COPY --from=build /a /a", "WORKDIR $HOME_DIR", "USER 1000"]
    );
    for symbol in compose.iter().chain(&dockerfile) {
        let inside = |inner: &Value, outer: &Value| {
            let place = |it: &Value| (it["line"].as_u64().unwrap(), it["character"].as_u64().unwrap());
            place(&outer["start"]) <= place(&inner["start"]) && place(&inner["end"]) <= place(&outer["end"])
        };
        assert!(inside(&symbol["selectionRange"], &symbol["range"]), "{symbol:#}");
    }
    let mut client = Client::open_folder(FILES, able_but_for("/textDocument/documentSymbol"));
    let flat = symbols(&mut client, "compose.yaml");
    assert!(flat.iter().any(|it| it["name"] == "db" && it["containerName"] == "services"), "{flat:#?}");
}

#[test]
fn lenses_say_who_runs_and_how_much_was_found() {
    let mut client = Client::open_folder(FILES, able());
    let lenses = |client: &mut Client, name: &str| -> Vec<String> {
        let answer = client
            .request("textDocument/codeLens", json!({"textDocument": {"uri": client.uri(name)}}))
            .unwrap();
        let lens = |it: &Value| {
            format!("{} {}", it["range"]["start"]["line"], it["command"]["title"].as_str().unwrap())
        };
        answer.as_array().unwrap().iter().map(lens).collect()
    };
    let compose = lenses(&mut client, "compose.yaml");
    assert!(
        compose[0].starts_with("3 runs as 1000 · ")
            && compose[1].starts_with("17 runs as root, then postgres · "),
        "{compose:?}"
    );
    assert!(
        compose.iter().all(|lens| lens.ends_with("findings") || lens.ends_with("finding")),
        "{compose:?}"
    );
    let dockerfile = lenses(&mut client, "Dockerfile");
    assert!(dockerfile[0].starts_with("5 runs as 1000 · "), "{dockerfile:?}");
}
