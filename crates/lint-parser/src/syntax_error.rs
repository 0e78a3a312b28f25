//! What a parser says of text it cannot accept.

use crate::text::span::Span;

/// A fault the parser found. Parsing goes on after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// Which part of Docker would refuse the text.
    pub kind: SyntaxErrorKind,
    /// The bytes at fault.
    pub span: Span,
    /// What is wrong, in the words of BuildKit or Compose where they have words for it.
    pub message: String,
    /// What to do about it, when that is known.
    pub help: Option<String>,
    /// What was probably meant, and the bytes in whose place it would stand.
    pub meant: Option<(Span, String)>,
}

/// Which part of Docker would refuse the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The text is not of its language at all: malformed YAML, an unterminated heredoc, no instructions.
    Syntax,
    /// A mapping has the same key twice. Compose refuses the file; of those in `daemon.json` the engine takes the last.
    DuplicateKey,
    /// A Dockerfile instruction that BuildKit parses and then refuses.
    Instruction,
    /// A Compose value that Compose parses and then refuses.
    Compose,
    /// What `docker buildx bake` parses and then refuses, or passes by.
    Bake,
}

impl SyntaxError {
    /// A fault without help.
    pub fn new(kind: SyntaxErrorKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into(), help: None, meant: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl SyntaxError {
    /// Adds what was probably meant in the place of some bytes, and says so: `did you mean …?` with what stands before it.
    #[must_use]
    pub(crate) fn with_guess(mut self, span: Span, before: &str, guess: &str) -> Self {
        self.meant = Some((span, guess.to_owned()));
        self.with_help(format!("did you mean `{before}{guess}`?"))
    }
}

/// A tree and everything that was wrong on the way. Parsing never fails: what could be read is in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<T> {
    /// What was read.
    pub tree: T,
    /// What was wrong, in the order of the text.
    pub errors: Vec<SyntaxError>,
}
