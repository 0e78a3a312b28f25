//! Repairs, as text edits over original bytes.

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::label::Place;

/// How far a fix can be trusted. Ordered, and without a default: whoever writes a fix must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Shown, never applied.
    Display,
    /// Applied on request; what the container does may change.
    Unsafe,
    /// Applied by `--fix`; what the container does stays the same.
    Safe,
}

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What it does, as a command to the reader: "Remove the comment".
    pub title: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Replaces the bytes under a span.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The file.
    pub file: SourceFile,
    /// The bytes that go; empty for an insertion.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

impl Fix {
    /// A repair of several edits that do not overlap.
    #[must_use]
    pub fn new(title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability, edits }
    }

    /// A safe repair that puts `text` in one place.
    #[must_use]
    pub fn replace(title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            applicability: Applicability::Safe,
            edits: vec![Edit { file: place.file, span: place.span, text: text.into() }],
        }
    }
}

impl Edit {
    /// Puts `text` in one place.
    #[must_use]
    pub fn new(place: Place, text: impl Into<String>) -> Self {
        Self { file: place.file, span: place.span, text: text.into() }
    }
}
