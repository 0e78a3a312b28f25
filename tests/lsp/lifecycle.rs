//! Beginning, end, and what must end nothing.

use std::sync::Arc;

use lint_core::shell::{Script, ScriptFinding, ScriptLinter};
use lint_lsp::{Environment, Message, RequestId};
use serde_json::{Value, json};

use crate::client::{Client, able, able_but_for, pushed};

#[test]
fn before_the_beginning_nothing_is_answered_and_the_beginning_still_works() {
    let mut client = Client::silent(&[("Dockerfile", "FROM debian\n")], &Environment::default());
    let at = client.at("Dockerfile", 0, 6);
    assert_eq!(client.request("textDocument/hover", at).unwrap_err().0, -32002);
    client.notify("textDocument/didOpen", json!({}));
    let uri = client.uri("");
    client.initialize(json!({"rootUri": uri, "capabilities": able()}));
    assert_eq!(client.initialized["serverInfo"]["name"], "plimsoll");
    assert_eq!(client.initialized["capabilities"]["positionEncoding"], "utf-16");
    assert!(client.found("Dockerfile").contains(&"unpinned-base-image 0:5-0:11".to_owned()));
    assert_eq!(client.request("initialize", json!({})).unwrap_err().0, -32600);
    assert!(client.leave());
}

#[test]
fn after_the_end_nothing_is_answered() {
    let mut client = Client::open_folder(&[], able());
    client.request("shutdown", Value::Null).unwrap();
    assert_eq!(client.request("shutdown", Value::Null).unwrap_err().0, -32600);
    let at = client.at("Dockerfile", 0, 0);
    assert_eq!(client.request("textDocument/hover", at).unwrap_err().0, -32600);
}

#[test]
fn a_client_that_can_nothing_is_asked_for_nothing() {
    let mut client = Client::open_folder(&[("Dockerfile", "FROM debian\n")], json!({}));
    client.open("Dockerfile", "dockerfile", "FROM debian\n");
    let said = client.wait_for("textDocument/publishDiagnostics", |_| true);
    let first = &said["diagnostics"][0];
    assert!(
        first["codeDescription"].is_null()
            && first["relatedInformation"].is_null()
            && first["data"].is_null()
    );
    client.settle();
    assert!(client.asked.is_empty(), "{:?}", client.asked);
    // Nor does it get what it does not understand.
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}});
    let params = json!({"textDocument": {"uri": client.uri("Dockerfile")}, "range": range, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let actions = actions.as_array().unwrap();
    assert!(
        !actions.is_empty() && actions.iter().all(|action| action["command"] == "plimsoll.apply"),
        "{actions:#?}"
    );
}

#[test]
fn what_nobody_knows_is_refused_or_passed_by() {
    let mut client = Client::open_folder(&[("Dockerfile", "FROM debian\n")], able());
    assert_eq!(client.request("textDocument/implementation", json!({})).unwrap_err().0, -32601);
    assert_eq!(client.request("$/whatever", json!({})).unwrap_err().0, -32601);
    client.notify("$/whatever", json!({}));
    client.notify("textDocument/didChange", json!({"textDocument": 7}));
    client.notify(
        "textDocument/didChange",
        json!({"textDocument": {"uri": "file:///x"}, "contentChanges": {"a": 1}}),
    );
    client.notify("textDocument/didOpen", Value::Null);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": 5, "type": "x"}]}));
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": {"added": null, "removed": [{"uri": "x:"}]}}),
    );
    assert_eq!(client.request("textDocument/hover", json!({"position": 1})).unwrap_err().0, -32602);
    assert_eq!(client.request("textDocument/diagnostic", json!({})).unwrap_err().0, -32602);
    for uri in ["", "x", "file:", "file:///no/such/Dockerfile", "http://x/Dockerfile", "output:1"] {
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 9999, "character": 9999}});
        assert_eq!(client.request("textDocument/hover", params.clone()), Ok(Value::Null), "{uri}");
        assert_eq!(client.request("textDocument/diagnostic", params).unwrap()["items"], json!([]), "{uri}");
    }
    assert!(!client.found("Dockerfile").is_empty());
}

#[test]
fn a_request_that_is_taken_back_is_answered_once() {
    let mut client = Client::open_folder(&[("Dockerfile", "FROM debian\n")], able());
    client.settle();
    // Both are there before the server looks, or the answer is: either way there is one.
    for _ in 0..50 {
        let at = client.at("Dockerfile", 0, 6);
        let id = client.ask("textDocument/hover", at);
        client.notify("$/cancelRequest", json!({"id": json!(id)}));
        match client.answer(&id) {
            Ok(hover) => assert!(hover["contents"].is_object()),
            Err((code, _)) => assert_eq!(code, -32800),
        }
    }
    // Who waits for something to change waits until then, or until he does not want to any more.
    let id = poll_until_quiet(&mut client);
    client.notify("$/cancelRequest", json!({"id": json!(id)}));
    assert_eq!(client.answer(&id).unwrap_err().0, -32800);
    client.notify("$/cancelRequest", json!({"id": 12345}));
    client.notify("$/cancelRequest", json!({"id": []}));
    client.settle();
}

