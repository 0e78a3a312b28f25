//! A place in a file, and a place that a finding explains itself with.

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file.
    pub file: SourceFile,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// A place in a file.
    #[must_use]
    pub fn new(file: &SourceFile, span: Span) -> Self {
        Self { file: file.clone(), span }
    }
}

/// A further place that explains the finding; it may lie in another file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, in a few words.
    pub message: String,
}

impl Label {
    /// What is in a place.
    #[must_use]
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}
