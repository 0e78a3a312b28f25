//! One form for what may be written in several, so that two of them can be merged.

use std::sync::Arc;

use lint_parser::compose::long::spelled;
use lint_parser::compose::value::{Certainty, Entry, Mapping, Origin, Scalar, ScalarKind, Value, ValueKind};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::model::project::merge::spot::Rule;

/// `NAME=value` elements, or a mapping, as a mapping. A name that is there twice keeps its first place and
/// its last value. `None` when the value is neither, so that it cannot be read by name.
pub(super) fn pairs(value: &Value) -> Option<Mapping> {
    match &value.kind {
        ValueKind::Mapping(mapping) => Some(mapping.clone()),
        ValueKind::Sequence(items) => {
            let mut entries: Vec<Entry> = Vec::new();
            let mut index = std::collections::HashMap::new();
            for item in items.iter().filter(|item| item.mark.is_none()) {
                let entry = pair(item)?;
                match index.get(&entry.key) {
                    Some(&at) => entries[at] = entry,
                    None => {
                        index.insert(Arc::clone(&entry.key), entries.len());
                        entries.push(entry);
                    }
                }
            }
            Some(Mapping { entries })
        }
        // Over a mapping one string is a list of one, and other scalars are nothing.
        ValueKind::Scalar(_) => Some(Mapping { entries: pair(value).into_iter().collect() }),
        ValueKind::Null => None,
    }
}

/// The later of two. Compose makes a list of both; and in a list that comes before, it finds no name to reset.
pub(super) fn later_pairs(base: &Value, over: &Value) -> Option<Mapping> {
    let mut mapping = pairs(over)?;
    let resets = !matches!(base.kind, ValueKind::Sequence(_));
    mapping.entries.retain(|entry| resets || !entry.value.is_reset());
    Some(mapping)
}

/// Merged pairs. In a list a value may be without a name, and in a mapping it may not; and in a list alone, which is what
/// Compose makes of both, a blank behind a name is refused.
pub(super) fn of_pairs(mapping: Mapping) -> ValueKind {
    let in_list_alone = |name: &str| name.is_empty() || name.ends_with([' ', '\t']);
    match mapping.entries.iter().any(|entry| in_list_alone(&entry.key)) {
        true => ValueKind::Sequence(mapping.entries.iter().flat_map(assignments).collect()),
        false => ValueKind::Mapping(mapping),
    }
}

/// `NAME=value` as an entry; `NAME` alone has no value.
fn pair(item: &Value) -> Option<Entry> {
    let scalar = item.as_scalar().filter(|scalar| scalar.kind == ScalarKind::String)?;
    let text = scalar.text.text();
    let at = |span| Origin { source: item.origin.source, span };
    let (key, value) = match text.find('=') {
        Some(equals) => {
            let part = scalar.text.slice(equals + 1..text.len());
            let origin = at(part.span());
            let certainty =
                if is_certain(scalar, equals + 1, text.len()) { Certainty::Known } else { scalar.certainty };
            let kind = ValueKind::Scalar(Scalar { text: part, kind: ScalarKind::String, certainty });
            (scalar.text.slice(0..equals), Value { origin, kind, mark: None })
        }
        None => (scalar.text.clone(), Value { origin: item.origin, kind: ValueKind::Null, mark: None }),
    };
    Some(Entry { key: Arc::from(key.text()), key_origin: at(key.span()), value: Arc::new(value), via: None })
}

/// A list of names, or a mapping, as a mapping; `default` makes what a name alone stands for.
pub(super) fn names(value: &Value, default: fn(Origin) -> ValueKind) -> Option<Mapping> {
    match &value.kind {
        ValueKind::Mapping(mapping) => Some(mapping.clone()),
        ValueKind::Sequence(items) => {
            let mut mapping = Mapping::default();
            let mut seen = std::collections::HashSet::new();
            for item in items.iter().filter(|item| item.mark.is_none()) {
                let key: Arc<str> = Arc::from(item.as_scalar()?.text.text());
                if seen.insert(Arc::clone(&key)) {
                    let value = Value { origin: item.origin, kind: default(item.origin), mark: None };
                    mapping.entries.push(Entry {
                        key,
                        key_origin: item.origin,
                        value: Arc::new(value),
                        via: None,
                    });
                }
            }
            Some(mapping)
        }
        // Over a mapping a scalar is nothing.
        ValueKind::Scalar(_) => Some(Mapping::default()),
        ValueKind::Null => None,
    }
}

/// What a network or a model named alone stands for.
pub(super) fn nothing(_: Origin) -> ValueKind {
    ValueKind::Null
}

/// What a dependency named alone stands for.
pub(super) fn started(origin: Origin) -> ValueKind {
    let entry = |key: &str, text: &str, kind| {
        let text = Mapped::replaced(text, origin.span);
        let kind = ValueKind::Scalar(Scalar { text, kind, certainty: Certainty::Known });
        Entry {
            key: Arc::from(key),
            key_origin: origin,
            value: Arc::new(Value { origin, kind, mark: None }),
            via: None,
        }
    };
    let entries = vec![
        entry("condition", "service_started", ScalarKind::String),
        entry("required", "true", ScalarKind::Bool),
    ];
    ValueKind::Mapping(Mapping { entries })
}

