//! A text with variables, in parts.

use std::ops::Range;

use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;

/// How deep variables may stand in each other's defaults.
pub const MAX_NESTING: usize = 64;

/// A part of a text; ranges are bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stays.
    Literal(Range<usize>),
    /// `$$`, which stands for `$`.
    Dollar(Range<usize>),
    /// A variable.
    Variable(Variable),
}

/// `$NAME` or `${NAME...}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// All of it.
    pub range: Range<usize>,
    /// Its name.
    pub name: String,
    /// What follows the name.
    pub operation: Option<Operation>,
}

/// `:-default` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// What it does.
    pub operator: Operator,
    /// Whether a variable that is set to nothing counts as not set: the colon.
    pub unless_empty: bool,
    /// The default, the replacement or the message.
    pub word: Vec<Part>,
}

/// What stands between a variable and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `-`: the word is used when the variable is not set.
    Default,
    /// `?`: the word says why the variable must be set.
    Required,
    /// `+`: the word is used when the variable is set.
    Replacement,
}

/// Takes a text apart as Compose does. What Compose refuses stays literal, and the first such place is an error.
///
/// A `$` before anything but a name, `{` or `$` is a `$`. A variable with a word ends at the `}` that balances
/// its `{`, or failing that at the last `}` of its line.
#[must_use]
pub fn parse(text: &Mapped) -> Parsed<Vec<Part>> {
    let mut parser = Parser { mapped: text, text: text.text(), error: None };
    let parts = parser.parts(0..text.text().len(), 0);
    Parsed { tree: parts, errors: parser.error.into_iter().collect() }
}

struct Parser<'t> {
    mapped: &'t Mapped,
    text: &'t str,
    error: Option<SyntaxError>,
}

/// The last `}` of the line that ends at `line_end`; found once for all the variables of a line.
#[derive(Default)]
struct LastBrace {
    line_end: usize,
    at: Option<usize>,
}

impl Parser<'_> {
    fn parts(&mut self, within: Range<usize>, depth: usize) -> Vec<Part> {
        let bytes = self.text.as_bytes();
        let mut parts = Vec::new();
        if depth > MAX_NESTING && self.text[within.clone()].contains('$') {
            let message = "invalid interpolation format: variables are nested too deeply";
            let span = self.mapped.span_of(within.clone());
            self.error.get_or_insert(SyntaxError::new(SyntaxErrorKind::Compose, span, message));
            return vec![Part::Literal(within)];
        }
        let mut last_brace = LastBrace::default();
        let (mut literal, mut at) = (within.start, within.start);
        while let Some(dollar) = bytes.get(at..within.end).and_then(|rest| memchr::memchr(b'$', rest)) {
            let dollar = at + dollar;
            let rest = bytes.get(dollar + 1..within.end).unwrap_or_default();
            let part = match rest.first() {
                Some(b'$') => Some(Part::Dollar(dollar..dollar + 2)),
                Some(b'{') => self.braced(dollar, within.end, &mut last_brace, depth).map(Part::Variable),
                _ => self.name(dollar + 1, within.end).map(|end| {
                    let name = self.text[dollar + 1..end].to_owned();
                    Part::Variable(Variable { range: dollar..end, name, operation: None })
                }),
            };
            let Some(part) = part else {
                at = dollar + 1;
                continue;
            };
            if literal < dollar {
                parts.push(Part::Literal(literal..dollar));
            }
            at = match &part {
                Part::Literal(range) | Part::Dollar(range) => range.end,
                Part::Variable(variable) => variable.range.end,
            };
            literal = at;
            parts.push(part);
        }
        if literal < within.end {
            parts.push(Part::Literal(literal..within.end));
        }
        parts
    }

    /// The end of the name at `at`, if there is one.
    fn name(&self, at: usize, end: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..end)?;
        let first = rest.first()?;
        if !(first.is_ascii_alphabetic() || *first == b'_') {
            return None;
        }
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        Some(at + length)
    }

    fn braced(&mut self, dollar: usize, end: usize, last: &mut LastBrace, depth: usize) -> Option<Variable> {
        let Some(name_end) = self.name(dollar + 2, end) else { return self.refuse(dollar, end) };
        let name = self.text[dollar + 2..name_end].to_owned();
        let after = self.text.as_bytes().get(name_end..end).unwrap_or_default();
        let (operator, unless_empty) = match after {
            [b'}', ..] => {
                return Some(Variable { range: dollar..name_end + 1, name, operation: None });
            }
            [b':', operator, ..] => (*operator, true),
            [operator, ..] => (*operator, false),
            [] => return self.refuse(dollar, end),
        };
        let operator = match operator {
            b'-' => Operator::Default,
            b'?' => Operator::Required,
            b'+' => Operator::Replacement,
            _ => return self.refuse(dollar, end),
        };
        let word = name_end + 1 + usize::from(unless_empty);
        let Some(closing) = self.closing(dollar, word, end, last) else { return self.refuse(dollar, end) };
        let word = self.parts(word..closing, depth + 1);
        let operation = Some(Operation { operator, unless_empty, word });
        Some(Variable { range: dollar..closing + 1, name, operation })
    }

    /// The `}` that ends the variable at `dollar`, whose word begins at `word`.
    fn closing(&self, dollar: usize, word: usize, end: usize, last: &mut LastBrace) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if last.line_end <= word {
            let rest = bytes.get(word..end)?;
            let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))?;
            // The line's end itself may be where a later word begins.
            last.line_end = word + line.len() + 1;
            last.at = memchr::memrchr(b'}', line).map(|i| word + i);
        }
        let last = last.at.filter(|&at| at >= word)?;
        let mut open = 0_usize;
        let mut at = dollar;
        while at <= last {
            match bytes.get(at) {
                Some(b'}') => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return Some(at);
                    }
                }
                // Compose's counter does not look at what follows a brace.
                Some(b'{') => {
                    open += 1;
                    at += 1;
                }
                _ => {}
            }
            at += 1;
        }
        Some(last)
    }

    fn refuse(&mut self, dollar: usize, end: usize) -> Option<Variable> {
        if self.error.is_none() {
            let rest = self.text.get(dollar + 1..end).unwrap_or_default();
            let stop = rest.find(|c: char| c.is_whitespace() || matches!(c, '}' | '$' | '"'));
            let stop = stop.map_or(end, |i| dollar + 1 + i + usize::from(rest[i..].starts_with('}')));
            let message = format!("invalid interpolation format: {:?}", &self.text[dollar..stop]);
            let error =
                SyntaxError::new(SyntaxErrorKind::Compose, self.mapped.span_of(dollar..stop), message)
                    .with_help("write `${NAME}` for a variable and `$$` for a `$`");
            self.error = Some(error);
        }
        None
    }
}
