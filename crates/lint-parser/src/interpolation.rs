//! Variables in Compose files and `.env` files: `$NAME`, `${NAME:-default}` and their kin.
//!
//! The grammar is Compose's, down to its treatment of braces, and was checked against `docker compose config`.

pub mod template;

use crate::interpolation::template::{Operator, Part, Variable};
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// How many bytes variables may bring into one text, or into all the texts of one tree or file together.
///
/// A few lines of `.env` in which each variable holds the one before ten times would otherwise fill the memory.
pub const SUBSTITUTION_BUDGET: usize = 16 << 20;

/// How sure we can be of a text that variables went into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Certainty {
    /// Written in a file.
    #[default]
    Known,
    /// Holds a default from the text (`${X:-d}`): true unless somebody sets the variable.
    Default,
    /// Depends on a variable that nothing sets: empty today, anything where the project is deployed.
    Unknown,
}

impl Certainty {
    /// What is left of it when a variable that nothing sets is empty for good.
    #[must_use]
    pub fn settled(self) -> Self {
        self.min(Self::Default)
    }
}

/// A text with its variables replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interpolated {
    /// The text. What a variable brought in is mapped to the whole of `${...}`, a default included: replacing
    /// a part of it in the source would leave the braces behind.
    pub text: Mapped,
    /// How much of it is certain: as much as of its least certain variable.
    pub certainty: Certainty,
    /// The variables that went into it, in the order of the text; a default's own after the one it stands in.
    pub variables: Vec<VariableUse>,
    /// Why Compose would refuse it. What is refused stays in the text as it is written.
    pub error: Option<SyntaxError>,
}

/// A variable that went into a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VariableUse {
    /// Its name.
    pub name: String,
    /// All of `$NAME` or `${...}`.
    pub span: Span,
    /// Where its value came from.
    pub state: VariableState,
}

/// Where the value of a variable came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VariableState {
    /// Something sets it.
    Set,
    /// Nothing sets it (or it is empty, under `:-`), and the text says what to use then. So also the nothing
    /// that `${X:+replacement}` yields without `X`: it is what the text means to say in that case.
    Default,
    /// Nothing sets it: the empty text, of which Compose warns.
    Unset,
    /// Nothing sets it, and `${X:?message}` refuses the project then. Holds the message.
    Required(String),
}

impl VariableState {
    /// How certain a text is that this went into.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::Set => Certainty::Known,
            Self::Default => Certainty::Default,
            Self::Unset | Self::Required(_) => Certainty::Unknown,
        }
    }
}

/// Replaces the variables of a text by what `lookup` says of their names.
///
/// ```
/// use lint_parser::interpolation::{Certainty, interpolate};
/// use lint_parser::text::mapped::Mapped;
///
/// let image = interpolate(&Mapped::verbatim("nginx:${TAG:-1.27}", 0), &|_| None);
/// assert_eq!((image.text.text(), image.certainty), ("nginx:1.27", Certainty::Default));
/// ```
#[must_use]
pub fn interpolate(text: &Mapped, lookup: &dyn Fn(&str) -> Option<String>) -> Interpolated {
    interpolate_within(text, lookup, &mut Budget::default())
}

/// What is left of [`SUBSTITUTION_BUDGET`]; nothing once it was exceeded, which is said once.
#[derive(Debug)]
pub(crate) struct Budget(Option<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Some(SUBSTITUTION_BUDGET))
    }
}

