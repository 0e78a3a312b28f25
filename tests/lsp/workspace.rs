//! Folders, configuration, and the disk under the editor.

use serde_json::json;

use crate::client::{Client, able, able_but_for, rules};
use lint_lsp::Environment;

const ROOT: &str = "FROM debian:12\nUSER root\nRUN sudo id\n";

#[test]
fn the_nearest_configuration_counts_and_its_changes_are_heeded() {
    let mut client =
        Client::open_folder(&[("a/b/Dockerfile", ROOT), (".plimsoll.yaml", "select: [root-user]\n")], able());
    let watched = client.wait_to_be_asked("client/registerCapability");
    assert!(watched.to_string().contains("plimsoll}.{yaml,yml}"), "{watched}");
    assert_eq!(rules(&client.pull("a/b/Dockerfile")), ["root-user"]);
    client.write("a/.plimsoll.yaml", "select: [sudo-in-run]\n");
    client.touched("a/.plimsoll.yaml", 1);
    assert_eq!(rules(&client.pull("a/b/Dockerfile")), ["sudo-in-run"]);
    client.write("a/.plimsoll.yaml", "select: [sudo-in-run, root-user]\n");
    client.touched("a/.plimsoll.yaml", 2);
    assert_eq!(rules(&client.pull("a/b/Dockerfile")).len(), 2);
    std::fs::remove_file(client.path("a/.plimsoll.yaml")).unwrap();
    client.touched("a/.plimsoll.yaml", 3);
    assert_eq!(rules(&client.pull("a/b/Dockerfile")), ["root-user"]);
    // One that is broken is told of, and the one before stays.
    client.write(".plimsoll.yaml", "selekt: [sudo-in-run]\n");
    client.touched(".plimsoll.yaml", 2);
    assert_eq!(rules(&client.pull("a/b/Dockerfile")), ["root-user"]);
    let told = client.wait_for("window/showMessage", |_| true);
    assert!(told["message"].as_str().unwrap().contains(".plimsoll.yaml:1:1"), "{told}");
}

#[test]
fn a_client_that_watches_nothing_is_served_when_it_saves() {
    let mut client = Client::open_folder(
        &[("Dockerfile", ROOT), ("web/compose.yaml", "services: {a: {image: 'x:${T}', env_file: e}}\n")],
        able_but_for("/workspace/didChangeWatchedFiles"),
    );
    client.open("Dockerfile", "dockerfile", ROOT);
    assert!(client.pull("Dockerfile").len() > 1);
    client.write(".plimsoll.yaml", "select: [root-user]\n");
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": client.uri(".plimsoll.yaml")}}));
    assert_eq!(rules(&client.pull("Dockerfile")), ["root-user"]);
    let before = client.pull("web/compose.yaml");
    client.write(".plimsoll.yaml", "{}\n");
    client.write("web/compose.yaml", "services: {a: {image: 'x:1', privileged: true}}\n");
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": client.uri(".plimsoll.yaml")}}));
    let after = client.pull("web/compose.yaml");
    assert!(rules(&after).contains(&"privileged-service".to_owned()) && before != after, "{after:#?}");
}

#[test]
fn what_changes_on_the_disk_is_heeded_unless_it_is_open() {
    let mut client = Client::open_folder(
        &[
            ("compose.yaml", "services:\n  a:\n    image: x:${TAG}\n    privileged: ${P}\n"),
            (".env", "TAG=1\nP=false\n"),
        ],
        able(),
    );
    assert!(!rules(&client.pull("compose.yaml")).contains(&"privileged-service".to_owned()));
    client.write(".env", "TAG=1\nP=true\n");
    client.touched(".env", 2);
    assert!(rules(&client.pull("compose.yaml")).contains(&"privileged-service".to_owned()));
    // What is open in the editor is the editor's.
    client.open("compose.yaml", "yaml", "services:\n  a:\n    image: x:1\n");
    client.write("compose.yaml", "services: {a: {image: 'x:1', privileged: true}}\n");
    client.touched("compose.yaml", 2);
    assert!(!rules(&client.pull("compose.yaml")).contains(&"privileged-service".to_owned()));
    client.close("compose.yaml");
    assert!(rules(&client.pull("compose.yaml")).contains(&"privileged-service".to_owned()));
    // A new file is found, one that is gone is not.
    client.write("api/Dockerfile", ROOT);
    client.touched("api/Dockerfile", 1);
    assert!(rules(&client.pull("api/Dockerfile")).contains(&"root-user".to_owned()));
    std::fs::remove_file(client.path("api/Dockerfile")).unwrap();
    client.touched("api/Dockerfile", 3);
    assert!(client.pull("api/Dockerfile").is_empty());
}

