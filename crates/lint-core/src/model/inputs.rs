//! Containers that are written down as something else than a Compose file: command lines, Podman's units, pipelines.
//!
//! Each is lowered into the tree that Compose works on, with every value at the bytes it was written as; what is asked of a
//! service is then asked of them. Nothing is run, and what a variable decides is unknown.

mod actions;
mod acts;
mod bake;
mod builds;
mod commands;
mod comments;
mod container;
mod devcontainer;
mod flag;
mod flags;
mod grammar;
mod merge;
mod pipeline;
mod quadlet;
mod tree;
mod units;
mod volumes;

use lint_parser::syntax_error::{SyntaxError, SyntaxErrorKind};
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
    /// A text with command lines in it.
    Commands,
    /// A workflow or pipeline: its jobs, and the command lines of their steps.
    Pipeline,
    /// `devcontainer.json`
    DevContainer,
    /// A file of `docker buildx bake`.
    Bake,
}

/// What is known around a file.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    /// Other files.
    pub files: &'a dyn Files,
    /// The command lines at hand.
    pub calls: &'a dyn Fn() -> &'a Calls,
    /// The names of the units of Podman's that are read together, with their drop-ins.
    pub units: &'a dyn Fn() -> Vec<String>,
    /// Whether the text was handed over, and may be another than the one that was read for the command lines.
    pub is_given: bool,
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
    /// The files that values stand in, by number; the file alone where there are none.
    pub files: Vec<String>,
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

/// The largest file that is read, in bytes. Nobody writes as much by hand; of command lines even less is read.
const LARGEST: usize = 2 << 20;

/// Reads the containers of a file.
#[must_use]
pub fn read(syntax: Syntax, file: &SourceFile, window: &Window<'_>) -> Read {
    if file.text().len() > LARGEST {
        let message = "the file is larger than 2 MiB, so its containers are not read";
        let error = SyntaxError::new(SyntaxErrorKind::Syntax, Span::at(0), message);
        return Read { errors: vec![error], ..Read::default() };
    }
    match syntax {
        Syntax::Quadlet => quadlet::read(file, window),
        Syntax::Commands if units::is_unit(file.name()) => units::read(file, window),
        Syntax::Commands => commands::read(file, window),
        Syntax::Pipeline => {
            let mut read = commands::read(file, window);
            read.containers.extend(pipeline::read(file, window.files));
            read
        }
        Syntax::DevContainer => devcontainer::read(file, window),
        Syntax::Bake => bake::read(file, window),
    }
}
