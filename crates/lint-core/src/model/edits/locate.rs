//! Finding a place of the model again in the tree of its text.

use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Document, Entry, Node, NodeKind, ScalarStyle, Stream};

/// The way from the root of a document to a node.
#[derive(Clone, Debug)]
pub(super) struct Route<'t> {
    pub(super) document: &'t Document,
    pub(super) root: &'t Node,
    pub(super) steps: Vec<Step<'t>>,
}

/// A step from a collection to one of its parts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'t> {
    Entry { mapping: &'t Node, entries: &'t [Entry], index: usize },
    Item { sequence: &'t Node, items: &'t [Node], index: usize },
}

impl<'t> Step<'t> {
    /// The collection.
    pub(super) fn parent(&self) -> &'t Node {
        match *self {
            Self::Entry { mapping, .. } => mapping,
            Self::Item { sequence, .. } => sequence,
        }
    }

    /// The part.
    pub(super) fn node(&self) -> Option<&'t Node> {
        match *self {
            Self::Entry { entries, index, .. } => entries.get(index).map(|entry| &entry.value),
            Self::Item { items, index, .. } => items.get(index),
        }
    }

    pub(super) fn entry(&self) -> Option<&'t Entry> {
        match *self {
            Self::Entry { entries, index, .. } => entries.get(index),
            Self::Item { .. } => None,
        }
    }
}

impl<'t> Route<'t> {
    /// To the entry whose key is written there.
    pub(super) fn to_key(stream: &'t Stream, key: Span) -> Option<Self> {
        Self::to(stream, key, &|step| step.entry().is_some_and(|entry| entry.key.span == key))
    }

    /// To the value or item that is written there.
    pub(super) fn to_value(stream: &'t Stream, value: Span) -> Option<Self> {
        Self::to(stream, value, &|step| step.node().is_some_and(|node| node.span == value))
    }

    /// To the scalar that a place lies in.
    pub(super) fn to_scalar(stream: &'t Stream, place: Span) -> Option<Self> {
        Self::to(stream, place, &|step| {
            step.node()
                .is_some_and(|node| matches!(node.kind, NodeKind::Scalar(_)) && node.span.encloses(place))
        })
    }

    fn to(stream: &'t Stream, place: Span, is_it: &dyn Fn(&Step<'t>) -> bool) -> Option<Self> {
        let (document, root) = stream
            .documents
            .iter()
            .filter_map(|document| Some((document, document.root.as_ref()?)))
            .find(|(_, root)| root.span.encloses(place))?;
        let mut steps = Vec::new();
        let mut node = root;
        // Depth is bounded by the YAML parser.
        loop {
            let step = match &node.kind {
                NodeKind::Mapping(entries) => {
                    let index = last_before(entries, |entry| entry.key.span, place)?;
                    Step::Entry { mapping: node, entries, index }
                }
                NodeKind::Sequence(items) => {
                    let index = last_before(items, |item| item.span, place)?;
                    Step::Item { sequence: node, items, index }
                }
                NodeKind::Scalar(_) | NodeKind::Alias(_) => return None,
            };
            steps.push(step);
            if is_it(&step) {
                return Some(Self { document, root, steps });
            }
            node = step.node()?;
        }
    }

    /// The part it leads to.
    pub(super) fn node(&self) -> Option<&'t Node> {
        self.steps.last()?.node()
    }

    /// The key of the step at a depth, where that is a mapping's.
    pub(super) fn key(&self, depth: usize) -> Option<&'t str> {
        match &self.steps.get(depth)?.entry()?.key.kind {
            NodeKind::Scalar(scalar) => Some(scalar.text.text()),
            _ => None,
        }
    }

    /// Whether an alias may name something that holds the part, or the part itself.
    pub(super) fn is_anchored(&self) -> bool {
        let parents = self.steps.iter().map(Step::parent);
        parents.chain(self.node()).any(|node| node.anchor.is_some())
    }
}

/// Of parts in the order of the text, the last that begins no later than a place does.
fn last_before<T>(parts: &[T], span_of: impl Fn(&T) -> Span, place: Span) -> Option<usize> {
    parts.partition_point(|part| span_of(part).start() <= place.start()).checked_sub(1)
}

/// The value that an alias stands for: the last one of that anchor before it.
pub(super) fn anchored<'t>(document: &'t Document, name: &str, alias: Span) -> Option<&'t Node> {
    let mut found: Option<&Node> = None;
    let mut open: Vec<&Node> = document.root.iter().collect();
    while let Some(node) = open.pop() {
        if node.span.start() >= alias.start() {
            continue;
        }
        if let Some(anchor) = &node.anchor
            && anchor.value == name
            && found.is_none_or(|found| {
                found.anchor.as_ref().is_some_and(|other| other.span.start() < anchor.span.start())
            })
        {
            found = Some(node);
        }
        match &node.kind {
            NodeKind::Sequence(items) => open.extend(items),
            NodeKind::Mapping(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
            NodeKind::Scalar(_) | NodeKind::Alias(_) => {}
        }
    }
    found
}

/// Whether a node is there at all: a key without a value has an empty scalar.
pub(super) fn is_unwritten(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain)
        && node.span.is_empty()
}

/// Whether an anchor is defined on a node or inside it.
pub(super) fn has_anchor(node: &Node) -> bool {
    node.anchor.is_some()
        || match &node.kind {
            NodeKind::Sequence(items) => items.iter().any(has_anchor),
            NodeKind::Mapping(entries) => {
                entries.iter().any(|entry| has_anchor(&entry.key) || has_anchor(&entry.value))
            }
            NodeKind::Scalar(_) | NodeKind::Alias(_) => false,
        }
}

/// Where a node begins, its tag and anchor included.
pub(super) fn start_of(node: &Node) -> usize {
    let tag = node.tag.as_ref().map(|tag| tag.span.start());
    let anchor = node.anchor.as_ref().map(|anchor| anchor.span.start());
    [tag, anchor].into_iter().flatten().fold(node.span.start(), usize::min)
}

/// Where an entry ends.
pub(super) fn end_of(entry: &Entry) -> usize {
    let anchor = entry.value.anchor.as_ref().map_or(0, |anchor| anchor.span.end());
    let tag = entry.value.tag.as_ref().map_or(0, |tag| tag.span.end());
    entry.value.span.end().max(entry.key.span.end()).max(anchor).max(tag)
}

/// What ends last in a node.
pub(super) fn last_leaf(mut node: &Node) -> &Node {
    loop {
        let next = match &node.kind {
            NodeKind::Sequence(items) => items.last(),
            NodeKind::Mapping(entries) => entries.last().map(|entry| &entry.value),
            NodeKind::Scalar(_) | NodeKind::Alias(_) => None,
        };
        match next {
            Some(next) => node = next,
            None => return node,
        }
    }
}
