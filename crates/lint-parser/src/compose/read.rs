//! A YAML stream as the values Compose works on.
//!
//! Semantics of go-yaml as Compose configures it, checked against `docker compose config`: aliases and merge
//! keys are resolved, scalars get their types, and duplicate or non-string keys are refused.

mod schema;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::compose::value::{Certainty, Entry, Mapping, Mark, Origin, Scalar, SourceId, Value, ValueKind};
use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::span::Span;
use crate::yaml::node;
use crate::yaml::node::{Node, NodeKind, ScalarStyle, Stream};

/// How many values one document may reach through its aliases, each counted as often as it is reached.
///
/// An anchor of a hundred values used by ten thousand services fits; an "alias bomb", which names a billion
/// values in a few lines, does not.
pub const ALIAS_BUDGET: u64 = 1_000_000;

/// How deep values may be nested after aliases are resolved. YAML alone cannot go deeper, but a chain of
/// aliases could.
pub const MAX_DEPTH: usize = 512;

/// Reads each document of a stream as a value; a document without content is null.
///
/// Refused, and left out of the value: duplicate keys (the last stays), keys that are collections, aliases
/// inside their own anchor, aliases beyond [`ALIAS_BUDGET`] or [`MAX_DEPTH`], `<<` with anything but mappings.
/// Refused and kept: keys that are not strings (their text stays) and scalars that contradict their tag.
#[must_use]
pub fn read(stream: &Stream, source: SourceId) -> Parsed<Vec<Value>> {
    let mut reader = Reader { stream, source, errors: Vec::new(), document: State::default() };
    let mut values = Vec::with_capacity(stream.documents.len());
    for document in &stream.documents {
        reader.document = State::default();
        let value = match &document.root {
            Some(root) => {
                let value = reader.node(root, 0).value;
                // Anchors hold on to their values.
                reader.document = State::default();
                Arc::unwrap_or_clone(value)
            }
            None => reader.value(Span::at(0), ValueKind::Null),
        };
        values.push(value);
    }
    reader.errors.sort_by_key(|error| error.span);
    Parsed { tree: values, errors: reader.errors }
}

struct Reader<'s> {
    stream: &'s Stream,
    source: SourceId,
    errors: Vec<SyntaxError>,
    document: State<'s>,
}

/// What is known of a document so far.
#[derive(Default)]
struct State<'s> {
    anchors: HashMap<&'s str, Anchor>,
    /// Distinguishes anchors of one name.
    anchor_count: usize,
    /// Values reached through aliases.
    spent: u64,
    /// Whether the budget was exceeded, which is said once.
    refused: bool,
    path: Vec<Step>,
}

enum Step {
    Key(Arc<str>),
    Index(usize),
}

enum Anchor {
    /// Its value is being read: an alias to it now would hold itself.
    Open(usize),
    Read(Resolved),
}

/// A value with what it costs.
#[derive(Clone)]
struct Resolved {
    value: Arc<Value>,
    /// How many values it is, itself included, each counted as often as it is reached.
    size: u64,
    /// How many levels it has; a scalar has none below it.
    height: usize,
}

/// An entry of a mapping being read, or the mappings a `<<` merges into it, each with where it is named.
enum Slot {
    Own(Entry),
    Merge(Vec<(Arc<Value>, Origin)>),
}

/// What a `<<` brings in: mappings, each with where it is named, and what they cost together.
#[derive(Default)]
struct Merged {
    sources: Vec<(Arc<Value>, Origin)>,
    size: u64,
    height: usize,
}

impl<'s> Reader<'s> {
    fn origin(&self, span: Span) -> Origin {
        Origin { source: self.source, span }
    }

    fn value(&self, span: Span, kind: ValueKind) -> Value {
        Value { origin: self.origin(span), kind, mark: None }
    }

    fn null(&self, span: Span) -> Resolved {
        Resolved { value: Arc::new(self.value(span, ValueKind::Null)), size: 1, height: 0 }
    }