/// [`interpolate`] for one of many texts that share a budget.
pub(crate) fn interpolate_within(
    text: &Mapped,
    lookup: &dyn Fn(&str) -> Option<String>,
    budget: &mut Budget,
) -> Interpolated {
    if !text.text().contains('$') {
        let (certainty, variables) = (Certainty::Known, Vec::new());
        return Interpolated { text: text.clone(), certainty, variables, error: None };
    }
    let template = template::parse(text);
    let mut expansion = Expansion { text, lookup, budget, variables: Vec::new(), exceeded: None };
    let mut out = MappedBuilder::default();
    for part in &template.tree {
        match part {
            Part::Literal(range) => out.push_slice(text, range.clone()),
            Part::Dollar(range) => out.push_replaced("$", text.span_of(range.clone())),
            Part::Variable(variable) => {
                let span = text.span_of(variable.range.clone());
                out.push_replaced(&expansion.variable(variable), span);
            }
        }
    }
    let certainty = expansion.variables.iter().map(|used| used.state.certainty()).max();
    Interpolated {
        text: out.finish(text.span()),
        certainty: certainty.unwrap_or_default(),
        variables: expansion.variables,
        error: template.errors.into_iter().next().or(expansion.exceeded),
    }
}

struct Expansion<'a> {
    text: &'a Mapped,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    budget: &'a mut Budget,
    variables: Vec<VariableUse>,
    exceeded: Option<SyntaxError>,
}

