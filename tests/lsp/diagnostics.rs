//! Findings: what is in them, and when they are told.

use serde_json::{Value, json};

use crate::client::{Client, able, able_but_for, pushed, rules, short};

const SHOP: &[(&str, &str)] = &[
    ("compose.yaml", "services:\n  web:\n    build: .\n    image: shop:1\n"),
    ("Dockerfile", "FROM debian:12\nCMD [\"a\"]\n"),
];

#[test]
fn a_finding_says_what_an_editor_can_show() {
    let mut client = Client::open_folder(
        &[("Dockerfile", "FROM debian:12 AS unused\nMAINTAINER me\nFROM debian:12\nUSER root\nENV A=1\n")],
        able(),
    );
    let found = client.pull("Dockerfile");
    let root = found.iter().find(|it| it["code"] == "root-user").unwrap();
    assert_eq!((root["severity"].as_i64(), &root["source"]), (Some(1), &json!("plimsoll")));
    assert!(root["codeDescription"]["href"].as_str().unwrap().contains("rules.md#root-user"));
    let maintainer = found.iter().find(|it| it["code"] == "deprecated-maintainer").unwrap();
    assert_eq!(maintainer["tags"], json!([2]));
    for it in &found {
        let (start, end) = (&it["range"]["start"], &it["range"]["end"]);
        assert_ne!(start, end, "{it}");
        assert!(!it["message"].as_str().unwrap().contains('\u{1b}'));
    }
    client.write("compose.yaml", "services:\n  a: {image: 'x:1', privileged: true}\n");
    // The same severities as everywhere: high is an error, medium a warning, low information, style a hint.
    client.touched("compose.yaml", 1);
    let service = client.pull("compose.yaml");
    assert!(rules(&service).contains(&"privileged-service".to_owned()));
}

#[test]
fn a_finding_leads_to_the_other_file() {
    let mut client = Client::open_folder(SHOP, able());
    let mut all = client.pull("compose.yaml");
    all.extend(client.pull("Dockerfile"));
    let places: Vec<&Value> =
        all.iter().filter_map(|it| it["relatedInformation"].as_array()).flatten().collect();
    let uris: Vec<&str> = places.iter().map(|it| it["location"]["uri"].as_str().unwrap()).collect();
    assert!(uris.iter().all(|uri| uri.starts_with("file:///")), "{uris:?}");
}

