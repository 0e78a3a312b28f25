//! What a check looks at.

use lint_parser::syntax_error::SyntaxErrorKind;

use crate::finding::fix::Edit;
use crate::finding::label::{Label, Place};
use crate::model::ignore::{IgnoreComment, MalformedIgnore};
use crate::rule::context::Context;

/// A pure function, and what it is handed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Check {
    /// Each thing Docker would refuse to read.
    Fault(fn(&Fault, &mut Context<'_>)),
    /// Each suppression comment of ours, after everything else has run.
    Ignore(fn(&JudgedIgnore<'_>, &mut Context<'_>)),
}

/// Something Docker would refuse to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which part of Docker refuses it.
    pub kind: SyntaxErrorKind,
    /// The bytes at fault.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Further places that explain it.
    pub labels: Vec<Label>,
}

/// A suppression comment and what became of it.
#[derive(Debug)]
pub enum JudgedIgnore<'a> {
    /// It can be read.
    Ignore {
        /// Where it stands.
        place: Place,
        /// The comment.
        comment: &'a IgnoreComment,
        /// What became of each of its names.
        names: Vec<NameVerdict>,
        /// Deletes the comment, with its line when nothing else is on it.
        delete: Edit,
    },
    /// It cannot.
    Malformed {
        /// The part at fault.
        place: Place,
        /// What is wrong.
        comment: &'a MalformedIgnore,
    },
}

/// What became of a name in a suppression comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameVerdict {
    /// It silenced something, or its rule did not run.
    Used,
    /// Its rule ran, and there was nothing to silence.
    Unused,
    /// There is no such rule; the nearest names.
    Unknown(Vec<&'static str>),
}
