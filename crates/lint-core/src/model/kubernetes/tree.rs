//! Reading the tree of a manifest as the API server does: what is null is not there, and what has another type is not what is
//! asked for.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Origin, ScalarKind, Value, ValueKind};

/// What stands under a name; nothing where that is null.
#[must_use]
pub fn get<'v>(value: &'v Value, name: &str) -> Option<&'v Arc<Value>> {
    value.get(name).map(|entry| &entry.value).filter(|value| value.kind != ValueKind::Null)
}

/// What stands at the end of a path of names.
#[must_use]
pub fn at<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Arc<Value>> {
    let (first, rest) = names.split_first()?;
    let mut found = get(value, first)?;
    for name in rest {
        found = get(found, name)?;
    }
    Some(found)
}

/// The entry at the end of a path of names, for whoever needs to point at its key.
#[must_use]
pub fn entry<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Entry> {
    let (last, before) = names.split_last()?;
    let holder = if before.is_empty() { Some(value) } else { at(value, before).map(|value| &**value) };
    holder?.get(last).filter(|entry| entry.value.kind != ValueKind::Null)
}

/// The items of a list; none when it is no list.
#[must_use]
pub fn items(value: Option<&Arc<Value>>) -> &[Arc<Value>] {
    match value.map(|value| &value.kind) {
        Some(ValueKind::Sequence(items)) => items,
        _ => &[],
    }
}

/// The items of the list under a name.
#[must_use]
pub fn list<'v>(value: &'v Value, name: &str) -> &'v [Arc<Value>] {
    items(get(value, name))
}

/// The entries of a mapping; none when it is no mapping.
#[must_use]
pub fn entries(value: &Value) -> &[Entry] {
    match &value.kind {
        ValueKind::Mapping(mapping) => &mapping.entries,
        _ => &[],
    }
}

/// Whether it is a mapping.
#[must_use]
pub fn is_mapping(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Mapping(_))
}

/// A boolean. The reader of manifests follows YAML 1.1, in which plain `yes` and `on` are booleans; a quoted one is a string,
/// which the API server refuses.
#[must_use]
pub fn boolean(value: &Value) -> Option<bool> {
    let scalar = value.as_scalar()?;
    let is_plain = scalar.text.is_verbatim() && value.origin.span.len() == scalar.text.text().len();
    match (scalar.text.text(), scalar.kind) {
        ("true" | "True" | "TRUE", ScalarKind::Bool) => Some(true),
        ("false" | "False" | "FALSE", ScalarKind::Bool) => Some(false),
        ("yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y", _) if is_plain => Some(true),
        ("no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N", _) if is_plain => Some(false),
        _ => None,
    }
}

/// An integer. A leading zero is octal, as in YAML 1.1.
#[must_use]
pub fn integer(value: &Value) -> Option<i64> {
    let scalar =
        value.as_scalar().filter(|scalar| matches!(scalar.kind, ScalarKind::Int | ScalarKind::Float))?;
    let text = scalar.text.text().replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let number = match digits.get(..2) {
        Some("0x" | "0X") => i64::from_str_radix(&digits[2..], 16),
        Some("0o" | "0O") => i64::from_str_radix(&digits[2..], 8),
        Some("0b" | "0B") => i64::from_str_radix(&digits[2..], 2),
        Some(start) if start.starts_with('0') && !digits.contains(['.', 'e', 'E']) => {
            i64::from_str_radix(digits, 8).or_else(|_| digits.parse())
        }
        _ => digits.parse(),
    };
    match number {
        Ok(number) => Some(sign * number),
        // JSON writes `1e3` and `0.0`, and the decoder takes what is whole.
        Err(_) => {
            digits.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && n.abs() < 9e15).map(|n| sign * n as i64)
        }
    }
}

/// A string. What YAML takes for something else is none: the API server refuses `image: 1.5`.
#[must_use]
pub fn string(value: &Value) -> Option<&str> {
    let scalar = value.as_scalar()?;
    matches!(scalar.kind, ScalarKind::String | ScalarKind::Timestamp).then(|| scalar.text.text())
}

/// The text of a scalar of any type.
#[must_use]
pub fn text(value: &Value) -> Option<&str> {
    Some(value.as_scalar()?.text.text())
}

/// The string under a name.
#[must_use]
pub fn string_at<'v>(value: &'v Value, names: &[&str]) -> Option<&'v str> {
    at(value, names).and_then(|value| string(value))
}

/// The boolean under a name.
#[must_use]
pub fn boolean_at(value: &Value, names: &[&str]) -> Option<bool> {
    at(value, names).and_then(|value| boolean(value))
}

/// Whether something is filled in later: `${TAG}`, `{{ .Values.tag }}`. Nothing is claimed of it.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    text.contains("${")
        || text.contains("{{")
        || text.contains("<<")
        || text.contains("$(")
        || text.starts_with("<")
}

/// Where a value stands that is of this mapping, or the mapping.
#[must_use]
pub fn origin_of(value: &Value, names: &[&str]) -> Origin {
    entry(value, names).map_or(value.origin, |entry| entry.value.origin)
}
