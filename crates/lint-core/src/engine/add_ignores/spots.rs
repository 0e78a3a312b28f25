//! The line above which a comment covers a place.

use std::collections::HashMap;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind, Stream};
use lint_parser::{dockerfile, systemd, yaml};

use crate::engine::source::{Source, SourceKind};
use crate::files::Files;

/// Where a comment goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The beginning of a line.
    pub(super) at: usize,
    /// What the line begins with.
    pub(super) indent: String,
}

/// Why a comment can go nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoSpot {
    /// The file is not ours to change.
    NotASource,
    /// The language has none.
    NoComments,
    /// Nothing around the place begins a line of its own.
    Nothing,
}

/// What a comment can stand above.
enum Lines {
    /// Instructions or assignments, in order.
    Flat(Vec<Span>),
    Yaml(Stream),
    None,
}

/// The sources of a run, each read when first asked for.
pub(super) struct Spots<'a> {
    sources: HashMap<&'a str, &'a Source>,
    files: &'a dyn Files,
    known: HashMap<String, Option<(String, Lines)>>,
}

impl<'a> Spots<'a> {
    pub(super) fn new(sources: &'a [Source], files: &'a dyn Files) -> Self {
        let sources = sources.iter().map(|source| (source.name.as_str(), source)).collect();
        Self { sources, files, known: HashMap::new() }
    }

    /// The text of a source that has been asked for.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.known.get(name)?.as_ref().map(|(text, _)| text.clone())
    }

    /// Where a comment covers a place.
    pub(super) fn find(&mut self, file: &SourceFile, span: Span) -> Result<Spot, NoSpot> {
        let Some(source) = self.sources.get(file.name()) else { return Err(NoSpot::NotASource) };
        let known = self.known.entry(source.name.clone()).or_insert_with(|| {
            let text = source.text.clone().or_else(|| self.files.read(&source.name).ok())?;
            let lines = Lines::of(source.kind, &text);
            Some((text, lines))
        });
        match known {
            Some((text, lines)) if text == file.text() => lines.find(file, span),
            _ => Err(NoSpot::NotASource),
        }
    }
}

impl Lines {
    fn of(kind: SourceKind, text: &str) -> Self {
        match kind {
            SourceKind::Dockerfile => {
                let tree = dockerfile::parse(text).tree;
                Lines::Flat(tree.instructions.iter().map(|instruction| instruction.span).collect())
            }
            SourceKind::SystemdUnit | SourceKind::Quadlet => {
                let unit = systemd::parse(text).tree;
                Lines::Flat(unit.assignments.iter().map(|assignment| assignment.span).collect())
            }
            SourceKind::Kubernetes if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') => {
                Lines::None
            }
            SourceKind::Compose | SourceKind::Pipeline | SourceKind::Kubernetes => {
                Lines::Yaml(yaml::parse(text).tree)
            }
            SourceKind::DaemonJson | SourceKind::Commands | SourceKind::Bake | SourceKind::DevContainer => {
                Lines::None
            }
        }
    }

    fn find(&self, file: &SourceFile, span: Span) -> Result<Spot, NoSpot> {
        let around = match self {
            Lines::None => return Err(NoSpot::NoComments),
            Lines::Flat(spans) => last_around(spans, |span| *span, span).copied().into_iter().collect(),
            Lines::Yaml(stream) => {
                let roots = stream.documents.iter().filter_map(|document| document.root.as_ref());
                let mut around = Vec::new();
                roots.filter(|root| root.span.encloses(span)).for_each(|r| block(r, file, span, &mut around));
                around
            }
        };
        around.into_iter().rev().find_map(|node| above(file, node.start())).ok_or(NoSpot::Nothing)
    }
}

/// Of parts in the order of the file, the one that encloses a place.
fn last_around<T>(parts: &[T], span_of: impl Fn(&T) -> Span, place: Span) -> Option<&T> {
    let after = parts.partition_point(|part| span_of(part).start() <= place.start());
    parts.get(after.checked_sub(1)?).filter(|part| span_of(part).encloses(place))
}