    fn error(&mut self, kind: SyntaxErrorKind, span: Span, message: impl Into<String>, help: &str) {
        self.errors.push(SyntaxError::new(kind, span, message).with_help(help));
    }

    /// Reads a node at a depth. The recursion is bounded by the YAML parser's nesting limit.
    fn node(&mut self, node: &'s Node, depth: usize) -> Resolved {
        if let NodeKind::Alias(name) = &node.kind {
            return self.alias(name, node.span, depth);
        }
        let anchor = node.anchor.as_ref().map(|anchor| {
            self.document.anchor_count += 1;
            let id = self.document.anchor_count;
            self.document.anchors.insert(&anchor.value, Anchor::Open(id));
            (anchor.value.as_str(), id)
        });
        let (kind, size, height) = match &node.kind {
            NodeKind::Scalar(scalar) => (self.scalar(scalar, node), 1, 0),
            NodeKind::Sequence(items) => self.sequence(items, depth),
            NodeKind::Mapping(entries) => self.mapping(entries, depth),
            NodeKind::Alias(_) => (ValueKind::Null, 1, 0),
        };
        let mark = match node.tag.as_ref().map(|tag| tag.value.as_str()) {
            Some("!reset") => Some(Mark::Reset),
            Some("!override") => Some(Mark::Override),
            _ => None,
        };
        let value = Arc::new(Value { origin: self.origin(node.span), kind, mark });
        let resolved = Resolved { value, size, height };
        if let Some((name, id)) = anchor {
            // An anchor of the same name further inside takes the name over, as in go-yaml.
            if matches!(self.document.anchors.get(name), Some(Anchor::Open(open)) if *open == id) {
                self.document.anchors.insert(name, Anchor::Read(resolved.clone()));
            }
        }
        resolved
    }

    fn alias(&mut self, name: &str, span: Span, depth: usize) -> Resolved {
        let resolved = match self.document.anchors.get(name) {
            Some(Anchor::Read(resolved)) => resolved.clone(),
            Some(Anchor::Open(_)) => {
                self.error(
                    SyntaxErrorKind::Compose,
                    span,
                    format!("cycle detected: `*{name}` stands inside the value it refers to"),
                    "move the anchor to a value that does not hold the alias",
                );
                return self.null(span);
            }
            // The YAML parser has said so.
            None => return self.null(span),
        };
        if depth + resolved.height > MAX_DEPTH {
            let message = "the values this alias brings in are nested too deeply";
            self.error(SyntaxErrorKind::Compose, span, message, "write the innermost values out");
            return self.null(span);
        }
        self.document.spent = self.document.spent.saturating_add(resolved.size);
        if self.document.spent > ALIAS_BUDGET {
            if !std::mem::replace(&mut self.document.refused, true) {
                let message = format!("the aliases up to here bring in more than {ALIAS_BUDGET} values");
                let help =
                    "an anchor that holds aliases of anchors that hold aliases multiplies: flatten them";
                self.error(SyntaxErrorKind::Compose, span, message, help);
            }
            return self.null(span);
        }
        resolved
    }

    fn scalar(&mut self, scalar: &node::Scalar, node: &Node) -> ValueKind {
        let tag = node.tag.as_ref().map(|tag| tag.value.as_str());
        let resolution = schema::resolve(scalar.text.text(), scalar.style, tag);
        if let Some(wanted) = resolution.refused {
            let message =
                format!("cannot decode {} `{}` as a {wanted}", resolution.name(), scalar.text.text());
            self.error(SyntaxErrorKind::Compose, node.span, message, "remove the tag or correct the value");
        }
        match resolution.kind {
            Some(kind) => {
                ValueKind::Scalar(Scalar { text: scalar.text.clone(), kind, certainty: Certainty::Known })
            }
            None => ValueKind::Null,
        }
    }

