//! The typed view as a tree again: every attribute in the long syntax, every scalar as its own type.
//!
//! It is what `docker compose config` prints before it adds defaults: those, paths, and names are the business
//! of whoever knows the project. Names that the user chose are sorted, as they are there, and attributes that say
//! no more than their absence are left out.

use std::collections::BTreeMap;

use crate::compose::ast::field::{AnyText, Anything, Attribute, Cast, List, Map, Rest, Text};
use crate::compose::ast::lifecycle::SecurityOpt;
use crate::compose::ast::mount::{DeviceRequest, Gpus};
use crate::compose::ast::pairs::{Command, ExtraHosts, Pair, Pairs};
use crate::compose::ast::scalar::{
    Attestation, BindRecursive, ByteSize, CgroupNamespace, Condition, Decimal, DeviceCount, FileMode,
    MountType, Nanoseconds, PortRange, SelinuxLabel, UpdateOrder, WatchAction, duration_text, number_text,
};
use crate::compose::lower::cast::yaml_integer;
use crate::compose::lower::float::yaml_float;
use crate::compose::value::{Origin, ScalarKind, Value, ValueKind};

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it is written; `None` for what nobody wrote, such as a default.
    pub origin: Option<Origin>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(Decimal),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping; keys are unique.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A value that nobody wrote.
    #[must_use]
    pub fn made(kind: NodeKind) -> Self {
        Self { kind, origin: None }
    }

    /// A text that nobody wrote.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::made(NodeKind::Text(text.into()))
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entry of that key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The entry of that key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.kind {
            NodeKind::Map(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Sets an entry of a mapping; of anything else makes nothing.
    pub fn set(&mut self, key: &str, node: Node) {
        if let Some(old) = self.get_mut(key) {
            *old = node;
        } else if let NodeKind::Map(entries) = &mut self.kind {
            entries.push((key.to_owned(), node));
        }
    }

    /// Takes an entry out of a mapping.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let NodeKind::Map(entries) = &mut self.kind else { return None };
        let at = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.remove(at).1)
    }
}

/// Something that can be written in the long syntax.
pub trait Long {
    /// The value in the long syntax.
    fn long(&self) -> NodeKind;

    /// Whether it says no more than if it were absent.
    fn says_nothing(&self) -> bool {
        false
    }
}

/// Attributes in which `false` and 0 differ from their absence.
const TELLING: [&str; 13] = [
    "attach",
    "enable_ipv4",
    "enable_ipv6",
    "hard",
    "init",
    "max_attempts",
    "parallelism",
    "published",
    "replicas",
    "required",
    "retries",
    "scale",
    "soft",
];

/// Adds an attribute to the mapping that has it.
pub(crate) fn push<T: Long>(entries: &mut Vec<(String, Node)>, key: &str, attribute: &Attribute<T>) {
    if let Some(field) = attribute
        && (!field.value.says_nothing() || TELLING.contains(&key))
    {
        entries.push((key.to_owned(), Node { kind: field.value.long(), origin: Some(field.origin) }));
    }
}

/// Adds what became no attribute: extensions, and what Compose refuses, as it is written.
pub(crate) fn push_rest(entries: &mut Vec<(String, Node)>, rest: &Rest) {
    for entry in rest.invalid.iter().chain(&rest.unknown).chain(&rest.extensions) {
        entries.push((entry.key.to_string(), as_written(&entry.value)));
    }
}

/// A value as YAML says it.
#[must_use]
pub fn as_written(value: &Value) -> Node {
    let kind = match &value.kind {
        ValueKind::Null => NodeKind::Null,
        ValueKind::Scalar(scalar) => typed(scalar.text.text(), scalar.kind),
        ValueKind::Sequence(items) => {
            NodeKind::List(items.iter().filter(|i| !i.is_reset()).map(|i| as_written(i)).collect())
        }
        ValueKind::Mapping(mapping) => NodeKind::Map(
            mapping
                .entries
                .iter()
                .filter(|entry| !entry.value.is_reset())
                .map(|entry| (entry.key.to_string(), as_written(&entry.value)))
                .collect(),
        ),
    };
    Node { kind, origin: Some(value.origin) }
}

fn typed(text: &str, kind: ScalarKind) -> NodeKind {
    let node = match kind {
        ScalarKind::Bool => Some(NodeKind::Bool(text.eq_ignore_ascii_case("true"))),
        ScalarKind::Int => yaml_integer(text).map(NodeKind::Integer),
        ScalarKind::Float => yaml_float(text).map(|float| NodeKind::Float(Decimal(float))),
        // Go prints the time of a day that has none.
        ScalarKind::Timestamp if text.len() == "2001-01-31".len() => {
            Some(NodeKind::Text(format!("{text}T00:00:00Z")))
        }
        ScalarKind::String | ScalarKind::Timestamp => None,
    };
    node.unwrap_or_else(|| NodeKind::Text(text.to_owned()))
}

/// The text of a scalar where Compose wants a text: numbers in Go's own spelling.
///
/// ```
/// use lint_parser::compose::{long::spelled, value::ScalarKind};
///
/// assert_eq!((spelled("017", ScalarKind::Int), spelled("017", ScalarKind::String)), ("15".into(), "017".into()));
/// ```
#[must_use]
pub fn spelled(text: &str, kind: ScalarKind) -> String {
    match typed(text, kind) {
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Integer(value) => value.to_string(),
        NodeKind::Float(Decimal(value)) => number_text(value),
        _ => text.to_owned(),
    }
}

impl Long for Text {
    fn long(&self) -> NodeKind {
        NodeKind::Text(spelled(self.as_str(), self.kind))
    }

