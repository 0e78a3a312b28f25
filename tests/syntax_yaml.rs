//! The YAML parser over `fixtures/syntax/yaml` and Compose's reading of YAML over
//! `fixtures/syntax/compose-value`: one node a line, with its bytes, so that an error of one shows.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use lint_parser::compose::value::{SourceId, Value, ValueKind};
use lint_parser::syntax_error::SyntaxError;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Node, NodeKind};

#[test]
fn yaml() {
    each_case("syntax/yaml", "input.yaml", |text| {
        let parsed = lint_parser::yaml::parse(text);
        let mut out = String::new();
        for (i, document) in parsed.tree.documents.iter().enumerate() {
            writeln!(out, "document {}", i + 1).unwrap();
            match &document.root {
                Some(root) => dump_node(&mut out, text, root, 1, ""),
                None => out.push_str("  nothing\n"),
            }
        }
        for comment in &parsed.tree.comments {
            let place = if comment.trailing { "trailing" } else { "alone" };
            writeln!(out, "comment {:?} {place} {:?}", comment.span, comment.text.value).unwrap();
        }
        dump_errors(&mut out, text, &parsed.errors);
        out
    });
}

#[test]
fn compose_value() {
    each_case("syntax/compose-value", "compose.yaml", |text| {
        let parsed = lint_parser::yaml::parse(text);
        let read = lint_parser::compose::read::read(&parsed.tree, SourceId(0));
        let mut out = String::new();
        for (i, value) in read.tree.iter().enumerate() {
            writeln!(out, "document {}", i + 1).unwrap();
            dump_value(&mut out, text, value, 1, "");
        }
        dump_errors(&mut out, text, &parsed.errors);
        dump_errors(&mut out, text, &read.errors);
        out
    });
}

/// Snapshots what `dump` makes of every case's input, beside that input.
fn each_case(folder: &str, input: &str, dump: impl Fn(&str) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let text = fs::read_to_string(case.join(input)).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let dumped = dump(&text);
        settings.bind(|| insta::assert_snapshot!("tree", dumped));
    }
}

fn dump_node(out: &mut String, text: &str, node: &Node, depth: usize, role: &str) {
    let indent = "  ".repeat(depth);
    let mut properties = String::new();
    if let Some(tag) = &node.tag {
        write!(properties, " tag {:?} {}", tag.span, tag.value).unwrap();
        assert_eq!(tag.span.slice(text), tag.value);
    }
    if let Some(anchor) = &node.anchor {
        write!(properties, " anchor {:?} {}", anchor.span, anchor.span.slice(text)).unwrap();
    }
    let span = node.span;
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            let mapped = dump_mapped(text, &scalar.text);
            writeln!(out, "{indent}{role}{:?} {span:?}{properties} {mapped}", scalar.style).unwrap();
        }
        NodeKind::Alias(name) => {
            writeln!(out, "{indent}{role}alias {span:?} {} of {name}", span.slice(text)).unwrap();
        }
        NodeKind::Sequence(items) => {
            writeln!(out, "{indent}{role}sequence {span:?}{properties} {}", ends(text, span)).unwrap();
            for item in items {
                dump_node(out, text, item, depth + 1, "- ");
            }
        }
        NodeKind::Mapping(entries) => {
            writeln!(out, "{indent}{role}mapping {span:?}{properties} {}", ends(text, span)).unwrap();
            for entry in entries {
                dump_node(out, text, &entry.key, depth + 1, "key ");
                dump_node(out, text, &entry.value, depth + 1, "  = ");
            }
        }
    }
}

fn dump_value(out: &mut String, text: &str, value: &Value, depth: usize, role: &str) {
    let indent = "  ".repeat(depth);
    let span = value.origin.span;
    let mark = value.mark.map(|mark| format!(" {mark:?}")).unwrap_or_default();
    match &value.kind {
        ValueKind::Null => writeln!(out, "{indent}{role}Null {span:?}{mark} {:?}", span.slice(text)).unwrap(),
        ValueKind::Scalar(scalar) => {
            let mapped = dump_mapped(text, &scalar.text);
            writeln!(out, "{indent}{role}{:?} {span:?}{mark} {mapped}", scalar.kind).unwrap();
        }
        ValueKind::Sequence(items) => {
            writeln!(out, "{indent}{role}sequence {span:?}{mark} {}", ends(text, span)).unwrap();
            for item in items {
                dump_value(out, text, item, depth + 1, "- ");
            }
        }
        ValueKind::Mapping(mapping) => {
            writeln!(out, "{indent}{role}mapping {span:?}{mark} {}", ends(text, span)).unwrap();
            for entry in &mapping.entries {
                let via = match entry.via {
                    Some(via) => format!(" via {:?} {}", via.span, ends(text, via.span)),
                    None => String::new(),
                };
                let key = entry.key_origin.span;
                writeln!(out, "{indent}  key {:?} {key:?}{via}", entry.key).unwrap();
                dump_value(out, text, &entry.value, depth + 2, "= ");
            }
        }
    }
}

/// The first and the last few characters under a span.
fn ends(text: &str, span: Span) -> String {
    let characters: Vec<char> = span.slice(text).chars().collect();
    let all: String = characters.iter().collect();
    if characters.len() <= 40 {
        return format!("{all:?}");
    }
    let first: String = characters[..16].iter().collect();
    let last: String = characters[characters.len() - 16..].iter().collect();
    format!("{first:?} .. {last:?}")
}

/// Source text; and the text it means where that differs, with the piece of source of each of its words.
fn dump_mapped(text: &str, mapped: &Mapped) -> String {
    let source = mapped.span().slice(text);
    if mapped.is_verbatim() {
        return format!("{source:?}");
    }
    let cooked = mapped.text();
    let mut words = String::new();
    let mut at = 0;
    for word in cooked.split_inclusive([' ', '\n']) {
        let end = at + word.trim_end_matches([' ', '\n']).len();
        if end > at {
            let pieces = mapped.pieces(at..end);
            let pieces: Vec<String> = pieces.iter().map(|p| format!("{p:?} {:?}", p.slice(text))).collect();
            write!(words, " [{}]", pieces.join(", ")).unwrap();
        }
        at += word.len();
    }
    format!("{source:?} => {cooked:?}{words}")
}

fn dump_errors(out: &mut String, text: &str, errors: &[SyntaxError]) {
    let file = SourceFile::new("input", text);
    for error in errors {
        let place = file.line_column(error.span.start());
        let slice = error.span.slice(text);
        writeln!(
            out,
            "error {}:{} {:?} {:?} {slice:?}: {}",
            place.line, place.column, error.kind, error.span, error.message
        )
        .unwrap();
        if let Some(help) = &error.help {
            writeln!(out, "  help: {help}").unwrap();
        }
    }
}
