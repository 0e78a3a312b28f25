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

    /// What comes in, with lines that end as those of the file do.
    #[must_use]
    pub fn text_as_in_file(&self) -> String {
        let (text, like) = (self.text.replace("\r\n", "\n"), self.file.text());
        let first = like.find('\n');
        let is_crlf = first.is_some_and(|end| like.get(..end).is_some_and(|line| line.ends_with('\r')));
        if is_crlf { text.replace('\n', "\r\n") } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_come_in_end_as_those_of_the_file() {
        let edit = |like: &str, text: &str| {
            let file = SourceFile::new("a", like);
            Edit::new(Place::new(&file, Span::at(0)), text).text_as_in_file()
        };
        assert_eq!(edit("x\r\ny", "a\nb\r\n"), "a\r\nb\r\n");
        assert_eq!(edit("x\ny\r\n", "a\r\n"), "a\n");
    }
}
