//! Variables that commands set.

use lint_parser::compose::value::SourceId;
use lint_parser::shell::ast::{Assignment, AssignmentValue};
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

/// A variable that a command sets to a known text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Box<str>,
    /// Its value, quotes taken off.
    pub value: Box<str>,
    /// The whole assignment.
    pub span: Span,
    /// Whether it stands before a command or alone (`A=b`), not among the words of `export` or `env`.
    pub is_assignment: bool,
    /// The file it is written in, where a service's command sets it.
    pub file: Option<SourceId>,
}

impl Variable {
    /// `NAME=value`, before a command or alone.
    pub(super) fn of_assignment(assignment: &Assignment, file: Option<SourceId>) -> Option<Self> {
        let AssignmentValue::Word(value) = &assignment.value else { return None };
        let value = value.literal_text()?.into();
        let (name, span) = (assignment.name.text().into(), assignment.text.span());
        Some(Self { name, value, span, is_assignment: true, file })
    }
}

/// `export NAME=value`, `env NAME=value program`
pub(super) fn of_program(invocation: &Invocation, file: Option<SourceId>) -> Vec<Variable> {
    if !matches!(invocation.name(), Some("export" | "env" | "declare" | "readonly" | "local" | "typeset")) {
        return Vec::new();
    }
    let set = invocation.args().iter().filter_map(|word| {
        let text = word.literal_text()?;
        let (name, value) = text.split_once('=')?;
        let (name, value) = (name.into(), value.into());
        Some(Variable { name, value, span: word.span(), is_assignment: false, file })
    });
    set.collect()
}
