//! The libraries' public names, so that whoever adds one, or takes one away, sees it in review. It needs no tool, and
//! sees names only; `.ci/semver` compares what is behind them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[test]
fn public_names_of_lint_core() {
    insta::assert_snapshot!(names("lint-core"));
}

#[test]
fn public_names_of_lint_parser() {
    insta::assert_snapshot!(names("lint-parser"));
}

#[test]
fn the_examples_are_in_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/lint-core");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    for example in std::fs::read_dir(root.join("examples")).unwrap().flatten() {
        let text = std::fs::read_to_string(example.path()).unwrap().replace("\r\n", "\n");
        let (_, code) = text.split_once("\n\n").unwrap();
        assert!(readme.replace("\r\n", "\n").contains(code), "{} differs", example.path().display());
    }
}

/// Every public path of a crate, a line for each.
fn names(library: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").join(library).join("src");
    let mut paths = Vec::new();
    let text = std::fs::read_to_string(source.join("lib.rs")).unwrap();
    items(&text, &source, &library.replace('-', "_"), &mut paths);
    paths.sort();
    paths.dedup();
    paths.iter().fold(String::new(), |mut text, path| {
        writeln!(text, "{path}").unwrap();
        text
    })
}

/// The public items of a module. Items stand at the beginning of a line, as rustfmt writes them; those inside a module
/// with a body are indented by four blanks, and those inside a macro too.
fn items(text: &str, folder: &Path, path: &str, paths: &mut Vec<String>) {
    let mut rest = text;
    let mut is_hidden = false;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        // What exists for tests alone, or behind a feature.
        if line.starts_with("#[cfg(") {
            is_hidden = line.contains("test");
            continue;
        }
        let Some(item) = line.strip_prefix("pub ") else {
            is_hidden &= line.starts_with(['#', '/']);
            if line.starts_with("attributes! {") {
                macro_items(&body(rest), path, paths);
            }
            continue;
        };
        if std::mem::take(&mut is_hidden) {
            continue;
        }
        let (kind, item) = item.split_once(' ').unwrap_or((item, ""));
        match kind {
            "use" => {
                let mut tree = item.to_owned();
                while !tree.ends_with(';') {
                    let (line, after) = rest.split_once('\n').unwrap();
                    tree.push_str(line.trim());
                    rest = after;
                }
                paths.extend(used(&tree).map(|name| format!("{path}::{name}")));
            }
            "mod" => {
                let name = item.trim_end_matches([';', ' ', '{', '}']);
                let path = format!("{path}::{name}");
                paths.push(path.clone());
                if item.ends_with('{') {
                    items(&body(rest), folder, &path, paths);
                } else {
                    let file: PathBuf = folder.join(format!("{name}.rs"));
                    let text = std::fs::read_to_string(&file).unwrap();
                    items(&text, &folder.join(name), &path, paths);
                }
            }
            _ => {
                let item = item.trim_start_matches("fn ");
                let end = item.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(item.len());
                paths.push(format!("{path}::{}", &item[..end]));
            }
        }
    }
}

/// What stands in a body, up to the brace that ends it, without its indentation.
fn body(text: &str) -> String {
    let lines = text.lines().take_while(|line| *line != "}");
    lines.map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line))).collect()
}

fn macro_items(text: &str, path: &str, paths: &mut Vec<String>) {
    for item in text.lines().filter_map(|line| line.strip_prefix("pub struct ")) {
        paths.push(format!("{path}::{}", item.trim_end_matches([' ', '{'])));
    }
}

/// The names that a `use` brings in.
fn used(tree: &str) -> impl Iterator<Item = String> {
    let tree = tree.trim_end_matches(';');
    let names = match tree.split_once('{') {
        Some((_, names)) => names.trim_end_matches('}').to_owned(),
        None => tree.to_owned(),
    };
    let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
    names.into_iter().filter(|name| !name.is_empty()).map(|name| {
        let name = name.rsplit_once(" as ").map_or(name.as_str(), |(_, name)| name);
        name.rsplit("::").next().unwrap_or(name).to_owned()
    })
}
