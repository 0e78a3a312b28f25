//! Texts: opened, edited, closed, and never lost.

use serde_json::{Value, json};

use crate::client::{Client, able, pushed, rules, short};

fn edit(line: u32, from: u32, to: u32, text: &str) -> Value {
    json!({"range": {"start": {"line": line, "character": from}, "end": {"line": line, "character": to}}, "text": text})
}

#[test]
fn places_are_counted_in_the_units_that_were_agreed_on() {
    let text = "FROM debian:12\nRUN echo 𐐀é👩‍🚀\t&& sudo id\nUSER root\n";
    let line = text.lines().nth(1).unwrap();
    let before = &line[..line.find("sudo").unwrap()];
    for (offered, columns) in [
        (json!(["utf-16"]), before.encode_utf16().count()),
        (json!(["utf-8", "utf-16"]), before.len()),
        (json!(["utf-32", "utf-16"]), before.chars().count()),
        (Value::Null, before.encode_utf16().count()),
    ] {
        let mut able = able();
        able["general"]["positionEncodings"] = offered.clone();
        let mut client = Client::open_folder(&[], able);
        client.open("Dockerfile", "dockerfile", text);
        let found = client.found("Dockerfile");
        assert!(
            found.contains(&format!("sudo-in-run 1:{columns}-1:{}", columns + 4)),
            "{offered}: {found:?}"
        );
        // An edit behind those characters arrives where it was made.
        let columns = u32::try_from(columns).unwrap();
        client.change("Dockerfile", 2, json!([edit(1, columns, columns + 5, "")]));
        let found = client.found("Dockerfile");
        assert!(!found.iter().any(|it| it.starts_with("sudo-in-run")), "{offered}: {found:?}");
    }
}

#[test]
fn changes_are_applied_in_their_order_each_to_what_the_one_before_made() {
    let mut client = Client::open_folder(&[], able());
    client.open("Dockerfile", "dockerfile", "FROM debian:12\r\nUSER 1000\r\n");
    client.change(
        "Dockerfile",
        7,
        json!([
            edit(1, 5, 9, "r"),
            edit(1, 6, 6, "oot"),
            {"range": {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}}, "text": "RUN sudo id\r\n"},
            // At the end of the document, and beyond.
            {"range": {"start": {"line": 3, "character": 0}, "end": {"line": 99, "character": 99}}, "text": "#\té\n"},
        ]),
    );
    let found = client.found("Dockerfile");
    assert!(found.contains(&"root-user 1:0-1:9".to_owned()), "{found:?}");
    assert!(found.contains(&"sudo-in-run 2:4-2:8".to_owned()), "{found:?}");
    // A change without a range replaces everything.
    client.change("Dockerfile", 8, json!([{"text": "FROM debian:12\nUSER 1000\n"}]));
    assert_eq!(rules(&client.pull("Dockerfile")).iter().filter(|rule| *rule == "root-user").count(), 0);
    // What cannot be understood is passed by, and what comes after it is not.
    client.change("Dockerfile", 9, json!([{"range": 5}]));
    client.change("Dockerfile", 10, json!([edit(1, 5, 9, "root")]));
    assert!(client.found("Dockerfile").contains(&"root-user 1:0-1:9".to_owned()));
}

#[test]
fn what_is_sent_is_of_the_newest_text() {
    let mut client = Client::open_folder(&[], pushed());
    client.open("Dockerfile", "dockerfile", "FROM debian:12\n");
    let mut text = "FROM debian:12\n".to_owned();
    for version in 2..60 {
        let line = u32::try_from(text.lines().count()).unwrap();
        client.change("Dockerfile", version, json!([edit(line, 0, 0, "RUN sudo id\n")]));
        text.push_str("RUN sudo id\n");
    }
    let last = client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 59);
    let sudos =
        rules(last["diagnostics"].as_array().unwrap()).iter().filter(|rule| *rule == "sudo-in-run").count();
    assert_eq!(sudos, 58);
    client.settle();
    assert!(client.heard.iter().all(|note| note.params["version"].as_i64() <= Some(59)));
    let versions: Vec<i64> = client.heard.iter().filter_map(|note| note.params["version"].as_i64()).collect();
    assert!(versions.is_sorted(), "{versions:?}");
}