    fn sequence(&mut self, nodes: &'s [Node], depth: usize) -> (ValueKind, u64, usize) {
        let (mut size, mut height) = (1_u64, 0);
        let mut items = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            self.document.path.push(Step::Index(index));
            let item = self.node(node, depth + 1);
            self.document.path.pop();
            size = size.saturating_add(item.size);
            height = height.max(item.height + 1);
            items.push(item.value);
        }
        (ValueKind::Sequence(items), size, height)
    }

    fn mapping(&mut self, entries: &'s [node::Entry], depth: usize) -> (ValueKind, u64, usize) {
        let (mut size, mut height) = (1_u64, 0);
        let mut slots: Vec<Slot> = Vec::with_capacity(entries.len());
        let mut seen: HashMap<Arc<str>, (usize, Span)> = HashMap::with_capacity(entries.len());
        for entry in entries {
            let Some(key) = self.key(&entry.key, depth) else {
                self.node(&entry.value, depth + 1);
                continue;
            };
            self.document.path.push(Step::Key(Arc::clone(&key)));
            let slot = if is_merge(&entry.key) {
                let merged = self.merge(&entry.value, depth);
                size = size.saturating_add(merged.size);
                height = height.max(merged.height);
                Slot::Merge(merged.sources)
            } else {
                let value = self.node(&entry.value, depth + 1);
                size = size.saturating_add(value.size);
                height = height.max(value.height + 1);
                let via = matches!(entry.value.kind, NodeKind::Alias(_));
                let via = via.then(|| self.origin(entry.value.span));
                let key_origin = self.origin(entry.key.span);
                Slot::Own(Entry { key: Arc::clone(&key), key_origin, value: value.value, via })
            };
            self.document.path.pop();
            match seen.get_mut(&key) {
                None => {
                    seen.insert(key, (slots.len(), entry.key.span));
                    slots.push(slot);
                }
                Some((index, first)) => {
                    let line = self.stream.line(first.start());
                    if let Some(old) = slots.get_mut(*index) {
                        *old = slot;
                    }
                    self.error(
                        SyntaxErrorKind::DuplicateKey,
                        entry.key.span,
                        format!("mapping key \"{key}\" already defined at line {line}"),
                        &if is_merge(&entry.key) {
                            format!("put both into the `<<` at line {line}: `<<: [*one, *two]`")
                        } else {
                            format!("merge it with the `{key}` at line {line}, or remove one of the two")
                        },
                    );
                }
            }
        }
        (ValueKind::Mapping(assemble(slots)), size, height)
    }

    /// The mappings a `<<` names.
    fn merge(&mut self, value: &'s Node, depth: usize) -> Merged {
        let sources = match &value.kind {
            NodeKind::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let mut merged = Merged::default();
        for source in sources {
            let read = self.node(source, depth);
            merged.size = merged.size.saturating_add(read.size);
            merged.height = merged.height.max(read.height);
            match read.value.kind {
                ValueKind::Mapping(_) => merged.sources.push((read.value, self.origin(source.span))),
                // What an alias cannot name has been refused already.
                ValueKind::Null if self.is_refused(source) => {}
                _ => self.error(
                    SyntaxErrorKind::Compose,
                    source.span,
                    "map merge requires map or sequence of maps as the value",
                    "give `<<` an alias of a mapping, or a list of such aliases",
                ),
            }
        }
        merged
    }

    fn is_refused(&self, alias: &Node) -> bool {
        let NodeKind::Alias(name) = &alias.kind else { return false };
        self.document.refused || !matches!(self.document.anchors.get(name.as_str()), Some(Anchor::Read(_)))
    }

    /// A key's text.
    fn key(&mut self, key: &'s Node, depth: usize) -> Option<Arc<str>> {
        let value = self.node(key, depth + 1).value;
        match &value.kind {
            ValueKind::Scalar(scalar) if schema::is_string(scalar.kind) || is_merge(key) => {
                Some(Arc::from(scalar.text.text()))
            }
            ValueKind::Scalar(scalar) => {
                self.non_string_key(key.span, scalar.text.text());
                Some(Arc::from(scalar.text.text()))
            }
            ValueKind::Null => {
                let text = match &key.kind {
                    NodeKind::Scalar(scalar) => scalar.text.text(),
                    _ => "",
                };
                self.non_string_key(key.span, if text.is_empty() { "null" } else { text });
                Some(Arc::from(text))
            }
            ValueKind::Sequence(_) | ValueKind::Mapping(_) => {
                let message = "a list or a mapping cannot be a key";
                self.error(SyntaxErrorKind::Compose, key.span, message, "put the key in quotes");
                None
            }
        }
    }

    fn non_string_key(&mut self, span: Span, text: &str) {
        let message = match self.path() {
            path if path.is_empty() => format!("non-string key at top level: {text}"),
            path => format!("non-string key in {path}: {text}"),
        };
        self.error(SyntaxErrorKind::Compose, span, message, "put the key in quotes");
    }

    /// Where the reader is, as Compose writes it: `services.web.ports[0]`. Cut when it is long: it goes into
    /// every message.
    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.document.path {
            if path.len() > 200 {
                path.push_str("...");
                break;
            }
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => {
                    path.push('.');
                    path.push_str(key);
                }
                Step::Index(index) => {
                    let _ = write!(path, "[{index}]");
                }
            }
        }
        path
    }
}

