//! HCL, behind one wall: only `convert` knows the crate that reads it. `docker buildx bake` has files of it, and writes the same
//! as JSON.

mod convert;
mod json;

use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;
use crate::text::span::{Span, Spanned};

pub use json::body as of_json;

/// How deep brackets may be nested, and how many operators that nest without any may follow each other.
const DEEPEST: usize = 64;

/// The largest text that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// Attributes and blocks.
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct Body {
    /// `name = value`, in order.
    pub attributes: Vec<Attribute>,
    /// `kind "label" { … }`, in order.
    pub blocks: Vec<Block>,
}

/// `name = value`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Attribute {
    /// The name.
    pub name: Spanned<String>,
    /// The value.
    pub value: Expr,
}

/// `kind "label" { … }`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Block {
    /// Its kind.
    pub kind: Spanned<String>,
    /// Its labels.
    pub labels: Vec<Spanned<String>>,
    /// What is in it.
    pub body: Body,
}

/// An expression, and where it stands.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Expr {
    /// From its first byte to its last, quotes and brackets included.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(String),
    /// A text, or a template.
    Text(Vec<Piece>),
    /// `[…]`
    List(Vec<Expr>),
    /// `{…}`; a name as a key is a text.
    Map(Vec<(Expr, Expr)>),
    /// A variable.
    Name(String),
    /// `value.name`, `value[0]`
    Part(Box<Expr>, Vec<Step>),
    /// `name(…)`
    Call(String, Vec<Expr>),
    /// `a ? b : c`
    If(Box<[Expr; 3]>),
    /// `a == b`, with the operator.
    Binary(&'static str, Box<[Expr; 2]>),
    /// `!a`
    Not(Box<Expr>),
    /// What is not looked into: `for`, splats, templates with directives.
    Other,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Text, decoded.
    Text(Mapped),
    /// `${…}`
    Value(Expr),
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`
    Name(String),
    /// `[…]`
    Index(Expr),
    /// What is not looked into.
    Other,
}

/// Reads a text. Never fails: of one that is no HCL nothing is read.
///
/// ```
/// let text = "target \"web\" {\n  tags = [\"web:${TAG}\"]\n}\n";
/// let body = lint_parser::hcl::parse(text).tree;
/// assert_eq!(body.blocks[0].labels[0].value, "web");
/// assert_eq!(body.blocks[0].body.attributes[0].value.span.slice(text), "[\"web:${TAG}\"]");
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<Body> {
    let refused = |at: usize, message: String| {
        // The crate that reads it may point into a character.
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let span = Span::at(at);
        Parsed {
            tree: Body::default(),
            errors: vec![SyntaxError::new(SyntaxErrorKind::Syntax, span, message)],
        }
    };
    if text.len() > LARGEST {
        return refused(0, format!("not read: larger than {LARGEST} bytes"));
    }
    if let Some(at) = too_deep(text) {
        return refused(at, format!("not read: nested more than {DEEPEST} deep"));
    }
    match convert::parse(text) {
        Ok(body) => Parsed { tree: body, errors: Vec::new() },
        Err((at, message)) => refused(at, message),
    }
}

/// Where a text is nested too deep. The parser behind the wall calls itself for each bracket and each operator.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut run, mut questions) = (0_usize, 0_usize, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        run =
            if matches!(byte, b'!' | b'-') { run + 1 } else { run * usize::from(byte.is_ascii_whitespace()) };
        questions = match byte {
            b'?' => questions + 1,
            b'\n' if depth == 0 => 0,
            _ => questions,
        };
        if depth > DEEPEST || run > 4 * DEEPEST || questions > DEEPEST {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_bytes() {
        let text = "# about\nvariable \"TAG\" { default = \"1\" }\ntarget \"web\" {\n  args = { A = \"x-${TAG}\", \"B\" : lower(TAG) }\n  \
                    dockerfile-inline = <<EOT\nFROM a\nRUN $${X}\nEOT\n}\n";
        let parsed = parse(text);
        assert_eq!(parsed.errors, []);
        let [variable, target] = parsed.tree.blocks.as_slice() else { panic!() };
        assert_eq!(
            (variable.kind.value.as_str(), variable.labels[0].span.slice(text)),
            ("variable", "\"TAG\"")
        );
        let [args, inline] = target.body.attributes.as_slice() else { panic!() };
        let ExprKind::Map(entries) = &args.value.kind else { panic!() };
        assert_eq!(entries[0].1.span.slice(text), "\"x-${TAG}\"");
        assert!(matches!(&entries[1].1.kind, ExprKind::Call(name, _) if name == "lower"));
        let ExprKind::Text(pieces) = &inline.value.kind else { panic!("{inline:?}") };
        let Some(Piece::Text(text_of)) = pieces.first() else { panic!() };
        assert_eq!(text_of.text(), "FROM a\nRUN ${X}\n");
    }

    #[test]
    fn numbers_are_written_in_full() {
        for (written, text) in [
            ("1", "1"),
            ("1.0", "1"),
            ("1.5", "1.5"),
            ("1.50", "1.5"),
            ("0.1", "0.1"),
            ("1e3", "1000"),
            ("1.5e-3", "0.0015"),
            ("9007199254740993", "9007199254740993"),
            ("18446744073709551615", "18446744073709551615"),
            ("1e21", "1000000000000000000000"),
        ] {
            let source = format!("a = {written}\n");
            let parsed = parse(&source);
            assert_eq!(parsed.errors, []);
            assert_eq!(parsed.tree.attributes[0].value.kind, ExprKind::Number(text.to_owned()), "{written}");
        }
        assert_eq!(parse("a = -2\n").tree.attributes[0].value.kind, ExprKind::Number("-2".to_owned()));
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        for text in [
            format!("a = {}1{}", "[".repeat(10_000), "]".repeat(10_000)),
            format!("a = {}1", "!".repeat(10_000)),
            format!("a = {}", "b ? c : ".repeat(10_000)),
            "a {".repeat(10_000),
            format!("a = \"{}\"", "${\"".repeat(10_000)),
        ] {
            assert_eq!(parse(&text).errors.len(), 1);
        }
        let broken = parse("target \"a\" {\n  x = \n}\n").errors;
        assert_eq!(broken.len(), 1);
    }
}