#[test]
fn excluded_files_are_left_alone_even_when_they_are_open() {
    let mut client = Client::open_folder(
        &[("vendor/Dockerfile", ROOT), ("Dockerfile", ROOT), (".plimsoll.yaml", "exclude: [vendor/]\n")],
        able(),
    );
    client.open("vendor/Dockerfile", "dockerfile", ROOT);
    assert!(client.pull("vendor/Dockerfile").is_empty());
    assert!(!client.pull("Dockerfile").is_empty());
}

#[test]
fn several_folders_are_each_their_own() {
    let mut client = Client::silent(
        &[
            ("one/Dockerfile", ROOT),
            ("one/.plimsoll.yaml", "select: [root-user]\n"),
            ("two/Dockerfile", ROOT),
            ("two/.plimsoll.yaml", "select: [sudo-in-run]\n"),
            ("three/Dockerfile", ROOT),
        ],
        &Environment::default(),
    );
    let folder = |name: &str| json!({"uri": client.uri(name), "name": name});
    let (one, two, three) = (folder("one"), folder("two"), folder("three"));
    client.initialize(json!({"workspaceFolders": [one, two], "capabilities": able()}));
    assert_eq!(rules(&client.pull("one/Dockerfile")), ["root-user"]);
    assert_eq!(rules(&client.pull("two/Dockerfile")), ["sudo-in-run"]);
    assert!(client.pull("three/Dockerfile").is_empty());
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": {"added": [three], "removed": [two]}}),
    );
    assert!(client.pull("three/Dockerfile").len() > 1);
    assert!(client.pull("two/Dockerfile").is_empty());
    // What is open and in no folder is judged by itself, and by what lies beside it.
    client.open("two/Dockerfile", "dockerfile", ROOT);
    assert_eq!(rules(&client.pull("two/Dockerfile")), ["sudo-in-run"]);
    // A document of one folder is what another one's project builds.
    client.write("one/compose.yaml", "services: {a: {build: ../three}}\n");
    client.touched("one/compose.yaml", 1);
    client.open("three/Dockerfile", "dockerfile", "FROM debian:12\nUSER 1000\n");
    assert!(client.leave());
}

#[test]
fn folders_that_are_none_harm_nothing() {
    for params in [
        json!({"capabilities": able()}),
        json!({"capabilities": able(), "rootUri": null, "workspaceFolders": null, "processId": null}),
        json!({"capabilities": able(), "workspaceFolders": []}),
        json!({"capabilities": able(), "workspaceFolders": [{"uri": "untitled:x", "name": ""}, {"uri": 1}, 7]}),
        json!({"capabilities": able(), "workspaceFolders": [{"uri": "file:///no/such/folder", "name": "x"}]}),
        json!({}),
    ] {
        let mut client = Client::silent(&[("Dockerfile", ROOT)], &Environment::default());
        client.initialize(params);
        client.open("Dockerfile", "dockerfile", ROOT);
        client.settle();
        assert!(client.leave());
    }
    // Some clients open a file as a folder.
    let mut client = Client::silent(&[("Dockerfile", ROOT)], &Environment::default());
    let uri = client.uri("Dockerfile");
    client.initialize(json!({"capabilities": able(), "workspaceFolders": [{"uri": uri, "name": "x"}]}));
    assert!(!client.pull("Dockerfile").is_empty());
}

#[test]
fn closing_frees() {
    let mut client = Client::silent(&[("x/Dockerfile", ROOT)], &Environment::default());
    client.initialize(json!({"capabilities": able(), "workspaceFolders": []}));
    let held = |client: &mut Client| {
        let told = client.request("workspace/executeCommand", json!({"command": "plimsoll.debug"})).unwrap();
        told.as_str().unwrap().matches("texts held").count()
    };
    assert_eq!(held(&mut client), 0);
    for number in 0..20 {
        client.open(&format!("d{number}/Dockerfile"), "dockerfile", ROOT);
    }
    assert_eq!(held(&mut client), 20);
    for number in 0..20 {
        client.close(&format!("d{number}/Dockerfile"));
    }
    assert_eq!(held(&mut client), 0);
}