/// Whether a key is the merge key: `<<` without quotes, or under a `!!merge` tag.
fn is_merge(key: &Node) -> bool {
    let NodeKind::Scalar(scalar) = &key.kind else { return false };
    scalar.text.text() == "<<"
        && match key.tag.as_ref().map(|tag| tag.value.as_str()) {
            None => scalar.style == ScalarStyle::Plain,
            Some(tag) => matches!(tag, "!!merge" | "!<tag:yaml.org,2002:merge>"),
        }
}

/// Merged entries stand where their `<<` stands. Own keys win wherever they stand, then earlier mappings. An own
/// key under `!reset` does not: Compose drops it before it merges, so that the merged key shows again.
fn assemble(slots: Vec<Slot>) -> Mapping {
    if !slots.iter().any(|slot| matches!(slot, Slot::Merge(_))) {
        let own = slots.into_iter().filter_map(|slot| match slot {
            Slot::Own(entry) => Some(entry),
            Slot::Merge(_) => None,
        });
        return Mapping { entries: own.collect() };
    }
    let mut taken: HashSet<Arc<str>> = HashSet::with_capacity(slots.len());
    for slot in &slots {
        if let Slot::Own(entry) = slot {
            taken.insert(Arc::clone(&entry.key));
        }
    }
    let shown: HashMap<Arc<str>, Entry> = slots.iter().filter_map(|slot| shown(slot, &slots)).collect();
    let mut entries = Vec::with_capacity(slots.len());
    for slot in slots {
        match slot {
            Slot::Own(entry) => entries.push(shown.get(&entry.key).cloned().unwrap_or(entry)),
            Slot::Merge(sources) => {
                for (value, via) in sources {
                    let ValueKind::Mapping(mapping) = &value.kind else { continue };
                    for entry in &mapping.entries {
                        if taken.insert(Arc::clone(&entry.key)) {
                            entries.push(Entry { via: Some(via), ..entry.clone() });
                        }
                    }
                }
            }
        }
    }
    Mapping { entries }
}

/// The entry a `<<` brings in under an own key with `!reset`. Compose drops what is reset before it merges, so
/// that this entry shows; and what earlier files say under the key is gone all the same.
fn shown(slot: &Slot, slots: &[Slot]) -> Option<(Arc<str>, Entry)> {
    let Slot::Own(own) = slot else { return None };
    if own.value.mark != Some(Mark::Reset) {
        return None;
    }
    let sources = slots.iter().filter_map(|slot| match slot {
        Slot::Merge(sources) => Some(sources),
        Slot::Own(_) => None,
    });
    let (entry, via) = sources.flatten().find_map(|(value, via)| Some((value.get(&own.key)?, *via)))?;
    if entry.value.mark.is_some() {
        return None;
    }
    let value = Arc::new(Value { mark: Some(Mark::Override), ..(*entry.value).clone() });
    Some((Arc::clone(&own.key), Entry { value, via: Some(via), ..entry.clone() }))
}
