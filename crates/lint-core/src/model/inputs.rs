//! Containers that are written down as something else than a Compose file: command lines, Podman's units, pipelines.
//!
//! Each is lowered into the tree that Compose works on, with every value at the bytes it was written as; what is asked of a
//! service is then asked of them. Nothing is run, and what a variable decides is unknown.

#[allow(dead_code, reason = "command lines are read next")]
mod flags;
#[allow(dead_code, reason = "command lines are read next")]
mod grammar;
mod quadlet;
#[allow(dead_code, reason = "command lines are read next")]
mod tree;
mod volumes;

use lint_parser::syntax_error::SyntaxError;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::{Span, Spanned};

use crate::files::Files;
use crate::model::calls::Calls;
use crate::model::project::Lowered;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// A unit of Podman's.
    Quadlet,
}

/// What is known around a file.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "command lines are read next")]
pub struct Window<'a> {
    /// Other files.
    pub files: &'a dyn Files,
    /// The command lines at hand.
    pub calls: &'a dyn Fn() -> &'a Calls,
}

/// What was read of a file.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Its containers; those that have to do with one another are one project.
    pub containers: Vec<Lowered>,
    /// What its own language refuses.
    pub errors: Vec<SyntaxError>,
    /// Its comments.
    pub comments: Vec<Comment>,
}

/// A comment, and what it is about.
#[derive(Clone, Debug)]
pub struct Comment {
    /// All of it.
    pub span: Span,
    /// What it says.
    pub text: Spanned<String>,
    /// What it stands above, or behind.
    pub covers: Option<Span>,
}

/// Reads the containers of a file.
#[must_use]
pub fn read(syntax: Syntax, file: &SourceFile, _window: &Window<'_>) -> Read {
    match syntax {
        Syntax::Quadlet => quadlet::read(file),
    }
}
