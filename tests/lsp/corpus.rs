//! A whole workspace shows what the command line finds in it, no more and no less.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Client, able, files_of};
use lint_lsp::Environment;

/// A finding, as both tell it: the file, the rule, the place in code points from 1, the message.
type Told = (String, String, [u64; 4], String);

/// What the command line finds in a folder.
fn by_command_line(folder: &Path) -> Vec<Told> {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--exit-zero", "--output-format", "json", "."])
        .current_dir(folder)
        .env("XDG_CONFIG_HOME", folder)
        .output()
        .unwrap();
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let mut told: Vec<Told> = found
        .iter()
        .map(|it| {
            let number = |name: &str| it[name].as_u64().unwrap();
            let text = |name: &str| it[name].as_str().unwrap().to_owned();
            let place = [number("line"), number("column"), number("endLine"), number("endColumn")];
            (text("file"), text("code"), place, text("message"))
        })
        .collect();
    told.sort();
    told
}

/// What the server tells of it.
fn by_server(folder: &Path) -> Vec<Told> {
    let mut client = Client::silent(&[], &Environment::default());
    let root = format!("file://{}", folder.display());
    let mut able = able();
    able["general"]["positionEncodings"] = json!(["utf-32"]);
    client.initialize(json!({"capabilities": able, "workspaceFolders": [{"uri": root, "name": "x"}]}));
    let all = client.request("workspace/diagnostic", json!({"previousResultIds": []})).unwrap();
    let mut told: Vec<Told> = Vec::new();
    for item in all["items"].as_array().unwrap() {
        let path = lint_core::path::normalise(&decoded(
            item["uri"].as_str().unwrap().strip_prefix("file://").unwrap(),
        ));
        let name = Path::new(&path).strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        for it in item["items"].as_array().unwrap() {
            let number = |end: &str, part: &str| it["range"][end][part].as_u64().unwrap() + 1;
            let place = [
                number("start", "line"),
                number("start", "character"),
                number("end", "line"),
                number("end", "character"),
            ];
            let text = |name: &str| it[name].as_str().unwrap().to_owned();
            told.push((name.clone(), text("code"), place, text("message")));
        }
    }
    told.sort();
    told
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits: Vec<u8> = bytes.by_ref().take(2).collect();
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).unwrap()
}

/// Places without length are widened, since editors show nothing of them; the rest is the same.
fn compare(folder: &Path) -> usize {
    let (one, other) = (by_command_line(folder), by_server(folder));
    let widened = |(file, code, place, message): &Told| {
        let start = [place[0], place[1]];
        (
            file.clone(),
            code.clone(),
            if [place[2], place[3]] == start { None } else { Some(start) },
            message.clone(),
        )
    };
    let mut counts: BTreeMap<Told, i64> = BTreeMap::new();
    for told in &one {
        *counts.entry(told.clone()).or_default() += 1;
    }
    for told in &other {
        *counts.entry(told.clone()).or_default() -= 1;
    }
    let differ: Vec<_> = counts.into_iter().filter(|(_, count)| *count != 0).collect();
    let unexplained: Vec<_> = differ.iter().filter(|(told, _)| widened(told).2.is_some()).collect();
    // Each that was widened has one without length for a partner.
    let balance: i64 = differ.iter().map(|(_, count)| count).sum();
    let without_length = differ.iter().filter(|(told, _)| widened(told).2.is_none()).count();
    assert_eq!(balance, 0, "{differ:#?}");
    assert_eq!(unexplained.len(), without_length, "{differ:#?}");
    assert_eq!(one.len(), other.len());
    one.len()
}

fn copied(from: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files_of(from) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn the_fixtures_opened_as_a_workspace_show_what_the_command_line_finds() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = copied(&fixtures.join("projects"));
    assert!(compare(&folder.path().canonicalize().unwrap()) > 20);
}

/// Another folder, if somebody names one: `PLIMSOLL_CORPUS=path cargo test --test lsp corpus`. It is not written to.
#[test]
fn a_corpus_opened_as_a_workspace_shows_what_the_command_line_finds() {
    let Some(corpus) = std::env::var_os("PLIMSOLL_CORPUS").map(PathBuf::from) else { return };
    let count = compare(&corpus.canonicalize().unwrap());
    eprintln!("{count} findings");
    assert!(count > 0);
}
