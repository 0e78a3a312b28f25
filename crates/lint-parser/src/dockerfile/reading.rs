//! What is shared by all that reads an instruction.

use std::ops::Range;

use nom::Offset;

use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::span::Span;

/// What the grammars share while they read one instruction.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    /// The escape character in force.
    pub(super) escape: char,
    /// Inside `ONBUILD`, whose trigger BuildKit takes apart but does not judge.
    pub(super) trigger: bool,
    /// What was wrong.
    pub(super) errors: &'a mut Vec<SyntaxError>,
}

impl Reading<'_> {
    /// Notes what BuildKit's parser refuses.
    pub(super) fn syntax(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, span, message));
    }

    /// Notes what BuildKit refuses after parsing.
    pub(super) fn refuse(&mut self, span: Span, message: impl Into<String>) {
        self.refuse_with(span, message, None);
    }

    /// The same with help.
    pub(super) fn refuse_with(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        if !self.trigger {
            let error = SyntaxError::new(SyntaxErrorKind::Instruction, span, message);
            self.errors.push(SyntaxError { help, ..error });
        }
    }
}

/// Where `part`, a piece of `whole`, lies in it.
pub(super) fn range(whole: &str, part: &str) -> Range<usize> {
    let start = whole.offset(part);
    start..start + part.len()
}
