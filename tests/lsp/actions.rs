//! What can be done about a finding.

use serde_json::{Value, json};

use crate::client::{Client, able, able_but_for, applied};

const TEXT: &str = "FROM debian:12\r\nRUN apt-get update && apt-get install curl\r\nRUN cd /x && sudo id\r\nUSER 1000\r\nCMD a\r\n";

fn whole() -> Value {
    json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}})
}

fn actions(client: &mut Client, name: &str, range: &Value, only: &Value) -> Vec<Value> {
    let mut context = json!({"diagnostics": []});
    if !only.is_null() {
        context["only"] = only.clone();
    }
    let params = json!({"textDocument": {"uri": client.uri(name)}, "range": range, "context": context});
    client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
}

fn titled<'a>(actions: &'a [Value], part: &str) -> &'a Value {
    let titles: Vec<&str> = actions.iter().map(|action| action["title"].as_str().unwrap()).collect();
    actions
        .iter()
        .find(|action| action["title"].as_str().unwrap().contains(part))
        .unwrap_or_else(|| panic!("no {part} in {titles:#?}"))
}

#[test]
fn a_fix_is_worked_out_when_it_is_chosen() {
    let mut client = Client::open_folder(&[], able());
    client.open("Dockerfile", "dockerfile", TEXT);
    let found = actions(&mut client, "Dockerfile", &whole(), &Value::Null);
    assert!(found.iter().all(|action| action["kind"] == "quickfix"), "{found:#?}");
    let fix = found
        .iter()
        .find(|action| {
            action["isPreferred"] == true
                && action["title"].as_str().unwrap().contains("(install-awaiting-answer)")
        })
        .unwrap();
    assert!(fix["edit"].is_null());
    assert_eq!(fix["diagnostics"][0]["code"], "install-awaiting-answer");
    let resolved = client.request("codeAction/resolve", fix.clone()).unwrap();
    let change = &resolved["edit"]["documentChanges"][0]["textDocument"];
    assert_eq!((change["version"].as_i64(), &change["uri"]), (Some(1), &json!(client.uri("Dockerfile"))));
    let after = applied(&resolved["edit"], &client.uri("Dockerfile"), TEXT);
    assert!(
        after.contains("install -y curl") && after.matches('\n').count() == after.matches("\r\n").count(),
        "{after:?}"
    );
    // What has been offered for another text is not carried out.
    client.change("Dockerfile", 2, json!([{"text": "FROM debian:12\n"}]));
    assert_eq!(client.request("codeAction/resolve", fix.clone()).unwrap_err().0, -32602);
}

#[test]
fn only_what_is_under_the_cursor_is_offered() {
    let mut client = Client::open_folder(&[], able());
    client.open("Dockerfile", "dockerfile", TEXT);
    let cursor = json!({"start": {"line": 1, "character": 26}, "end": {"line": 1, "character": 26}});
    let found = actions(&mut client, "Dockerfile", &cursor, &Value::Null);
    assert!(
        found.iter().all(|action| action["diagnostics"][0]["code"] == "install-awaiting-answer"),
        "{found:#?}"
    );
}

#[test]
fn a_finding_is_accepted_with_a_comment_on_its_line_or_for_the_file() {
    let mut client = Client::open_folder(&[], able());
    let text = "# syntax=docker/dockerfile:1\nFROM debian:12\nUSER root\n";
    client.open("Dockerfile", "dockerfile", text);
    let line = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}});
    let found = actions(&mut client, "Dockerfile", &line, &Value::Null);
    let uri = client.uri("Dockerfile");
    let here = client
        .request("codeAction/resolve", titled(&found, "Accept here with a comment (root-user)").clone())
        .unwrap();
    let with_comment = applied(&here["edit"], &uri, text);
    assert!(
        with_comment.contains("# plimsoll: ignore[root-user] TODO: say why\nUSER root"),
        "{with_comment}"
    );
    let file = client
        .request(
            "codeAction/resolve",
            titled(&found, "Accept in this file with a comment (root-user)").clone(),
        )
        .unwrap();
    let in_file = applied(&file["edit"], &uri, text);
    assert!(
        in_file.starts_with(
            "# syntax=docker/dockerfile:1\n# plimsoll: ignore-file[root-user] TODO: say why\nFROM"
        ),
        "{in_file}"
    );
    for text in [with_comment, in_file] {
        client.change("Dockerfile", 2, json!([{"text": text}]));
        assert!(!client.found("Dockerfile").iter().any(|it| it.starts_with("root-user")));
    }
    // In a Compose file too, where the comment is indented as what it stands above.
    let compose = "services:\n  web:\n    image: x:1\n    privileged: true\n";
    client.open("compose.yaml", "dockercompose", compose);
    let at = json!({"start": {"line": 3, "character": 16}, "end": {"line": 3, "character": 16}});
    let found = actions(&mut client, "compose.yaml", &at, &Value::Null);
    let here = client
        .request(
            "codeAction/resolve",
            titled(&found, "Accept here with a comment (privileged-service)").clone(),
        )
        .unwrap();
    let after = applied(&here["edit"], &client.uri("compose.yaml"), compose);
    assert!(
        after.contains("    # plimsoll: ignore[privileged-service] TODO: say why\n    privileged: true"),
        "{after}"
    );
}

