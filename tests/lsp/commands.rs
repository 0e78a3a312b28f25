//! What is asked for by name.

use serde_json::{Value, json};

use crate::client::{Client, able, able_but_for, applied};

const FILES: &[(&str, &str)] = &[
    ("compose.yaml", "services:\n  web:\n    build: .\n    image: web:${TAG:-1}\n"),
    ("compose.override.yaml", "services:\n  web:\n    user: root\n"),
    ("Dockerfile", "FROM debian:12\nRUN apt-get install x\nUSER 1000\n"),
    ("other/Dockerfile", "FROM debian:12\nRUN apt-get install x\nUSER 1000\n"),
];

fn run(
    client: &mut Client,
    command: &str,
    arguments: impl FnOnce(&Client) -> Value,
) -> Result<Value, (i32, String)> {
    let arguments = arguments(client);
    client.request("workspace/executeCommand", json!({"command": command, "arguments": arguments}))
}

#[test]
fn everything_is_fixed_in_a_file_or_everywhere() {
    let mut client = Client::open_folder(FILES, able());
    let uri = client.uri("Dockerfile");
    assert_eq!(run(&mut client, "plimsoll.fixAll", |_| json!([uri])).unwrap(), json!({"files": 1}));
    let asked = client.wait_to_be_asked("workspace/applyEdit");
    assert!(applied(&asked["edit"], &uri, FILES[2].1).contains("install -y x"));
    assert_eq!(run(&mut client, "plimsoll.fixAll", |_| json!([])).unwrap(), json!({"files": 2}));
}

#[test]
fn what_is_there_today_is_accepted() {
    let mut client = Client::open_folder(FILES, able_but_for("/workspace/workspaceEdit"));
    let all = client.found("Dockerfile");
    let written = run(&mut client, "plimsoll.baseline", |_| json!([])).unwrap();
    assert!(written["entries"].as_u64().unwrap() >= all.len() as u64);
    let text = std::fs::read_to_string(client.path("plimsoll-baseline.json")).unwrap();
    assert!(text.contains("fingerprint"), "{text}");
    client.write(".plimsoll.yaml", "baseline: plimsoll-baseline.json\n");
    client.touched(".plimsoll.yaml", 1);
    assert!(client.found("Dockerfile").is_empty());
    // An editor that can is asked to write it.
    let mut client = Client::open_folder(FILES, able());
    run(&mut client, "plimsoll.baseline", |_| json!([])).unwrap();
    let asked = client.wait_to_be_asked("workspace/applyEdit");
    assert_eq!(asked["edit"]["documentChanges"][0]["kind"], "create");
    assert!(!client.path("plimsoll-baseline.json").exists());
}

#[test]
fn the_audit_is_a_page() {
    let mut client = Client::open_folder(FILES, able());
    let page = run(&mut client, "plimsoll.auditReport", |_| json!([])).unwrap();
    let html = page["html"].as_str().unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("CIS"), "{}", &html[..200]);
}

#[test]
fn the_effective_project_is_what_compose_would_make_of_it() {
    let mut client = Client::open_folder(FILES, able());
    let uri = client.uri("compose.override.yaml");
    let project = run(&mut client, "plimsoll.effectiveProject", |_| json!([uri])).unwrap();
    let text = project["text"].as_str().unwrap();
    assert!(text.contains("image: web:1") && text.contains("user: root # compose.override.yaml:3"), "{text}");
    assert_eq!(project["refused"], false);
    client.open("compose.yaml", "dockercompose", "services:\n  web: {image: [a]}\n");
    let refused =
        run(&mut client, "plimsoll.effectiveProject", |client| json!([client.uri("compose.yaml")])).unwrap();
    assert_eq!(refused["refused"], true);
    let none =
        run(&mut client, "plimsoll.effectiveProject", |client| json!([client.uri("other/Dockerfile")]));
    assert!(none.unwrap_err().1.contains("no Compose project"));
}

#[test]
fn the_container_of_a_line_is_told() {
    let mut client = Client::open_folder(FILES, able());
    let told = run(
        &mut client,
        "plimsoll.container",
        |client| json!([client.uri("compose.yaml"), {"line": 1, "character": 2}]),
    )
    .unwrap();
    assert!(told["markdown"].as_str().unwrap().contains("**web** as it would run"));
    client.wait_for("window/showMessage", |said| said["message"].as_str().unwrap().contains("User: root"));
}

#[test]
fn who_reports_a_fault_can_say_what_is_in_force() {
    let mut client = Client::open_folder(FILES, able());
    client.write("other/.plimsoll.yaml", "profile: strict\n");
    client.touched("other/.plimsoll.yaml", 1);
    client.open("other/Dockerfile", "dockerfile", FILES[3].1);
    let told = run(&mut client, "plimsoll.debug", |_| json!([])).unwrap();
    let told = told.as_str().unwrap();
    assert!(told.contains("dockerfile, version 1, other/.plimsoll.yaml") && told.contains("Utf16"), "{told}");
}

#[test]
fn a_command_that_nobody_knows_is_refused() {
    let mut client = Client::open_folder(FILES, able());
    assert_eq!(run(&mut client, "plimsoll.unknown", |_| json!([])).unwrap_err().0, -32602);
    assert_eq!(run(&mut client, "plimsoll.explain", |_| json!(["no-such-rule"])).unwrap_err().0, -32602);
    assert_eq!(run(&mut client, "plimsoll.effectiveProject", |_| json!([])).unwrap_err().0, -32602);
    for (command, arguments) in [
        ("plimsoll.container", json!([5])),
        ("plimsoll.fixAll", json!(["file:///nowhere"])),
        ("plimsoll.apply", json!([])),
    ] {
        let _ = run(&mut client, command, |_| arguments);
    }
    let offered = client.initialized["capabilities"]["executeCommandProvider"]["commands"].clone();
    assert!(offered.as_array().unwrap().contains(&json!("plimsoll.fixAll")));
}
