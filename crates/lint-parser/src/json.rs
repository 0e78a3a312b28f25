//! JSON as Go's `encoding/json` accepts it, with the place of every value: the engine's `daemon.json`.
//!
//! YAML would read most of these files too, but also what the engine refuses: comments, single quotes, a comma too
//! many. And it refuses tabs, which JSON allows.

mod parser;

use crate::syntax_error::Parsed;
use crate::text::span::Span;

/// A value, and where it stands in the text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Json {
    /// From its first byte to its last, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub kind: JsonKind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, decoded.
    String(String),
    /// `[...]`
    Array(Vec<Json>),
    /// `{...}`, in the order of the text. Of two members with one name the engine takes the last.
    Object(Vec<Member>),
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Member {
    /// The name, decoded.
    pub name: String,
    /// Where the name stands, with its quotes.
    pub name_span: Span,
    /// The value.
    pub value: Json,
}

/// Reads a text that is one JSON value.
///
/// Never fails: a fault ends the reading, and what stood whole before it is in the tree. A text of blanks alone
/// has no value and no fault; the engine takes it for an empty object. Values may be nested 128 deep.
///
/// ```
/// let text = "{\"hosts\": [\"tcp://0.0.0.0\"]}";
/// let json = lint_parser::json::parse(text).tree.unwrap();
/// assert_eq!(json.get("hosts").unwrap().value.span.slice(text), "[\"tcp://0.0.0.0\"]");
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<Option<Json>> {
    parser::parse(text)
}

impl Json {
    /// The last member of that name, if this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.name == name)
    }

    /// The members; none when this is no object.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            JsonKind::Object(members) => members,
            _ => &[],
        }
    }

    /// The string, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            JsonKind::String(text) => Some(text),
            _ => None,
        }
    }
}
