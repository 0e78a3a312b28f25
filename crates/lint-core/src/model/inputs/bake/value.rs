//! A value of Bake's.

use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::kit::holes::is_known;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// A text or a number, at its bytes.
    Text(Mapped),
    List(Vec<Value>),
    /// With the place of each key.
    Map(Vec<(String, Span, Value)>),
    Unknown,
}

/// The text of a value, where all of it is known.
pub(super) fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) if is_known(text.text()) => Some(text.text()),
        _ => None,
    }
}