    fn says_nothing(&self) -> bool {
        self.as_str().is_empty()
    }
}

impl Long for AnyText {
    fn long(&self) -> NodeKind {
        self.0.long()
    }
}

impl Long for Anything {
    fn long(&self) -> NodeKind {
        as_written(&self.0).kind
    }
}

impl<T: Long> Long for Option<T> {
    fn long(&self) -> NodeKind {
        self.as_ref().map_or(NodeKind::Null, Long::long)
    }

    fn says_nothing(&self) -> bool {
        self.as_ref().is_none_or(Long::says_nothing)
    }
}

impl<T: Spell> Long for Cast<T> {
    fn long(&self) -> NodeKind {
        self.value.as_ref().and_then(Spell::spell).unwrap_or_else(|| self.text.long())
    }

    fn says_nothing(&self) -> bool {
        match self.long() {
            NodeKind::Bool(value) => !value,
            NodeKind::Integer(value) => value == 0,
            NodeKind::Float(Decimal(value)) => value == 0.0,
            NodeKind::Text(text) => text.is_empty() || text == "0",
            _ => false,
        }
    }
}

/// A type scalars are cast to; `None` when it stays the text that is written.
trait Spell {
    fn spell(&self) -> Option<NodeKind>;
}

impl Spell for Attestation {
    fn spell(&self) -> Option<NodeKind> {
        None
    }
}

impl Spell for bool {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Bool(*self))
    }
}

impl Spell for i64 {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Integer(*self))
    }
}

impl Spell for Decimal {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Float(*self))
    }
}

impl Spell for ByteSize {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Text(self.0.to_string()))
    }
}

impl Spell for Nanoseconds {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Text(duration_text(*self)))
    }
}

impl Spell for FileMode {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Text(format!("0{:o}", self.0)))
    }
}

impl Spell for PortRange {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Text(format!("{self:?}")))
    }
}

impl Spell for DeviceCount {
    fn spell(&self) -> Option<NodeKind> {
        Some(NodeKind::Integer(match self {
            DeviceCount::All => -1,
            DeviceCount::Number(number) => *number,
        }))
    }
}

/// Enumerations are the words they are written with.
macro_rules! word {
    ($($Name:ident),*) => {
        $( impl Spell for $Name {
            fn spell(&self) -> Option<NodeKind> {
                Some(NodeKind::Text(self.word().to_owned()))
            }
        } )*
    };
}

word!(Condition, MountType, BindRecursive, SelinuxLabel, CgroupNamespace, WatchAction, UpdateOrder);

impl<T: Long> Long for List<T> {
    fn long(&self) -> NodeKind {
        let items = self.items.iter().map(|i| Node { kind: i.value.long(), origin: Some(i.origin) });
        NodeKind::List(items.chain(self.invalid.iter().map(|value| as_written(value))).collect())
    }

    fn says_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Long> Long for Map<T> {
    fn long(&self) -> NodeKind {
        let entries = self.entries.iter().map(|entry| {
            let kind = match self.is_list {
                true => NodeKind::Null,
                false => entry.field.value.long(),
            };
            (entry.name.to_string(), Node { kind, origin: Some(entry.field.origin) })
        });
        let invalid = self.invalid.iter().map(|entry| (entry.key.to_string(), as_written(&entry.value)));
        let mut entries: Vec<_> = entries.chain(invalid).collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        NodeKind::Map(entries)
    }

    fn says_nothing(&self) -> bool {
        self.entries.is_empty() && self.invalid.is_empty()
    }
}

/// A pair as an entry of a mapping.
#[must_use]
pub fn pair(pair: &Pair) -> (String, Node) {
    let kind = pair.value.as_ref().map_or(NodeKind::Null, Long::long);
    (pair.name.as_str().to_owned(), Node { kind, origin: Some(pair.origin) })
}

impl Long for Pairs {
    fn long(&self) -> NodeKind {
        // Of pairs with one name the last one counts.
        let pairs: BTreeMap<String, Node> = self.items.iter().map(pair).collect();
        NodeKind::Map(pairs.into_iter().collect())
    }

    fn says_nothing(&self) -> bool {
        self.items.is_empty()
    }
}

impl Long for ExtraHosts {
    fn long(&self) -> NodeKind {
        let items = self.items.iter().map(|host| Node {
            kind: NodeKind::Text(format!("{}={}", host.name.as_str(), host.address.as_str())),
            origin: Some(host.origin),
        });
        NodeKind::List(items.collect())
    }

    fn says_nothing(&self) -> bool {
        self.items.is_empty()
    }
}

impl Long for Command {
    fn long(&self) -> NodeKind {
        let text = |text: &Text| Node { kind: text.long(), origin: Some(text.origin) };
        match self {
            Command::Null => NodeKind::Null,
            Command::Line(line) => line.long(),
            Command::Words(words) => NodeKind::List(words.iter().map(text).collect()),
        }
    }

    fn says_nothing(&self) -> bool {
        *self == Command::Null
    }
}

impl Long for SecurityOpt {
    fn long(&self) -> NodeKind {
        self.text.long()
    }
}

impl Long for Gpus {
    fn long(&self) -> NodeKind {
        match self {
            Gpus::All(text) => {
                let count = Node { kind: NodeKind::Integer(-1), origin: Some(text.origin) };
                let request = NodeKind::Map(vec![("count".to_owned(), count)]);
                NodeKind::List(vec![Node { kind: request, origin: Some(text.origin) }])
            }
            Gpus::Requests(requests) => List::<DeviceRequest>::long(requests),
        }
    }
}
