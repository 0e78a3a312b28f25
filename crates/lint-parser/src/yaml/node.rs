//! The tree of a YAML stream as written: aliases, merge keys and duplicate keys are all still there.

use crate::text::mapped::Mapped;
use crate::text::span::{Span, Spanned};

/// A YAML stream: one file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stream {
    /// The documents, in order. An empty file has none.
    pub documents: Vec<Document>,
    /// Every comment, in order.
    pub comments: Vec<Comment>,
    /// Where each line begins.
    pub(in crate::yaml) lines: Vec<u32>,
}

impl Stream {
    /// 1-based line of a byte offset.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|&start| start as usize <= offset).max(1)
    }
}

/// One document of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Document {
    /// The root; `None` for an empty document.
    pub root: Option<Node>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// From `#` to the end of the line, line ending excluded.
    pub span: Span,
    /// The text after `#`, untrimmed.
    pub text: Spanned<String>,
    /// Whether something else stands before it on its line.
    pub trailing: bool,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Node {
    /// The value itself, without its anchor and tag: a scalar with its quotes; a flow collection with its
    /// brackets; a block collection from its first key or dash to the end of its last child; a block scalar
    /// from its `|` or `>` to the end of its last line of text. Empty for a value that is not written.
    pub span: Span,
    /// The tag as written (`!reset`, `!!str`), if any.
    pub tag: Option<Spanned<String>>,
    /// The anchor's name without `&`, if any; the span includes the `&`.
    pub anchor: Option<Spanned<String>>,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar, untyped: the reader decides what `yes` or `0444` means.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, duplicate keys and merge keys (`<<`) included, in order.
    Mapping(Vec<Entry>),
    /// `*name`, without the `*`.
    Alias(String),
}

/// A scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scalar {
    /// The text after YAML's own unquoting, unescaping and folding, mapped to the source.
    pub text: Mapped,
    /// How it is written.
    pub style: ScalarStyle,
}

/// How a scalar is written. Only a plain one can be anything but a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarStyle {
    /// Without quotes. The value that is not written at all is plain and empty.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// From the key to the end of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.key.span.cover(self.value.span)
    }
}