/// `all` as a list of what it asks for, or the list.
pub(super) fn gpus(value: &Value) -> Vec<Arc<Value>> {
    match &value.kind {
        ValueKind::Sequence(items) => items.clone(),
        ValueKind::Scalar(_) => {
            let count = Arc::new(Value { origin: value.origin, kind: value.kind.clone(), mark: None });
            let key_origin = value.origin;
            let entry = Entry { key: Arc::from("count"), key_origin, value: count, via: None };
            let kind = ValueKind::Mapping(Mapping { entries: vec![entry] });
            vec![Arc::new(Value { origin: value.origin, kind, mark: None })]
        }
        ValueKind::Mapping(_) | ValueKind::Null => Vec::new(),
    }
}

/// Whether the schema refuses an earlier value, which a later one would give a meaning.
pub(super) fn is_refused(base: &Value, rule: Rule) -> bool {
    match (rule, &base.kind) {
        (Rule::Pairs | Rule::Ssh | Rule::Names | Rule::DependsOn, ValueKind::Scalar(_)) => true,
        (Rule::Strings | Rule::Build | Rule::Gpus, ValueKind::Scalar(scalar)) => {
            scalar.kind != ScalarKind::String
        }
        (Rule::Build, ValueKind::Sequence(_)) => true,
        _ => false,
    }
}

/// A build context alone, or a mapping, as a mapping.
pub(super) fn build(value: &Arc<Value>) -> Option<Mapping> {
    match &value.kind {
        ValueKind::Mapping(mapping) => Some(mapping.clone()),
        ValueKind::Scalar(scalar) if scalar.kind == ScalarKind::String => {
            let key_origin = value.origin;
            let entry = Entry { key: Arc::from("context"), key_origin, value: Arc::clone(value), via: None };
            Some(Mapping { entries: vec![entry] })
        }
        // Over a mapping anything else is nothing.
        _ => Some(Mapping::default()),
    }
}

/// A single string, a list, or a mapping (as `key=value` texts) as a list.
pub(super) fn list(value: &Arc<Value>) -> Vec<Arc<Value>> {
    match &value.kind {
        ValueKind::Sequence(items) => {
            items.iter().filter(|item| item.mark.is_none()).map(Arc::clone).collect()
        }
        ValueKind::Scalar(scalar) if scalar.kind == ScalarKind::String => vec![Arc::clone(value)],
        ValueKind::Scalar(_) => Vec::new(),
        ValueKind::Mapping(mapping) => mapping.entries.iter().flat_map(assignments).collect(),
        ValueKind::Null => Vec::new(),
    }
}

/// `key=value`, once for each element of a value that is a list.
fn assignments(entry: &Entry) -> Vec<Arc<Value>> {
    let values = match &entry.value.kind {
        ValueKind::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    };
    values
        .iter()
        .map(|value| {
            let mut text = MappedBuilder::default();
            let key_span = entry.key_origin.span;
            text.push_replaced(&entry.key, key_span);
            // Key and value lie in one file, unless the value comes through something that crosses files:
            // then the key is the only place this file has.
            let local = value.origin.source == entry.key_origin.source;
            let mut span = key_span;
            let mut certainty = Certainty::Known;
            if let Some(scalar) = value.as_scalar() {
                text.push_replaced("=", Span::at(key_span.end()));
                certainty = scalar.certainty;
                // A number is what Go makes of it.
                let spelled = spelled(scalar.text.text(), scalar.kind);
                if !local {
                    text.push_replaced(&spelled, key_span);
                } else {
                    span = span.cover(value.origin.span);
                    if spelled == scalar.text.text() {
                        text.push_mapped(&scalar.text);
                    } else {
                        text.push_replaced(&spelled, value.origin.span);
                    }
                }
            }
            let scalar = Scalar { text: text.finish(span), kind: ScalarKind::String, certainty };
            let origin = Origin { source: entry.key_origin.source, span };
            Arc::new(Value { origin, kind: ValueKind::Scalar(scalar), mark: None })
        })
        .collect()
}

/// Whether no variable went into a range of a text or vanished at its edges: it and its neighbours stand in
/// the source side by side.
pub(super) fn is_certain(scalar: &Scalar, start: usize, end: usize) -> bool {
    if scalar.certainty == Certainty::Known {
        return true;
    }
    let text = scalar.text.text();
    if start >= end {
        return false;
    }
    let from = (0..start).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let to = (end + 1..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let whole = scalar.text.span();
    let written = scalar.text.span_of(from..to);
    // At either end of the text only a quote may stand between it and the end of what is written.
    let open_start = from == start && written.start() > whole.start() + 1;
    let open_end = to == end && written.end() + 1 < whole.end();
    !open_start && !open_end && scalar.text.slice(from..to).is_verbatim()
}