#[test]
fn a_user_that_is_typed_clears_the_finding_in_the_compose_file() {
    let mut client = Client::open_folder(SHOP, able());
    client.open("compose.yaml", "dockercompose", SHOP[0].1);
    client.open("Dockerfile", "dockerfile", SHOP[1].1);
    let before: Vec<String> =
        [client.pull("compose.yaml"), client.pull("Dockerfile")].iter().flat_map(|it| rules(it)).collect();
    assert!(before.contains(&"missing-user".to_owned()), "{before:?}");
    client.settle();
    client.asked.clear();
    client.change("Dockerfile", 2, json!([{"range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 0}}, "text": "USER 1000\n"}]));
    let after: Vec<String> =
        [client.pull("compose.yaml"), client.pull("Dockerfile")].iter().flat_map(|it| rules(it)).collect();
    assert!(!after.contains(&"missing-user".to_owned()), "{after:?}");
}

#[test]
fn what_a_change_does_to_another_open_file_is_told() {
    // The finding is in the Compose file: it says `user: root` of what the Dockerfile builds.
    let compose = "services:\n  web:\n    build: .\n    command: [a]\n    depends_on: [db]\n  db:\n    build: {context: ., target: nowhere}\n";
    let mut client =
        Client::open_folder(&[("compose.yaml", compose), ("Dockerfile", "FROM debian:12\n")], able());
    client.open("compose.yaml", "dockercompose", compose);
    client.open("Dockerfile", "dockerfile", "FROM debian:12\n");
    let before = rules(&client.pull("compose.yaml"));
    client.pull("Dockerfile");
    client.settle();
    client.asked.clear();
    client.change("Dockerfile", 2, json!([{"text": "FROM debian:12 AS nowhere\nUSER 1000\n"}]));
    client.pull("Dockerfile");
    client.wait_to_be_asked("workspace/diagnostic/refresh");
    assert_ne!(rules(&client.pull("compose.yaml")), before);
    client.settle();
    client.asked.clear();
    // An edit that changes nothing elsewhere asks for nothing.
    client.change("Dockerfile", 3, json!([{"text": "FROM debian:12 AS nowhere\nUSER 1000\n# x\n"}]));
    client.pull("Dockerfile");
    client.settle();
    assert!(client.asked.is_empty(), "{:?}", client.asked);

    // A client that is sent what is found is sent both.
    let mut client =
        Client::open_folder(&[("compose.yaml", compose), ("Dockerfile", "FROM debian:12\n")], pushed());
    client.open("compose.yaml", "dockercompose", compose);
    client.open("Dockerfile", "dockerfile", "FROM debian:12\n");
    client.settle();
    client.heard.clear();
    client.change("Dockerfile", 2, json!([{"text": "FROM debian:12 AS nowhere\nUSER 1000\n"}]));
    let (ours, other) = (client.uri("Dockerfile"), client.uri("compose.yaml"));
    client.wait_for("textDocument/publishDiagnostics", |said| said["uri"] == ours && said["version"] == 2);
    client.wait_for("textDocument/publishDiagnostics", |said| said["uri"] == other && said["version"] == 1);
}

#[test]
fn one_channel_is_used() {
    let mut client = Client::open_folder(SHOP, able());
    client.open("Dockerfile", "dockerfile", "FROM debian\n");
    client.pull("Dockerfile");
    client.settle();
    assert!(client.heard.iter().all(|note| note.method != "textDocument/publishDiagnostics"));
    let client = Client::open_folder(SHOP, pushed());
    assert!(client.initialized["capabilities"]["diagnosticProvider"].is_null());
}

#[test]
fn what_is_unchanged_is_said_to_be() {
    let mut client = Client::open_folder(SHOP, able());
    let uri = client.uri("Dockerfile");
    let params = |previous: &Value| json!({"textDocument": {"uri": uri}, "previousResultId": previous});
    let first = client.request("textDocument/diagnostic", params(&Value::Null)).unwrap();
    let again = client.request("textDocument/diagnostic", params(&first["resultId"])).unwrap();
    assert_eq!((&again["kind"], &again["resultId"]), (&json!("unchanged"), &first["resultId"]));
    client.open("Dockerfile", "dockerfile", "FROM debian\nUSER root\n");
    let changed = client.request("textDocument/diagnostic", params(&first["resultId"])).unwrap();
    assert_eq!(changed["kind"], "full");
    // A file that it leans on changes it too.
    client.open("compose.yaml", "yaml", "services:\n  web:\n    build: {context: ., args: {A: b}}\n");
    let known = client.request("textDocument/diagnostic", params(&changed["resultId"])).unwrap();
    assert!(known["resultId"].is_string());
}

#[test]
fn the_whole_workspace_is_told_and_then_what_changes() {
    let mut client = Client::open_folder(SHOP, able());
    let all = client.request("workspace/diagnostic", json!({"previousResultIds": []})).unwrap();
    let items = all["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{all:#}");
    assert!(items.iter().all(|item| item["kind"] == "full" && item["version"].is_null()));
    let known: Vec<Value> =
        items.iter().map(|item| json!({"uri": item["uri"], "value": item["resultId"]})).collect();
    let id = client.ask("workspace/diagnostic", json!({"previousResultIds": known}));
    client.settle();
    // Nothing is answered until there is something to say.
    client.open("Dockerfile", "dockerfile", "FROM debian\nUSER root\n");
    let changed = client.answer(&id).unwrap();
    let uris: Vec<&Value> = changed["items"].as_array().unwrap().iter().map(|item| &item["uri"]).collect();
    assert!(uris.contains(&&json!(client.uri("Dockerfile"))), "{changed:#}");
    // A file that is gone is cleared.
    client.close("Dockerfile");
    std::fs::remove_file(client.path("compose.yaml")).unwrap();
    client.touched("compose.yaml", 3);
    let known: Vec<Value> =
        items.iter().map(|item| json!({"uri": item["uri"], "value": item["resultId"]})).collect();
    let gone = client.request("workspace/diagnostic", json!({"previousResultIds": known})).unwrap();
    let of_compose = gone["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["uri"] == client.uri("compose.yaml"))
        .unwrap()
        .clone();
    assert_eq!(of_compose["items"], json!([]));
}

#[test]
fn files_that_are_not_open_are_told_of_unless_somebody_does_not_want_that() {
    let mut client = Client::open_folder(SHOP, pushed());
    let uri = client.uri("Dockerfile");
    let said = client.wait_for("textDocument/publishDiagnostics", |said| said["uri"] == uri);
    assert!(!said["diagnostics"].as_array().unwrap().is_empty());
    let mut client = Client::with(
        SHOP,
        able_but_for("/textDocument/diagnostic"),
        json!({"diagnosticMode": "openFilesOnly"}),
        &Default::default(),
    );
    client.settle();
    assert!(
        client.heard.iter().all(|note| note.method != "textDocument/publishDiagnostics"),
        "{:?}",
        client.heard
    );
    client.open("Dockerfile", "dockerfile", SHOP[1].1);
    client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 1);
}

#[test]
fn a_change_of_a_flag_alone_is_a_change() {
    let mut client = Client::open_folder(&[], able());
    client.open("Dockerfile", "dockerfile", "FROM debian:12\n");
    let before = client.found("Dockerfile");
    client.change("Dockerfile", 2, json!([{"range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 5}}, "text": "--platform=linux/amd64 "}]));
    let after = client.found("Dockerfile");
    assert_ne!(before, after);
    assert!(after.iter().all(|it| it.contains("0:")), "{after:?}");
    assert_eq!(short(&client.pull("Dockerfile")[0]), after[0]);
}
