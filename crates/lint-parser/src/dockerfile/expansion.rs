//! Quotes, escapes and variables in the words BuildKit expands: the arguments of ADD, COPY, ENV, EXPOSE, FROM,
//! LABEL, STOPSIGNAL, USER, VOLUME and WORKDIR, the values of ARG and of `RUN --mount`. What RUN, CMD,
//! ENTRYPOINT, HEALTHCHECK and SHELL hold is left to a shell.
//!
//! [`parse`] takes a word apart without knowing any value; [`expand`] puts it together again.

mod evaluate;
mod parser;
mod pattern;

use std::ops::Range;
use std::sync::Arc;

use crate::syntax_error::SyntaxError;
use crate::text::mapped::Mapped;
use crate::text::span::{Span, Spanned};

pub use crate::dockerfile::expansion::evaluate::expand;

/// A word taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// The word as written.
    pub span: Span,
    /// Its pieces in order; neighbours may both be literal when their quoting differs.
    pub parts: Vec<Part>,
}

/// A piece of a [`Word`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Literal {
        /// The text, quotes and escapes removed. Patterns keep their escapes.
        text: Mapped,
        /// Whether quotes or an escape protect it.
        quoted: bool,
    },
    /// A reference to a variable.
    Variable(Variable),
}

/// `$name` or `${name...}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// From `$` to the end of the name or the closing brace.
    pub span: Span,
    /// The same as a range of the text that was parsed.
    pub range: Range<usize>,
    /// The name; may be empty only before a modifier, as in `${-x}`.
    pub name: Spanned<String>,
    /// What is done to the value; always written in braces.
    pub modifier: Option<Modifier>,
}

/// What follows the name in `${name...}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `${x-word}`, `${x:-word}`
    Default {
        /// With `:`: also when the value is empty.
        if_empty: bool,
        /// The text used instead.
        word: Word,
    },
    /// `${x+word}`, `${x:+word}`
    Alternative {
        /// With `:`: an empty value counts as unset.
        if_empty: bool,
        /// The text used when there is a value.
        word: Word,
    },
    /// `${x?message}`, `${x:?message}`
    Required {
        /// With `:`: an empty value is refused too.
        if_empty: bool,
        /// What the error says.
        message: Word,
    },
    /// `${x#pattern}`, `${x##pattern}`
    RemovePrefix {
        /// `##`: the longest match goes.
        longest: bool,
        /// The pattern.
        pattern: Word,
    },
    /// `${x%pattern}`, `${x%%pattern}`
    RemoveSuffix {
        /// `%%`: the longest match goes.
        longest: bool,
        /// The pattern.
        pattern: Word,
    },
    /// `${x/pattern/replacement}`, `${x//pattern/replacement}`
    Replace {
        /// `//`: every match.
        all: bool,
        /// The pattern.
        pattern: Word,
        /// What stands in its place.
        replacement: Word,
    },
}

/// What is known of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// It has this value.
    Known(Arc<str>),
    /// It certainly has none.
    Unset,
    /// It may have any value or none, as a build argument that somebody may pass.
    Unknown,
}

/// A word put together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expanded {
    /// The text. A value stands for the whole of its reference; an unknown one is written `${NAME}`, unless the
    /// reference has a default: then that is the best guess.
    pub text: Mapped,
    /// Whether the text depends on a value that is not known, or grew too large to be worth working out.
    pub unknown: bool,
    /// The variables referred to, in order, those inside of modifiers included.
    pub uses: Vec<Use>,
    /// Whether some of it was given up because it grew too large, or because a pattern takes too many steps.
    pub given_up: bool,
}

/// A reference to a variable during expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Use {
    /// The variable.
    pub name: String,
    /// The reference as written, from `$` on.
    pub span: Span,
    /// What was known of it.
    pub state: UseState,
    /// Whether a modifier (`-`, `+`, `?`) says what happens without a value.
    pub guarded: bool,
}

/// Whether a variable had a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseState {
    /// A known value, which may be empty.
    Set,
    /// No value.
    Unset,
    /// Not known.
    Unknown,
}

/// Takes a word apart. `escape` is the Dockerfile's escape character.
///
/// # Errors
///
/// With BuildKit's words where a quote or brace is not closed, or a modifier is not one; and for words nested
/// more than 64 deep, which BuildKit would read.
pub fn parse(text: &Mapped, escape: char) -> Result<Word, SyntaxError> {
    parser::parse(text, escape)
}

/// Takes the body of a heredoc of `COPY` or `ADD` apart, where quotes are text like any and `\` is the escape character
/// whatever the directive says.
///
/// # Errors
///
/// As [`parse`], quotes excepted.
pub fn parse_body(text: &Mapped) -> Result<Word, SyntaxError> {
    parser::parse_body(text)
}
