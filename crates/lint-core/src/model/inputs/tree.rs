//! Builds the tree that Compose works on from what was written as something else.

use std::sync::Arc;

use lint_parser::compose::value::{
    Certainty, Entry, Mapping, Origin, Scalar, ScalarKind, SourceId, Value, ValueKind,
};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::kit::holes::is_known;

/// How many items of one list are kept; nobody writes as many by hand.
const MOST_ITEMS: usize = 1_000;

/// The place of a span in the one file of a project.
pub(super) fn origin(span: Span) -> Origin {
    Origin { source: SourceId(0), span }
}

fn value(span: Span, kind: ValueKind) -> Arc<Value> {
    Arc::new(Value { origin: origin(span), kind, mark: None })
}

/// A text; unknown where a part of it is.
pub(super) fn text(text: &Mapped) -> Arc<Value> {
    scalar(text, ScalarKind::String)
}

/// A text that Compose would write without quotes where it is a number.
pub(super) fn number(text: &Mapped) -> Arc<Value> {
    let written = text.text();
    let kind = match () {
        () if written.parse::<i64>().is_ok() => ScalarKind::Int,
        () if written.parse::<f64>().is_ok() => ScalarKind::Float,
        () => ScalarKind::String,
    };
    scalar(text, kind)
}

fn scalar(text: &Mapped, kind: ScalarKind) -> Arc<Value> {
    let certainty = if is_known(text.text()) { Certainty::Known } else { Certainty::Unknown };
    value(text.span(), ValueKind::Scalar(Scalar { text: text.clone(), kind, certainty }))
}

/// `true` or `false`, said by these bytes.
pub(super) fn boolean(is: bool, span: Span) -> Arc<Value> {
    let text = Mapped::replaced(if is { "true" } else { "false" }, span);
    scalar(&text, ScalarKind::Bool)
}

/// A text that stands for bytes without being them.
pub(super) fn made(says: &str, span: Span) -> Arc<Value> {
    text(&Mapped::replaced(says, span))
}

/// A list.
pub(super) fn list(items: Vec<Arc<Value>>, span: Span) -> Arc<Value> {
    value(span, ValueKind::Sequence(items))
}

/// A mapping under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    entries: Vec<Entry>,
}

impl Map {
    /// The entries of a mapping.
    pub(super) fn of(value: &Value) -> Self {
        match &value.kind {
            ValueKind::Mapping(mapping) => Self { entries: mapping.entries.clone() },
            _ => Self::default(),
        }
    }

    /// Whether there is such a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| &*entry.key == key)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|entry| &*entry.key == key).map(|entry| &*entry.value)
    }

    /// Where the first value stands.
    pub(super) fn get_first(&self) -> Option<Span> {
        self.entries.first().map(|entry| entry.value.origin.span)
    }

    /// Sets a key. Of two values the last counts.
    pub(super) fn set(&mut self, key: &str, at: Span, value: Arc<Value>) {
        let entry = Entry { key: Arc::from(key), key_origin: origin(at), value, via: None };
        match self.entries.iter_mut().find(|entry| &*entry.key == key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    /// The keys with what they say.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The mapping as a kind of value.
    pub(super) fn into_kind(self) -> ValueKind {
        ValueKind::Mapping(Mapping { entries: self.entries })
    }

    /// Takes a key away, with what it says.
    pub(super) fn take(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| &*entry.key == key)?;
        Some(self.entries.remove(at))
    }

    /// Adds a key with what it says.
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries.retain(|known| known.key != entry.key);
        self.entries.push(entry);
    }

    /// Takes a key away.
    pub(super) fn remove(&mut self, key: &str) {
        self.entries.retain(|entry| &*entry.key != key);
    }

    /// Adds an item to a list.
    pub(super) fn push(&mut self, key: &str, at: Span, item: Arc<Value>) {
        match self.entries.iter_mut().find(|entry| &*entry.key == key) {
            Some(known) => {
                let Value { origin, kind, .. } = Arc::make_mut(&mut known.value);
                if let ValueKind::Sequence(items) = kind
                    && items.len() < MOST_ITEMS
                {
                    origin.span = origin.span.cover(item.origin.span);
                    items.push(item);
                }
            }
            None => {
                let span = item.origin.span;
                self.set(key, at, list(vec![item], span));
            }
        }
    }

    /// Sets a key of a mapping that is the value of another key.
    pub(super) fn set_in(&mut self, outer: &str, key: &str, at: Span, value: Arc<Value>) {
        let mut inner = match self.get(outer).map(|value| &value.kind) {
            Some(ValueKind::Mapping(mapping)) => Map { entries: mapping.entries.clone() },
            _ => Map::default(),
        };
        inner.set(key, at, value);
        let first = self.entries.iter().find(|entry| &*entry.key == outer).map(|entry| entry.key_origin.span);
        let made = inner.finish(first.map_or(at, |first| first.cover(at)));
        self.set(outer, first.unwrap_or(at), made);
    }

    /// Adds an item to a list of a mapping that is the value of another key.
    pub(super) fn push_in(&mut self, outer: &str, key: &str, at: Span, item: Arc<Value>) {
        let mut inner = self.get(outer).map(Map::of).unwrap_or_default();
        inner.push(key, at, item);
        let first = self.entries.iter().find(|entry| &*entry.key == outer).map(|entry| entry.key_origin.span);
        let made = inner.finish(first.map_or(at, |first| first.cover(at)));
        self.set(outer, first.unwrap_or(at), made);
    }

    /// The mapping as a value.
    pub(super) fn finish(self, span: Span) -> Arc<Value> {
        value(span, ValueKind::Mapping(Mapping { entries: self.entries }))
    }
}