#[test]
fn closed_and_opened_again_it_is_a_new_document() {
    let mut client = Client::open_folder(&[], pushed());
    client.open("Dockerfile", "dockerfile", "FROM debian:12\nUSER root\n");
    client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 1);
    client.close("Dockerfile");
    let closed = client.wait_for("textDocument/publishDiagnostics", |said| said["version"].is_null());
    assert_eq!(closed["diagnostics"], json!([]));
    client.open("Dockerfile", "dockerfile", "FROM debian:12\nRUN sudo id\nUSER 1\n");
    let again = client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 1);
    assert!(rules(again["diagnostics"].as_array().unwrap()).contains(&"sudo-in-run".to_owned()));
    // Opened twice, the second counts; closed twice, nothing is wrong.
    client.open("Dockerfile", "dockerfile", "FROM debian:12\nUSER 1000:1000\n");
    let again = client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 1);
    assert!(!rules(again["diagnostics"].as_array().unwrap()).contains(&"sudo-in-run".to_owned()));
    client.close("Dockerfile");
    client.close("Dockerfile");
    client.settle();
}

#[test]
fn the_last_problem_that_is_mended_is_said_too() {
    let mut client = Client::open_folder(&[], pushed());
    let clean = "FROM debian@sha256:0000000000000000000000000000000000000000000000000000000000000000\nUSER 1000\nHEALTHCHECK CMD true\nCMD [\"a\"]\n";
    client.open("Dockerfile", "dockerfile", &format!("{clean}RUN sudo id\n"));
    client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 1);
    client.change("Dockerfile", 2, json!([{"text": clean}]));
    let said = client.wait_for("textDocument/publishDiagnostics", |said| said["version"] == 2);
    assert_eq!(said["diagnostics"], json!([]));
}

#[test]
fn a_heredoc_that_is_typed_harms_nothing() {
    let mut client = Client::open_folder(&[], able());
    let whole = "FROM debian:12\nRUN <<-'EOF' cat >/a <<B\n\tsudo é\n\tEOF\nb\nB\nUSER root\n";
    client.open("Dockerfile", "dockerfile", "");
    let (mut line, mut column) = (0, 0);
    for (version, c) in (2..).zip(whole.chars()) {
        client.change("Dockerfile", version, json!([edit(line, column, column, &c.to_string())]));
        (line, column) = if c == '\n' { (line + 1, 0) } else { (line, column + c.len_utf16() as u32) };
        if version % 7 == 0 {
            client.pull("Dockerfile");
        }
    }
    assert!(client.found("Dockerfile").contains(&"root-user 6:0-6:9".to_owned()));
}

#[test]
fn documents_that_lie_nowhere_are_judged_by_their_language() {
    let mut client = Client::open_folder(&[], able());
    client.open_at("untitled:Untitled-1", "dockerfile", 1, "FROM debian:12\nUSER root\n");
    assert!(rules(&client.pull_at("untitled:Untitled-1")).contains(&"root-user".to_owned()));
    client.open_at(
        "untitled:Untitled-2",
        "dockercompose",
        1,
        "services:\n  a:\n    image: x:1\n    privileged: true\n",
    );
    let found = client.pull_at("untitled:Untitled-2");
    assert!(rules(&found).contains(&"privileged-service".to_owned()));
    client.open_at("untitled:Untitled-3", "plaintext", 1, "FROM debian:12\nUSER root\n");
    assert!(client.pull_at("untitled:Untitled-3").is_empty());
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let params = json!({"textDocument": {"uri": "untitled:Untitled-1"}, "range": range, "context": {"diagnostics": []}});
    assert!(!client.request("textDocument/codeAction", params).unwrap().as_array().unwrap().is_empty());
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": "untitled:Untitled-1"}}));
    assert!(client.pull_at("untitled:Untitled-1").is_empty());
}

