//! A tree in which everything stands where it is meant.

use std::collections::HashMap;

use crate::yaml::node::{Entry, Node, NodeKind};

/// How many nodes aliases bring into one tree.
const MOST: usize = 50_000;

/// A tree with what its aliases stand for in their place, each part at the bytes where it is written, and with what merge keys
/// (`<<`) bring into mappings that do not say it themselves. What would make the tree a bomb is left as it is.
///
/// ```
/// use lint_parser::yaml::{node::NodeKind, parse, unaliased};
///
/// let stream = parse("a: &x [1]\nb: *x\n").tree;
/// let root = unaliased(stream.documents[0].root.as_ref().unwrap());
/// let NodeKind::Mapping(entries) = root.kind else { panic!() };
/// assert_eq!(entries[0].value.kind, entries[1].value.kind);
/// ```
#[must_use]
pub fn unaliased(root: &Node) -> Node {
    let mut reader = Reader { anchors: HashMap::new(), left: MOST, to_keep: 4 * MOST };
    reader.node(root).0
}

/// Whether a text may have anchors. `a && b` in a script is none.
#[must_use]
pub fn may_have_anchors(text: &str) -> bool {
    text.contains('*')
        && text.match_indices('&').any(|(at, _)| {
            let after = text[at + 1..].chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_');
            let before = text[..at].trim_end_matches(' ').chars().next_back();
            after && before.is_none_or(|c| matches!(c, ':' | '-' | '[' | ',' | '{' | '\n'))
        })
}

struct Reader {
    /// What each anchor names at this place, and how many nodes that is.
    anchors: HashMap<String, (Node, usize)>,
    left: usize,
    /// How many nodes more are kept by their anchors, which may stand within each other.
    to_keep: usize,
}

impl Reader {
    /// A node, and how many it is made of.
    fn node(&mut self, node: &Node) -> (Node, usize) {
        if let NodeKind::Alias(name) = &node.kind {
            return match self.anchors.get(name) {
                Some((known, size)) if *size <= self.left => {
                    self.left -= size;
                    (known.clone(), *size)
                }
                _ => (node.clone(), 1),
            };
        }
        let mut size = 1;
        let mut part = |reader: &mut Self, node: &Node| {
            let (node, of_it) = reader.node(node);
            size += of_it;
            node
        };
        let kind = match &node.kind {
            NodeKind::Sequence(items) => {
                NodeKind::Sequence(items.iter().map(|item| part(self, item)).collect())
            }
            NodeKind::Mapping(entries) => {
                let entries = entries.iter().map(|entry| {
                    let mut made = entry.clone();
                    made.key = part(self, &entry.key);
                    made.value = part(self, &entry.value);
                    made
                });
                NodeKind::Mapping(merged(entries.collect()))
            }
            kind => kind.clone(),
        };
        let mut made = node.clone();
        made.kind = kind;
        if let Some(anchor) = &node.anchor
            && size <= self.to_keep
        {
            self.to_keep -= size;
            self.anchors.insert(anchor.value.clone(), (made.clone(), size));
        }
        (made, size)
    }
}

/// The entries with those that merge keys bring.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    let name = |entry: &Entry| match &entry.key.kind {
        NodeKind::Scalar(scalar) => scalar.text.text().to_owned(),
        _ => String::new(),
    };
    if !entries.iter().any(|entry| name(entry) == "<<") {
        return entries;
    }
    let (merges, mut all): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| name(entry) == "<<");
    let brought = merges.into_iter().flat_map(|merge| match merge.value.kind {
        NodeKind::Mapping(entries) => entries,
        NodeKind::Sequence(items) => items
            .into_iter()
            .filter_map(|item| match item.kind {
                NodeKind::Mapping(entries) => Some(entries),
                _ => None,
            })
            .flatten()
            .collect(),
        _ => Vec::new(),
    });
    for entry in brought {
        if !all.iter().any(|known| name(known) == name(&entry)) {
            all.push(entry);
        }
    }
    all
}