/// The same place with another value.
pub(super) fn with(value: &Value, kind: ValueKind) -> Arc<Value> {
    Arc::new(Value { origin: value.origin, kind, mark: value.mark })
}

/// Says of all of an entry that it stands in the file of a number.
pub(super) fn renumber(entry: &mut Entry, number: usize) {
    let source = SourceId(u32::try_from(number).unwrap_or_default());
    if source != SourceId(0) {
        entry.key_origin.source = source;
        renumber_value(Arc::make_mut(&mut entry.value), source);
    }
}

/// Says of all of an entry that it stands in the file of its key.
pub(super) fn settle(entry: &mut Entry) {
    let source = entry.key_origin.source;
    renumber_value(Arc::make_mut(&mut entry.value), source);
}

fn renumber_value(value: &mut Value, source: SourceId) {
    value.origin.source = source;
    match &mut value.kind {
        ValueKind::Sequence(items) => {
            items.iter_mut().for_each(|item| renumber_value(Arc::make_mut(item), source))
        }
        ValueKind::Mapping(mapping) => {
            for entry in &mut mapping.entries {
                entry.key_origin.source = source;
                renumber_value(Arc::make_mut(&mut entry.value), source);
            }
        }
        _ => {}
    }
}

/// The same, where the service is named in the file of a number.
pub(super) fn project_of(services: Vec<(String, Span, Map)>, span: Span, number: usize) -> Value {
    let mut tree = project(services, span);
    let source = SourceId(u32::try_from(number).unwrap_or_default());
    tree.origin.source = source;
    let ValueKind::Mapping(root) = &mut tree.kind else { return tree };
    for section in &mut root.entries {
        section.key_origin.source = source;
        let section = Arc::make_mut(&mut section.value);
        section.origin.source = source;
        let ValueKind::Mapping(services) = &mut section.kind else { continue };
        for service in &mut services.entries {
            service.key_origin.source = source;
            Arc::make_mut(&mut service.value).origin.source = source;
        }
    }
    tree
}

/// The tree of a project that declares something, and has nobody in it: `networks`, `configs`.
pub(super) fn section(key: &str, mut declared: Map, at: Span, number: usize) -> Value {
    for entry in &mut declared.entries {
        renumber(entry, number);
    }
    let mut root = Map::default();
    root.set(key, at, declared.finish(at));
    let mut tree = Arc::unwrap_or_clone(root.finish(at));
    let source = SourceId(u32::try_from(number).unwrap_or_default());
    tree.origin.source = source;
    tree
}

/// The tree of a project with these services: their names, where they are named, and what they say.
pub(super) fn project(services: Vec<(String, Span, Map)>, span: Span) -> Value {
    let mut all = Map::default();
    for (name, at, service) in services {
        let mut unique = name.clone();
        let mut number = 1;
        while all.has(&unique) {
            number += 1;
            unique = format!("{name}-{number}");
        }
        all.set(&unique, at, service.finish(at));
    }
    let mut root = Map::default();
    root.set("services", span, all.finish(span));
    Arc::unwrap_or_clone(root.finish(span))
}