/// The keys and items around a place, outermost first, as far as they are written in block style: between brackets a
/// comment would turn what may be read as JSON into something else. Depth is bounded by the YAML parser.
fn block(node: &Node, file: &SourceFile, place: Span, around: &mut Vec<Span>) {
    if file.slice(node.span).starts_with(['{', '[']) {
        return;
    }
    match &node.kind {
        NodeKind::Scalar(_) | NodeKind::Alias(_) => {}
        NodeKind::Sequence(items) => {
            if let Some(item) = last_around(items, |item| item.span, place) {
                around.push(item.span);
                block(item, file, place, around);
            }
        }
        NodeKind::Mapping(entries) => {
            if let Some(entry) = last_around(entries, Entry::span, place) {
                around.push(entry.span());
                block(&entry.value, file, place, around);
            }
        }
    }
}

/// The beginning of the line that something begins.
fn above(file: &SourceFile, start: usize) -> Option<Spot> {
    let mut at = file.line_span(file.line(start)).start();
    // A byte order mark is the file's, and stays its beginning.
    if at == 0 && file.text().starts_with('\u{feff}') {
        at = '\u{feff}'.len_utf8();
    }
    let before = file.text().get(at..start)?;
    let blanks = before.len() - before.trim_start_matches([' ', '\t']).len();
    // An item begins with its dash, and what a dash begins is the first thing on its line.
    before
        .chars()
        .all(|c| matches!(c, ' ' | '\t' | '-'))
        .then(|| Spot { at, indent: before.get(..blanks).unwrap_or_default().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line above which a comment for `Z` goes, 0 for none, and its indentation.
    fn spot(kind: SourceKind, text: &str) -> (usize, usize) {
        let file = SourceFile::new("a", text);
        let at = text.find('Z').unwrap();
        match Lines::of(kind, text).find(&file, Span::new(at, at + 1)) {
            Ok(spot) => (file.line(spot.at), spot.indent.len()),
            Err(_) => (0, 0),
        }
    }

    #[test]
    fn a_comment_goes_above_the_instruction() {
        for (text, line) in [
            ("FROM a\nRUN Z\n", 2),
            ("FROM a\nRUN a \\\n  # b\n\n  Z\n", 2),
            ("FROM a\nRUN <<EOF\nUSER Z\nEOF\nRUN b\n", 2),
            ("# escape=`\n# a\nFROM Z\n", 3),
            ("# syntax=Z\nFROM a\n", 0),
        ] {
            assert_eq!(spot(SourceKind::Dockerfile, text).0, line, "{text}");
        }
    }

    #[test]
    fn a_comment_goes_above_the_innermost_key_or_item_in_block_style() {
        for (text, expected) in [
            ("a:\n  b:\n    - x\n    - Z\n", (4, 4)),
            ("a:\n- b: x\n  c: Z\n", (3, 2)),
            ("a:\n- b: Z\n  c: x\n", (2, 0)),
            ("a:\n  b: {c: x, d: Z}\n", (2, 2)),
            ("a:\n  b: [\n    x,\n    Z\n  ]\n", (2, 2)),
            ("a:\n  b: |\n    x\n    Z\n", (2, 2)),
            ("a:\n  - - - Z\n", (2, 2)),
            ("a:\n  - &x\n    b: Z\n", (3, 4)),
            ("? a\n: b: Z\n", (0, 0)),
            ("--- a: Z\n", (0, 0)),
            ("{\"a\":\n  \"Z\"}\n", (0, 0)),
        ] {
            assert_eq!(spot(SourceKind::Compose, text), expected, "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_stays_the_beginning() {
        let file = SourceFile::new("a", "\u{feff}FROM a\n");
        assert_eq!(above(&file, 3), Some(Spot { at: 3, indent: String::new() }));
    }
}