#[test]
fn everything_safe_is_fixed_where_that_is_asked_for() {
    let mut client = Client::open_folder(&[], able());
    client.open("Dockerfile", "dockerfile", TEXT);
    for only in [json!(["source"]), json!(["source.fixAll"]), json!(["source.fixAll.plimsoll"])] {
        let found = actions(&mut client, "Dockerfile", &whole(), &only);
        assert_eq!(found.len(), 1, "{only}");
        assert_eq!(found[0]["kind"], "source.fixAll.plimsoll");
        let after = applied(&found[0]["edit"], &client.uri("Dockerfile"), TEXT);
        assert!(after.contains("install -y curl") && !after.contains("sudo"), "{after}");
    }
    for only in [
        json!(["source.fixAll.eslint"]),
        json!(["source.organizeImports"]),
        json!(["refactor"]),
        json!(["source.fixAll.plimsollx"]),
    ] {
        assert!(actions(&mut client, "Dockerfile", &whole(), &only).is_empty(), "{only}");
    }
    let quick = actions(&mut client, "Dockerfile", &whole(), &json!(["quickfix"]));
    let plain = actions(&mut client, "Dockerfile", &whole(), &Value::Null);
    let empty = actions(&mut client, "Dockerfile", &whole(), &json!([]));
    assert_eq!((quick.len(), quick.len()), (plain.len(), empty.len()));
    // Once is enough.
    let all = actions(&mut client, "Dockerfile", &whole(), &json!(["source.fixAll"]));
    let after = applied(&all[0]["edit"], &client.uri("Dockerfile"), TEXT);
    client.change("Dockerfile", 2, json!([{"text": after}]));
    assert!(actions(&mut client, "Dockerfile", &whole(), &json!(["source.fixAll"])).is_empty());
}

#[test]
fn a_client_that_cannot_wait_is_given_the_edits_at_once() {
    let mut client = Client::open_folder(&[], able_but_for("/textDocument/codeAction/resolveSupport"));
    client.open("Dockerfile", "dockerfile", TEXT);
    let found = actions(&mut client, "Dockerfile", &whole(), &Value::Null);
    assert!(
        found.iter().all(|action| action["edit"].is_object() || action["command"].is_object()),
        "{found:#?}"
    );
    assert!(
        applied(
            &titled(&found, "Accept here with a comment (sudo-in-run)")["edit"],
            &client.uri("Dockerfile"),
            TEXT
        )
        .contains("ignore[sudo-in-run]")
    );
    let mut client = Client::open_folder(&[], able_but_for("/workspace/workspaceEdit"));
    client.open("Dockerfile", "dockerfile", TEXT);
    let all = actions(&mut client, "Dockerfile", &whole(), &json!(["source.fixAll"]));
    assert!(all[0]["edit"]["documentChanges"].is_null());
    assert!(applied(&all[0]["edit"], &client.uri("Dockerfile"), TEXT).contains("install -y curl"));
}

#[test]
fn a_rule_is_explained_on_its_page() {
    let mut client = Client::open_folder(&[], able());
    client.open("Dockerfile", "dockerfile", TEXT);
    let found = actions(&mut client, "Dockerfile", &whole(), &Value::Null);
    let command = titled(&found, "Explain sudo-in-run")["command"].clone();
    let page = client.request("workspace/executeCommand", command).unwrap();
    assert!(page["markdown"].as_str().unwrap().contains("## Why"));
    let shown = client.wait_to_be_asked("window/showDocument");
    assert!(shown["uri"].as_str().unwrap().ends_with("#sudo-in-run") && shown["external"] == true);
}
