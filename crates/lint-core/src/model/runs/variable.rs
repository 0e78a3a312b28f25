//! Variables that commands set.

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
}

impl Variable {
    /// `NAME=value`, before a command or alone.
    pub(super) fn of_assignment(assignment: &Assignment) -> Option<Self> {
        let AssignmentValue::Word(value) = &assignment.value else { return None };
        let value = value.literal_text()?.into();
        Some(Self { name: assignment.name.text().into(), value, span: assignment.text.span() })
    }
}

/// `export NAME=value`, `env NAME=value program`
pub(super) fn of_program(invocation: &Invocation) -> Vec<Variable> {
    if !matches!(invocation.name(), Some("export" | "env" | "declare" | "readonly" | "local" | "typeset")) {
        return Vec::new();
    }
    let set = invocation.args().iter().filter_map(|word| {
        let text = word.literal_text()?;
        let (name, value) = text.split_once('=')?;
        Some(Variable { name: name.into(), value: value.into(), span: word.span() })
    });
    set.collect()
}
