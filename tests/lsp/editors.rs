//! The files of `editors/` and the server agree.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::client::{Client, able_but_for};

const PAGE: &str = include_str!("../../docs/editors.md");

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("editors").join(name)).unwrap()
}

fn parsed(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What the server complains of in settings.
fn complaints(settings: Value) -> Vec<String> {
    let mut client =
        Client::with(&[], able_but_for("/workspace/configuration"), settings, &Default::default());
    client.settle();
    let said = client.heard.iter().filter(|note| note.method == "window/showMessage");
    said.map(|note| note.params["message"].to_string()).collect()
}

#[test]
fn every_setting_of_the_extension_is_one_of_the_server() {
    let package = parsed("vscode/package.json");
    let properties = package["contributes"]["configuration"]["properties"].as_object().unwrap();
    let mut settings = Map::new();
    for (name, property) in properties {
        let name = name.strip_prefix("plimsoll.").unwrap();
        if name.contains('.') || name == "path" {
            continue;
        }
        assert!(PAGE.contains(&format!("`{name}`")), "docs/editors.md lacks {name}");
        settings.insert(name.to_owned(), property["default"].clone());
        for value in property["enum"].as_array().into_iter().flatten() {
            assert_eq!(complaints(json!({ name: value })), Vec::<String>::new(), "{name}");
        }
    }
    assert!(settings.len() > 8, "{settings:?}");
    assert_eq!(complaints(Value::Object(settings)), Vec::<String>::new());
    assert_eq!(complaints(json!({"noSuchSetting": 1})).len(), 1);
    assert_eq!(complaints(parsed("lsp4ij/plimsoll/settings.json")), Vec::<String>::new());
}

#[test]
fn the_extension_has_no_command_of_the_servers() {
    let client = Client::open_folder(&[], json!({}));
    let theirs = client.initialized["capabilities"]["executeCommandProvider"]["commands"].clone();
    let package = parsed("vscode/package.json");
    let code = read("vscode/src/extension.ts");
    for command in package["contributes"]["commands"].as_array().unwrap() {
        let name = command["command"].as_str().unwrap();
        assert!(!theirs.as_array().unwrap().contains(&json!(name)), "the client registers {name} by itself");
        let own = name.strip_prefix("plimsoll.").unwrap();
        assert!(code.contains(&format!("command(\"{own}\"")), "{name} is registered nowhere");
    }
    for command in theirs.as_array().unwrap() {
        let name = command.as_str().unwrap();
        let is_told = PAGE.contains(name) || ["plimsoll.container", "plimsoll.apply"].contains(&name);
        assert!(is_told, "docs/editors.md lacks {name}");
    }
}

#[test]
fn the_files_are_what_their_editors_read() {
    for name in [
        "kate/settings.json",
        "sublime/LanguageServers.sublime-settings",
        "lsp4ij/plimsoll/template.json",
        "lsp4ij/plimsoll/settings.schema.json",
        "lsp4ij/plimsoll/initializationOptions.json",
    ] {
        assert!(parsed(name).is_object(), "{name}");
    }
    for (name, command) in [
        ("kate/settings.json", "\"command\": [\"plimsoll\", \"lsp\"]"),
        ("sublime/LanguageServers.sublime-settings", "\"command\": [\"plimsoll\", \"lsp\"]"),
        ("lsp4ij/plimsoll/template.json", "\"default\": \"plimsoll lsp\""),
        ("helix/languages.toml", "command = \"plimsoll\"\nargs = [\"lsp\"]"),
        ("nvim/lsp/plimsoll.lua", "cmd = { 'plimsoll', 'lsp' }"),
        ("emacs/plimsoll.el", "'(\"plimsoll\" \"lsp\")"),
        ("zed/extension.toml", "[language_servers.plimsoll]"),
    ] {
        assert!(read(name).contains(command), "{name} does not start it");
    }
}