impl Expansion<'_> {
    /// What a variable yields.
    fn variable(&mut self, variable: &Variable) -> String {
        let span = self.text.span_of(variable.range.clone());
        // A value may be long: beyond the budget it is not even looked up.
        let value = self.budget.0.and_then(|_| (self.lookup)(&variable.name));
        let index = self.variables.len();
        let name = variable.name.clone();
        self.variables.push(VariableUse { name, span, state: VariableState::Set });
        let Some(operation) = &variable.operation else {
            return match value {
                Some(value) => self.spend(value, span),
                None => self.settle(index, VariableState::Unset),
            };
        };
        let counts = value.as_deref().is_some_and(|value| !(operation.unless_empty && value.is_empty()));
        match (operation.operator, counts) {
            (Operator::Default | Operator::Required, true) => self.spend(value.unwrap_or_default(), span),
            (Operator::Default, false) => {
                self.settle(index, VariableState::Default);
                self.word(&operation.word)
            }
            (Operator::Required, false) => {
                let message = self.word(&operation.word);
                // The message's own variables do not go into the text.
                self.variables.truncate(index + 1);
                self.settle(index, VariableState::Required(message))
            }
            (Operator::Replacement, true) => self.word(&operation.word),
            (Operator::Replacement, false) if value.is_some() => String::new(),
            (Operator::Replacement, false) => self.settle(index, VariableState::Default),
        }
    }

    fn settle(&mut self, index: usize, state: VariableState) -> String {
        if let Some(used) = self.variables.get_mut(index) {
            used.state = state;
        }
        String::new()
    }

    /// A default, a replacement or a message. The recursion is bounded by the parser's nesting limit.
    fn word(&mut self, parts: &[Part]) -> String {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Literal(range) => out.push_str(self.text.text().get(range.clone()).unwrap_or_default()),
                Part::Dollar(_) => out.push('$'),
                Part::Variable(variable) => out.push_str(&self.variable(variable)),
            }
        }
        out
    }

    fn spend(&mut self, value: String, span: Span) -> String {
        let Some(left) = self.budget.0 else { return String::new() };
        self.budget.0 = left.checked_sub(value.len());
        if self.budget.0.is_some() {
            return value;
        }
        let message = "the variables up to here bring in too much text to be read";
        self.exceeded = Some(SyntaxError::new(SyntaxErrorKind::Compose, span, message));
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Interpolated {
        let lookup = |name: &str| match name {
            "SET" => Some("s".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        interpolate(&Mapped::verbatim(text, 0), &lookup)
    }

    /// Every case was put to `docker compose config`, with SET=s and EMPTY= in `.env`.
    #[test]
    fn texts_become_what_compose_makes_of_them() {
        use Certainty::{Default, Known, Unknown};
        let cases = [
            ("plain", "plain", Known),
            ("$5 a$", "$5 a$", Known),
            ("$$SET $SET", "$SET s", Known),
            ("${A:-{}}", "{}", Default),
            ("${A:-x {B}", "x {B", Default),
            ("${A:-${B:-d}} ${SET}", "d s", Default),
            ("${SET:+r}", "r", Known),
            ("${EMPTY:+r}|${EMPTY+r}|${EMPTY-d}|${EMPTY:-d}", "|r||d", Default),
            ("$${A}", "${A}", Known),
            ("${A:-$$}", "$", Default),
            ("${A:-a}b}", "ab}", Default),
            ("$_x", "", Unknown),
            ("${SET} }", "s }", Known),
            ("$${", "${", Known),
            ("${A:-}}", "}", Default),
            ("${SET:-{a} b} c", "s c", Known),
            ("$-a", "$-a", Known),
            ("${SET:+${SET}x}", "sx", Known),
            ("${A:+r}", "", Default),
            ("${A:-${B}}", "", Unknown),
            ("${SET:-${B}}", "s", Known),
            ("${A:?gone}", "", Unknown),
            ("${A:?msg $SET}", "", Unknown),
            ("a ${SET}\n${A:-b}", "a s\nb", Default),
        ];
        for (text, expected, certainty) in cases {
            let got = run(text);
            assert_eq!((got.text.text(), got.certainty, &got.error), (expected, certainty, &None), "{text}");
        }
    }

    #[test]
    fn texts_compose_refuses_are_refused_where_they_are_wrong() {
        let cases = [
            ("${", "${"),
            ("x ${} y", "${}"),
            ("${1}", "${1}"),
            ("${A:-x\ny}", "${A:-x"),
            ("${A ${SET}", "${A"),
            ("${A!x}", "${A!x}"),
            ("${A:x}", "${A:x}"),
            ("a}${A:-x", "${A:-x"),
            ("${ SET}", "${"),
            ("${A:-${}}", "${}"),
        ];
        for (text, wrong) in cases {
            let got = run(text);
            let error = got.error.unwrap_or_else(|| panic!("{text} was not refused"));
            assert_eq!(error.span.slice(text), wrong, "{text}");
            assert!(error.message.starts_with("invalid interpolation format"), "{}", error.message);
        }
    }

    #[test]
    fn what_a_variable_brings_in_stands_for_the_whole_of_it() {
        let text = "nginx:${TAG:-1.${MINOR:-27}}-alpine";
        let got = run(text);
        assert_eq!(got.text.text(), "nginx:1.27-alpine");
        assert_eq!(got.text.span_of(6..10).slice(text), "${TAG:-1.${MINOR:-27}}");
        assert_eq!(got.text.span_of(11..17).slice(text), "alpine");
        let used: Vec<_> = got.variables.iter().map(|v| (v.name.as_str(), v.span.slice(text))).collect();
        assert_eq!(used, [("TAG", "${TAG:-1.${MINOR:-27}}"), ("MINOR", "${MINOR:-27}")]);
    }

    #[test]
    fn required_variables_keep_their_message() {
        let states: Vec<_> = run("${A:?msg $SET}${SET?x}").variables.into_iter().map(|v| v.state).collect();
        assert_eq!(states, [VariableState::Required("msg s".to_owned()), VariableState::Set]);
    }

    #[test]
    fn hostile_texts_return_quickly() {
        let deep = format!("{}x{}", "${A:-".repeat(20_000), "}".repeat(20_000));
        assert!(run(&deep).error.is_some());
        assert!(run(&"${A:-{".repeat(20_000)).error.is_some());
        assert!(run(&format!("{}}}", "${A:-{".repeat(20_000))).error.is_some());
        assert_eq!(run(&"${A:-x} ".repeat(50_000)).variables.len(), 50_000);
        assert!(run(&"${".repeat(100_000)).error.is_some());
        assert_eq!(run(&"$".repeat(100_001)).text.text().len(), 50_001);
        let long = |_: &str| Some("x".repeat(1 << 20));
        let got = interpolate(&Mapped::verbatim(&"$A".repeat(1000), 0), &long);
        assert!(got.error.is_some() && got.text.text().len() <= SUBSTITUTION_BUDGET);
    }
}
