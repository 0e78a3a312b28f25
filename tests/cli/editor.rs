//! `plimsoll lsp`, as far as it is a command like others; tests/lsp.rs is about what it says.

use serde_json::{Value, json};

use crate::tree::Tree;

/// What an editor says that opens a Dockerfile of the folder and goes.
fn conversation(tree: &Tree) -> Vec<u8> {
    let root = format!("file://{}", tree.path().display());
    let text = "FROM debian:12\nRUN sudo id\nUSER root\n";
    let document =
        json!({"uri": format!("{root}/Dockerfile"), "languageId": "dockerfile", "version": 1, "text": text});
    let folders = json!([{"uri": root, "name": "x"}]);
    let messages: [Value; 4] = [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}, "workspaceFolders": folders}}),
        json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}),
        json!({"jsonrpc": "2.0", "method": "exit"}),
    ];
    let framed = messages.iter().map(|message| {
        let body = message.to_string();
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    });
    framed.collect::<String>().into_bytes()
}

#[test]
fn it_is_served_as_the_command_line_says() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", "select: [root-user]\n"),
        ("other/strict.yaml", "select: [sudo-in-run]\n"),
    ]);
    let said = conversation(&tree);
    let nearest = tree.run_on(&said, &["lsp", "--stdio", "--client-process-id=1"]);
    assert_eq!((nearest.code, nearest.stderr.as_str()), (0, ""));
    assert!(
        nearest.stdout.contains("root-user") && !nearest.stdout.contains("sudo-in-run"),
        "{}",
        nearest.stdout
    );
    let chosen = tree.run_on(&said, &["lsp", "--config", "other/strict.yaml"]);
    assert!(
        chosen.stdout.contains("sudo-in-run") && !chosen.stdout.contains("\"root-user\""),
        "{}",
        chosen.stdout
    );
    let none = tree.run_on(&said, &["lsp", "--isolated"]);
    assert!(none.stdout.contains("sudo-in-run") && none.stdout.contains("root-user"), "{}", none.stdout);
}

#[test]
fn who_goes_without_a_word_is_left_with_one() {
    assert_eq!(Tree::new(&[]).run_on(b"", &["lsp"]).code, 1);
}
