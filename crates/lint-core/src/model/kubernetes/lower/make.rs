//! Makes values of the tree that Compose works on.

use std::sync::Arc;

use lint_parser::compose::value::{Certainty, Entry, Mapping, Origin, Scalar, ScalarKind, Value, ValueKind};
use lint_parser::text::mapped::Mapped;

use crate::model::kubernetes::tree;

fn value(origin: Origin, kind: ValueKind) -> Arc<Value> {
    Arc::new(Value { origin, kind, mark: None })
}

fn scalar(origin: Origin, text: Mapped, kind: ScalarKind, certainty: Certainty) -> Arc<Value> {
    value(origin, ValueKind::Scalar(Scalar { text, kind, certainty }))
}

/// A text that stands for bytes without being them.
pub(super) fn text(text: &str, origin: Origin) -> Arc<Value> {
    scalar(origin, Mapped::replaced(text, origin.span), ScalarKind::String, Certainty::Known)
}

/// A number that stands for bytes.
pub(super) fn number(number: i64, origin: Origin) -> Arc<Value> {
    scalar(origin, Mapped::replaced(number.to_string(), origin.span), ScalarKind::Int, Certainty::Known)
}

/// `true` or `false`.
pub(super) fn boolean(is: bool, origin: Origin) -> Arc<Value> {
    let text = if is { "true" } else { "false" };
    scalar(origin, Mapped::replaced(text, origin.span), ScalarKind::Bool, Certainty::Known)
}

/// Something that is not known.
pub(super) fn unknown(origin: Origin) -> Arc<Value> {
    scalar(origin, Mapped::replaced("${unknown}", origin.span), ScalarKind::String, Certainty::Unknown)
}

/// A scalar as a string; unknown where something is still to be filled in.
pub(super) fn known_or_not(from: &Arc<Value>) -> Arc<Value> {
    let Some(said) = from.as_scalar() else { return unknown(from.origin) };
    let certainty =
        if tree::is_placeholder(said.text.text()) { Certainty::Unknown } else { Certainty::Known };
    scalar(from.origin, said.text.clone(), ScalarKind::String, certainty)
}

/// A word of a command. The kubelet replaces `$(NAME)`, and leaves `${NAME}` to the shell.
pub(super) fn word(from: &Arc<Value>) -> Arc<Value> {
    let Some(said) = from.as_scalar() else { return unknown(from.origin) };
    let is_replaced = said.text.text().contains("$(") && !said.text.text().contains("$$(");
    // In a script the shell has the same form for what a command prints.
    let is_word = !said.text.text().contains([' ', '\n', ';']);
    let certainty = if is_replaced && is_word { Certainty::Unknown } else { Certainty::Known };
    scalar(from.origin, said.text.clone(), ScalarKind::String, certainty)
}

/// The words of a command.
pub(super) fn words(from: &Arc<Value>) -> Arc<Value> {
    list(tree::items(Some(from)).iter().map(word).collect(), from.origin)
}

/// A list.
pub(super) fn list(items: Vec<Arc<Value>>, origin: Origin) -> Arc<Value> {
    value(origin, ValueKind::Sequence(items))
}

/// A mapping under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    entries: Vec<Entry>,
}

impl Map {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Arc<Value>> {
        self.entries.iter().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// Sets a key. Of two values the last counts.
    pub(super) fn set(&mut self, key: &str, at: Origin, value: Arc<Value>) {
        self.set_via(key, at, value, None);
    }

    /// Sets a key to what another place brings here.
    pub(super) fn set_via(&mut self, key: &str, at: Origin, value: Arc<Value>, via: Option<Origin>) {
        let entry = Entry { key: Arc::from(key), key_origin: at, value, via };
        match self.entries.iter_mut().find(|entry| &*entry.key == key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    /// Takes a key away.
    pub(super) fn remove(&mut self, key: &str) {
        self.entries.retain(|entry| &*entry.key != key);
    }

    /// Adds an item to a list.
    pub(super) fn push(&mut self, key: &str, at: Origin, item: Arc<Value>) {
        match self.entries.iter_mut().find(|entry| &*entry.key == key) {
            Some(known) => {
                let Value { origin, kind, .. } = Arc::make_mut(&mut known.value);
                if let ValueKind::Sequence(items) = kind {
                    if origin.source == item.origin.source {
                        origin.span = origin.span.cover(item.origin.span);
                    }
                    items.push(item);
                }
            }
            None => {
                let origin = item.origin;
                self.set(key, at, list(vec![item], origin));
            }
        }
    }

    /// The mapping as a value.
    pub(super) fn finish(self, origin: Origin) -> Arc<Value> {
        value(origin, ValueKind::Mapping(Mapping { entries: self.entries }))
    }
}