#[test]
fn what_a_file_is_says_its_name_then_its_text_then_its_language() {
    let compose = "services:\n  a:\n    image: x:1\n    privileged: true\n";
    let other = "theme: dark\n";
    let dockerfile = "FROM debian:12\nUSER root\n";
    for (name, language, text, rule) in [
        ("compose.yaml", "yaml", compose, Some("privileged-service")),
        ("docker-compose.yml", "dockerfile", compose, Some("privileged-service")),
        ("compose.prod.yaml", "yaml.docker-compose", compose, Some("privileged-service")),
        ("compose.prod.yaml", "yaml", other, None),
        ("stack.yml", "yaml", compose, Some("privileged-service")),
        ("stack.yml", "dockercompose", other, Some("invalid-compose")),
        ("values.yaml", "yaml", other, None),
        ("build.txt", "dockerfile", dockerfile, Some("root-user")),
        ("build.txt", "plaintext", dockerfile, None),
        ("api.Dockerfile", "", dockerfile, Some("root-user")),
        ("Dockerfile.j2", "dockerfile", dockerfile, None),
        (
            "daemon.json",
            "json",
            "{\"icc\": true, \"insecure-registries\": [\"x\"]}\n",
            Some("insecure-registry"),
        ),
        ("daemon.json", "json", "{\"theme\": 1}\n", None),
    ] {
        let mut client = Client::open_folder(&[], able());
        client.open(name, language, text);
        let found = rules(&client.pull(name));
        match rule {
            Some(rule) => assert!(found.contains(&rule.to_owned()), "{name} {language}: {found:?}"),
            None => assert!(found.is_empty(), "{name} {language}: {found:?}"),
        }
    }
}

#[test]
fn a_file_that_becomes_one_of_ours_while_it_is_typed_is_judged() {
    let mut client = Client::open_folder(&[], able());
    client.open("stack.yml", "yaml", "");
    assert!(client.found("stack.yml").is_empty());
    client.change(
        "stack.yml",
        2,
        json!([{"text": "services:\n  a:\n    image: x:1\n    privileged: true\n"}]),
    );
    assert!(rules(&client.pull("stack.yml")).contains(&"privileged-service".to_owned()));
    client.change("stack.yml", 3, json!([{"text": "kind: Deployment\n"}]));
    assert!(client.found("stack.yml").is_empty());
}

#[test]
fn one_file_is_one_document_however_its_address_is_written() {
    let mut client = Client::open_folder(&[], pushed());
    let plain = client.uri("a b/Dockerfile+1").replace("Dockerfile+1", "Dockerfile");
    let encoded = plain.replace("a b", "a%20b").replace("Dockerfile", "%44ockerfile");
    client.open_at(&encoded, "dockerfile", 1, "FROM debian:12\nUSER root\n");
    let said = client.wait_for("textDocument/publishDiagnostics", |_| true);
    assert_eq!(said["uri"], encoded, "the answer has the address as it was opened");
    let found = rules(said["diagnostics"].as_array().unwrap());
    assert!(found.contains(&"root-user".to_owned()));
    let hover = json!({"textDocument": {"uri": plain}, "position": {"line": 1, "character": 1}});
    assert!(client.request("textDocument/hover", hover).unwrap()["contents"].is_object());
}

#[test]
fn a_folder_behind_a_link_keeps_its_name() {
    let mut client = Client::silent(
        &[
            ("real/Dockerfile", "FROM debian:12\nUSER root\n"),
            ("real/.plimsoll.yaml", "select: [root-user]\n"),
        ],
        &lint_lsp::Environment::default(),
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(client.path("real"), client.path("link")).unwrap();
    let uri = client.uri("link");
    client.initialize(json!({"workspaceFolders": [{"uri": uri, "name": "x"}], "capabilities": pushed()}));
    let said = client.wait_for("textDocument/publishDiagnostics", |_| true);
    assert_eq!(said["uri"], client.uri("link/Dockerfile"));
    assert_eq!(
        said["diagnostics"].as_array().unwrap().iter().map(short).collect::<Vec<_>>(),
        ["root-user 1:0-1:9"]
    );
}
