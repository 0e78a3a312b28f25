//! Large and hostile projects: loading ends soon, and shared parts stay shared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::files::Files;
use crate::model::project::group::ProjectFiles;
use crate::model::project::{Project, load};
use lint_parser::text::source::SourceFile;

fn loaded(files: &[(&str, &str)]) -> Project {
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    load(&ProjectFiles::new(["compose.yaml"]), &|path| {
        files.read(path).map(|text| SourceFile::new(path, text))
    })
}

#[test]
fn services_that_share_an_anchor_share_its_values() {
    let mut text = String::from("x-base: &base\n  image: nginx:1.27\n  environment: &env\n");
    for i in 0..100 {
        writeln!(text, "    V{i}: value").unwrap();
    }
    text.push_str("services:\n");
    for i in 0..2000 {
        writeln!(text, "  s{i}:\n    <<: *base\n    hostname: h{i}").unwrap();
    }
    let over = "services:\n  s1: {user: app}\n";
    let files: BTreeMap<String, String> =
        BTreeMap::from([("compose.yaml".to_owned(), text), ("o.yaml".to_owned(), over.to_owned())]);
    let project = load(&ProjectFiles::new(["compose.yaml", "o.yaml"]), &|path| {
        files.read(path).map(|text| SourceFile::new(path, text))
    });
    assert_eq!((project.services.len(), project.faults.len()), (2000, 0));
    let environment = |i: usize| &project.services[i].value.get("environment").unwrap().value;
    assert!(Arc::ptr_eq(environment(0), environment(1999)));
    assert!(Arc::ptr_eq(environment(0), environment(1)), "merging copies what it changes alone");
}

#[test]
fn chains_of_extends_are_followed_to_a_depth() {
    let mut text = String::from("services:\n  s0: {image: \"a:1\", cap_add: [C0]}\n");
    for i in 1..5000 {
        writeln!(text, "  s{i}: {{extends: s{}, cap_add: [C{i}]}}", i - 1).unwrap();
    }
    let project = loaded(&[("compose.yaml", &text)]);
    assert_eq!(project.services.len(), 5000);
    assert!(project.service("s60").unwrap().complete && !project.service("s70").unwrap().complete);
    // The other way round: each is met before what it extends.
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.reverse();
    let project = loaded(&[("compose.yaml", &format!("services:\n{}\n", lines.join("\n")))]);
    assert_eq!(project.services.len(), 5000);
}

#[test]
fn lists_that_grow_by_being_inherited_are_bounded() {
    let mut text = String::from("services:\n  base:\n    image: a:1\n    group_add:\n");
    for i in 0..10_000 {
        writeln!(text, "    - g{i}").unwrap();
    }
    for i in 0..2000 {
        writeln!(text, "  s{i}: {{extends: base, group_add: [x]}}").unwrap();
    }
    let project = loaded(&[("compose.yaml", &text)]);
    assert!(project.notes.iter().any(|note| note.message.contains("too large")), "{:?}", project.notes);
}

#[test]
fn includes_that_multiply_come_to_an_end() {
    let mut files = Vec::new();
    for i in 0..40 {
        let name = if i == 0 { "compose.yaml".to_owned() } else { format!("f{i}.yaml") };
        files.push((
            name,
            format!("include: [f{0}.yaml, f{0}.yaml]\nservices:\n  s{i}: {{image: \"a:1\"}}\n", i + 1),
        ));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let project = loaded(&files);
    assert!(project.opaque && project.notes.iter().any(|note| note.message.contains("1000 files")));
}

#[test]
fn many_documents_are_cut() {
    let text = "services: {a: {image: b}}\n---\n".repeat(5000);
    let project = loaded(&[("compose.yaml", &text)]);
    assert_eq!(project.services.len(), 1);
    assert!(project.notes.iter().any(|note| note.message.contains("YAML documents")));
}

#[test]
fn nothing_is_claimed_without_a_window_to_other_files() {
    use crate::files::FileError;
    let text = "include: [a.yaml]\nservices:\n  web:\n    extends: {file: b.yaml, service: c}\n    networks: [n]\n    env_file: [e]\n";
    let project = load(&ProjectFiles::new(["compose.yaml"]), &|path| match path {
        "compose.yaml" => Ok(SourceFile::new(path, text)),
        _ => Err(FileError::NotFollowed),
    });
    assert!(project.faults.is_empty(), "{:?}", project.faults);
    assert!(project.opaque && !project.services[0].complete);
    let unread: Vec<&str> = project.notes.iter().map(|note| note.file.as_str()).collect();
    assert_eq!(unread, ["a.yaml", "b.yaml", "e"]);
}