fn poll_until_quiet(client: &mut Client) -> RequestId {
    let items = client.request("workspace/diagnostic", json!({"previousResultIds": []})).unwrap();
    let known: Vec<Value> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!({"uri": item["uri"], "value": item["resultId"]}))
        .collect();
    client.ask("workspace/diagnostic", json!({"previousResultIds": known}))
}

#[test]
fn two_hundred_questions_at_once_are_all_answered() {
    let mut client = Client::open_folder(&[("Dockerfile", "FROM debian\nUSER root\n")], able());
    client.open("Dockerfile", "dockerfile", "FROM debian\nUSER root\n");
    let mut ids = Vec::new();
    for number in 0..200 {
        let at = client.at("Dockerfile", number % 3, number);
        ids.push(match number % 4 {
            0 => client.ask("textDocument/hover", at),
            1 => client.ask("textDocument/definition", at),
            2 => client.ask("textDocument/diagnostic", json!({"textDocument": at["textDocument"]})),
            _ => client.ask("textDocument/documentSymbol", json!({"textDocument": at["textDocument"]})),
        });
        client.change(
            "Dockerfile",
            number as i32 + 2,
            json!([{"text": format!("FROM debian\nUSER root\n# {number}\n")}]),
        );
    }
    for id in ids {
        assert!(client.answer(&id).is_ok());
    }
}

/// A linter of scripts that fails when a script says so.
#[derive(Debug)]
struct Failing;

impl ScriptLinter for Failing {
    fn knows(&self, _: u16) -> bool {
        true
    }

    fn lint(&self, scripts: &[Script<'_>]) -> Vec<Result<Vec<ScriptFinding>, String>> {
        assert!(!scripts.iter().any(|script| script.text.contains("fail here")), "as asked");
        scripts.iter().map(|_| Ok(Vec::new())).collect()
    }
}

#[test]
fn a_panic_ends_no_session_and_loses_no_edit() {
    let mut environment = Environment::default();
    environment.script_linter = Some(Arc::new(Failing));
    let options = json!({"extendSelect": ["shellcheck"]});
    let mut client = Client::with(&[], pushed(), options, &environment);
    std::panic::set_hook(Box::new(|_| {}));
    client.open("Dockerfile", "dockerfile", "FROM debian\nRUN true\n");
    client.wait_for("textDocument/publishDiagnostics", |said| {
        !said["diagnostics"].as_array().unwrap().is_empty()
    });
    let range =
        |line: u32| json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": 0}});
    client.change("Dockerfile", 2, json!([{"range": range(1), "text": "RUN fail here\n"}]));
    let said = client.wait_for("window/showMessage", |_| true);
    assert!(said["message"].as_str().unwrap().contains("internal error"), "{said}");
    let at = client.at("Dockerfile", 0, 6);
    let _ = client.request("textDocument/hover", at);
    // The next edit builds on the text of the one that failed.
    client.change("Dockerfile", 3, json!([{"range": {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 13}}, "text": "sudo id"}]));
    let said = client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 3);
    let found: Vec<String> =
        said["diagnostics"].as_array().unwrap().iter().map(crate::client::short).collect();
    assert!(found.contains(&"sudo-in-run 1:4-1:8".to_owned()), "{found:?}");
    let _ = std::panic::take_hook();
    assert!(client.leave());
}

#[test]
fn settings_that_make_no_sense_are_told_once_and_the_others_count() {
    let options = json!({"profile": "strict", "colour": 1, "ignore": "x"});
    let mut client = Client::with(
        &[("Dockerfile", "FROM debian:12\nRUN id\nCMD x\n")],
        able_but_for("/workspace/configuration"),
        options,
        &Environment::default(),
    );
    let strict = client.found("Dockerfile").len();
    client.settle();
    let told: Vec<&str> = client
        .heard
        .iter()
        .filter(|note| note.method == "window/showMessage")
        .map(|note| note.params["message"].as_str().unwrap())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": {"plimsoll": {"profile": "default"}}}),
    );
    assert!(client.found("Dockerfile").len() < strict);
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"plimsoll": {"enable": false}}}));
    assert!(client.found("Dockerfile").is_empty());
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    assert!(client.found("Dockerfile").is_empty());
}

#[test]
fn settings_are_asked_for_and_no_answer_is_none() {
    let mut client = Client::open_folder(&[("Dockerfile", "FROM debian\n")], able());
    assert_eq!(client.wait_to_be_asked("workspace/configuration")["items"][0]["section"], "plimsoll");
    assert!(!client.found("Dockerfile").is_empty());
    client.settings = json!({"ignore": ["all"]});
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.wait_to_be_asked("workspace/configuration");
    client.wait_to_be_asked("workspace/diagnostic/refresh");
    assert!(client.found("Dockerfile").is_empty());
    // A server that asks before it may would be a server that some editors end.
    let registered = client.asked.iter().chain([]).count();
    assert!(registered < 10);
    assert!(client.leave());
}

#[test]
fn what_comes_after_the_end_is_not_heard() {
    let mut client = Client::open_folder(&[], able());
    client.request("shutdown", Value::Null).unwrap();
    client.send(Message::Notification(lint_lsp::Notification::new(
        "textDocument/didOpen".to_owned(),
        json!({}),
    )));
    client.notify("exit", Value::Null);
}
