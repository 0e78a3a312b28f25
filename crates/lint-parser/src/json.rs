//! JSON as Go's `encoding/json` accepts it, with the place of every value: the engine's `daemon.json`.
//!
//! YAML would read most of these files too, but also what the engine refuses: comments, single quotes, a comma too
//! many. And it refuses tabs, which JSON allows.

mod parser;

use crate::syntax_error::Parsed;
use crate::text::mapped::{Mapped, MappedBuilder};
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

impl Member {
    /// A name that stands there, and its value.
    #[must_use]
    pub fn new(name: String, name_span: Span, value: Json) -> Self {
        Self { name, name_span, value }
    }
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

/// Whether JSON writes a number so.
///
/// ```
/// assert!(lint_parser::json::is_number("-1.5e3") && !lint_parser::json::is_number("01"));
/// ```
#[must_use]
pub fn is_number(text: &str) -> bool {
    parser::is_number(text)
}

/// A text of JSON with comments (`//`, `/* */`) and commas too many as JSON: each of these is blanks, so that every other byte
/// stands where it stood. For files that editors write, such as `devcontainer.json`.
#[must_use]
pub fn without_comments(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut comma: Option<usize> = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                comma = None;
                at += 1;
                while let Some(&inside) = bytes.get(at) {
                    match inside {
                        b'\\' => at += 1,
                        b'"' | b'\n' => break,
                        _ => {}
                    }
                    at += 1;
                }
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                let rest = text.get(at + 2..).unwrap_or_default();
                let end = match bytes.get(at + 1) {
                    Some(b'/') => rest.find('\n').map_or(text.len(), |end| at + 2 + end),
                    _ => rest.find("*/").map_or(text.len(), |end| at + 4 + end),
                };
                let end = end.min(bytes.len());
                bytes[at..end]
                    .iter_mut()
                    .filter(|byte| !byte.is_ascii_whitespace())
                    .for_each(|byte| *byte = b' ');
                at = end;
                continue;
            }
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += 1;
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The decoded text of a string, each part at the bytes it is written as; `span` is that of the string with its quotes.
#[must_use]
pub fn mapped(text: &str, span: Span) -> Mapped {
    let inside = span.slice(text);
    let inside = inside.strip_prefix(['"', '\'']).unwrap_or(inside);
    let inside = inside.strip_suffix(['"', '\'']).unwrap_or(inside);
    let start = span.start() + 1;
    let mut out = MappedBuilder::default();
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            out.push_verbatim(inside.get(at..at + c.len_utf8()).unwrap_or_default(), start + at);
            continue;
        }
        let Some((_, escaped)) = chars.next() else { break };
        let digits = |chars: &str| chars.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let value = match escaped {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let code = digits(chars.as_str());
                chars.nth(3);
                code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            other => other,
        };
        let end = inside.len() - chars.as_str().len();
        out.push_replaced(value.encode_utf8(&mut [0; 4]), Span::new(start + at, start + end));
    }
    out.finish(Span::new(start, start + inside.len()))
}

impl Json {
    /// A value that stands there.
    #[must_use]
    pub fn new(span: Span, kind: JsonKind) -> Self {
        Self { span, kind }
    }

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
