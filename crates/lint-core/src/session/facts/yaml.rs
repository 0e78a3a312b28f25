//! What the text of a YAML file shows by itself: its outline, and which alias means which anchor.

use std::collections::HashMap;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind, Stream};

use crate::finding::label::Place;
use crate::session::facts::{Facts, Symbol, SymbolKind};

/// How deep the outline goes: sections, what they hold, and the attributes of that.
const DEPTH: usize = 3;

/// The outline, and the anchors.
pub(in crate::session) fn of_stream(file: &SourceFile, stream: &Stream, facts: &mut Facts) {
    for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
        facts.symbols.extend(symbols(root, file, 0, ""));
        let mut anchors = HashMap::new();
        aliases(root, file, &mut anchors, facts);
    }
}

fn symbols(node: &Node, file: &SourceFile, depth: usize, section: &str) -> Vec<Symbol> {
    let NodeKind::Mapping(entries) = &node.kind else { return Vec::new() };
    if depth >= DEPTH {
        return Vec::new();
    }
    let symbol = |entry: &Entry| {
        let name = key(entry)?;
        let section = if depth == 0 { name } else { section };
        let kind = match depth {
            0 => SymbolKind::Section,
            1 if section == "services" => SymbolKind::Service,
            _ => SymbolKind::Attribute,
        };
        Some(Symbol {
            name: name.to_owned(),
            detail: detail(entry, file, depth, section),
            kind,
            span: entry.key.span.cover(entry.value.span),
            name_span: entry.key.span,
            children: symbols(&entry.value, file, depth + 1, section),
        })
    };
    entries.iter().filter_map(symbol).collect()
}

/// The image of a service, or the value of an attribute.
fn detail(entry: &Entry, file: &SourceFile, depth: usize, section: &str) -> String {
    let text = |node: &Node| match &node.kind {
        NodeKind::Scalar(_) => file.slice(node.span).lines().next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    match &entry.value.kind {
        NodeKind::Mapping(entries) if depth == 1 && section == "services" => {
            let image = entries.iter().find(|entry| key(entry) == Some("image"));
            image.map(|image| text(&image.value)).unwrap_or_default()
        }
        _ => text(&entry.value),
    }
}

/// The text of a key.
pub(super) fn key(entry: &Entry) -> Option<&str> {
    match &entry.key.kind {
        NodeKind::Scalar(scalar) => Some(scalar.text.text()),
        _ => None,
    }
}

/// Links each alias to the anchor of its name that stands last before it.
fn aliases(node: &Node, file: &SourceFile, anchors: &mut HashMap<String, Span>, facts: &mut Facts) {
    match &node.kind {
        NodeKind::Alias(name) => {
            if let Some(&anchor) = anchors.get(name) {
                facts.link(node.span, Place::new(file, anchor));
            }
        }
        NodeKind::Scalar(_) => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| aliases(item, file, anchors, facts)),
        NodeKind::Mapping(entries) => {
            for entry in entries {
                aliases(&entry.key, file, anchors, facts);
                aliases(&entry.value, file, anchors, facts);
            }
        }
    }
    // An anchor is known once what it names is complete.
    if let Some(anchor) = &node.anchor {
        anchors.insert(anchor.value.clone(), anchor.span);
    }
}
