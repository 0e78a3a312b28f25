//! What `$`, backticks and process substitutions expand to.

use std::ops::Range;
use std::sync::Arc;

use super::Parser;
use super::words::Mode;
use crate::shell::ast::List;
use crate::shell::word::{Parameter, Part, PartKind, Quoting, Word};
use crate::text::mapped::MappedBuilder;

/// The operators of `${name…}`, longer ones before their beginnings.
const OPERATORS: [&str; 24] = [
    ":-", ":=", ":?", ":+", "-", "=", "?", "+", "%%", "%", "##", "#", "//", "/#", "/%", "/", "^^", "^", ",,",
    ",", "~~", "~", "@", ":",
];

impl Parser<'_, '_> {
    /// Something that begins with `$`.
    pub(super) fn dollar(&mut self, mode: Mode, quoting: Quoting, parts: &mut Vec<Part>) {
        let start = self.at;
        let word = quoting == Quoting::None;
        match self.peek_at(1) {
            Some(b'(') => {
                self.at += 1;
                if let Some(inside) = self.arithmetic_inside() {
                    let inner = self.nested(|parser| parser.arithmetic(inside)).unwrap_or_default();
                    return self.push_expansion(start, quoting, PartKind::Arithmetic(inner), parts);
                }
                self.advance(1);
                let list = self.substitution(start, "$(");
                self.push_expansion(start, quoting, PartKind::CommandSubstitution(list), parts);
            }
            Some(b'{') => {
                let parameter = self.nested(|parser| parser.parameter(quoting)).flatten();
                if let Some(parameter) = parameter {
                    self.push_expansion(start, quoting, PartKind::Parameter(Box::new(parameter)), parts);
                }
            }
            Some(b'\'') if word => self.ansi_quotes(parts),
            // A string for translation: the `$` is no part of it.
            Some(b'"') if word && mode != Mode::Regex => {
                self.at += 1;
                self.double_quotes(parts);
            }
            Some(byte) => {
                let len = match byte {
                    b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9' => 1,
                    _ => self.name_len(start + 1),
                };
                if len == 0 {
                    return self.one(quoting, parts);
                }
                self.advance(1 + len);
                let name = self.fragment(start + 1..start + 1 + len);
                let parameter = Parameter {
                    name,
                    length: false,
                    indirect: false,
                    subscript: None,
                    operator: None,
                    word: None,
                };
                self.push_expansion(start, quoting, PartKind::Parameter(Box::new(parameter)), parts);
            }
            None => self.one(quoting, parts),
        }
    }

    fn push_expansion(&mut self, start: usize, quoting: Quoting, kind: PartKind, parts: &mut Vec<Part>) {
        if !self.faulted() {
            let text = self.fragment(start..self.at);
            parts.push(Part { text, quoting, kind });
        }
    }

    /// Commands up to the parenthesis that closes `opener`. Here-documents of the commands around wait.
    fn substitution(&mut self, start: usize, opener: &str) -> List {
        let waiting = std::mem::take(&mut self.pending);
        let list = self.nested(Self::list).unwrap_or_default();
        let begun = std::mem::replace(&mut self.pending, waiting);
        self.pending.extend(begun);
        self.expect_parenthesis(start, opener);
        list
    }

    /// `<(…)` or `>(…)`; the cursor is at the first byte.
    pub(super) fn process_substitution(&mut self, parts: &mut Vec<Part>) {
        let start = self.at;
        self.advance(2);
        let list = self.substitution(start, "<(");
        self.push_expansion(start, Quoting::None, PartKind::ProcessSubstitution(list), parts);
    }

    /// What is between `((` and `))`, when the cursor is at such a pair and not at two subshells.
    pub(super) fn arithmetic_inside(&mut self) -> Option<Range<usize>> {
        if self.peek() != Some(b'(') || self.peek_at(1) != Some(b'(') {
            return None;
        }
        let start = self.at + 2;
        let close = self.closing_parenthesis(start)?;
        (close + 1 < self.end && self.bytes.get(close + 1) == Some(&b')')).then_some(start..close)
    }

    /// The expansions of an arithmetic expression; goes on behind its `))`.
    pub(super) fn arithmetic(&mut self, inside: Range<usize>) -> Vec<Part> {
        let mut parts = Vec::new();
        self.within(inside, |parser| parser.parts(Mode::Body, &mut parts));
        if !self.faulted() {
            self.advance(2);
        }
        parts
    }

    /// Backticks. Their inside is read after `\` before `$`, `` ` `` and `\` is taken off (and before `"`, when
    /// the backticks stand in double quotes), which is how they nest.
    pub(super) fn backticks(&mut self, quoting: Quoting, parts: &mut Vec<Part>) {
        let start = self.at;
        let mut at = start + 1;
        let mut escapes = Vec::new();
        loop {
            let rest = self.bytes.get(at..self.end).unwrap_or_default();
            match memchr::memchr2(b'`', b'\\', rest) {
                None => return self.fault(start, "a backtick is not closed"),
                Some(len) if rest.get(len) == Some(&b'`') => {
                    at += len;
                    break;
                }
                Some(len) => {
                    let taken = match rest.get(len + 1) {
                        Some(b'$' | b'`' | b'\\') => true,
                        Some(b'"') => quoting == Quoting::Double,
                        _ => false,
                    };
                    if taken {
                        escapes.push(at + len);
                    }
                    at += len + 2;
                }
            }
        }
        let inside = start + 1..at;
        let waiting = std::mem::take(&mut self.pending);
        let list = self.nested(|parser| parser.backtick_list(inside.clone(), &escapes)).unwrap_or_default();
        self.pending = waiting;
        self.at = if self.faulted() { self.end } else { inside.end };
        self.advance(1);
        self.push_expansion(start, quoting, PartKind::CommandSubstitution(list), parts);
    }

    fn backtick_list(&mut self, inside: Range<usize>, escapes: &[usize]) -> List {
        if escapes.is_empty() {
            return self.within(inside, Self::script);
        }
        let mut builder = MappedBuilder::default();
        let mut from = inside.start;
        for &escape in escapes {
            builder.push_slice(self.whole, from..escape);
            from = escape + 1;
        }
        builder.push_slice(self.whole, from..inside.end);
        let whole = Arc::new(builder.finish(self.whole.span_of(inside)));
        Parser::new(&whole, self.shared).script()
    }

    /// `${…}`; the cursor is at `$`.
    fn parameter(&mut self, quoting: Quoting) -> Option<Parameter> {
        let start = self.at;
        self.advance(2);
        let sign_of = |parser: &Self, sign: u8| {
            let next = parser.peek_at(1);
            parser.peek() == Some(sign)
                && next.is_some_and(|byte| {
                    byte.is_ascii_alphanumeric()
                        || byte == b'_'
                        || (sign == b'#' && matches!(byte, b'@' | b'*'))
                })
        };
        let length = sign_of(self, b'#');
        let indirect = !length && sign_of(self, b'!');
        if length || indirect {
            self.advance(1);
        }
        let name_len = match self.peek() {
            Some(b'0'..=b'9') => {
                let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
                rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len())
            }
            Some(b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => 1,
            _ => self.name_len(self.at),
        };
        let name = self.fragment(self.at..self.at + name_len);
        self.advance(name_len);
        let mut subscript = None;
        if self.peek() == Some(b'[') && name_len > 0 {
            let rest = self.bytes.get(self.at + 1..self.end).unwrap_or_default();
            let len = memchr::memchr2(b']', b'\n', rest).filter(|len| rest.get(*len) == Some(&b']'));
            let Some(len) = len else {
                self.fault(start, "`${` is not closed");
                return None;
            };
            subscript = Some(self.fragment(self.at + 1..self.at + 1 + len));
            self.advance(len + 2);
        }
        let rest = self.whole.text().get(self.at..self.end).unwrap_or_default();
        let operator = OPERATORS
            .into_iter()
            .find(|operator| rest.starts_with(operator))
            .or_else(|| (indirect && rest.starts_with('*')).then_some("*"));
        if name_len == 0 || (operator.is_none() && !rest.starts_with('}')) {
            let message = if rest.is_empty() { "`${` is not closed" } else { "not a parameter expansion" };
            self.fault(start, message);
            return None;
        }
        let operator = operator.map(|text| {
            let fragment = self.fragment(self.at..self.at + text.len());
            self.advance(text.len());
            fragment
        });
        let word = operator.as_ref().map(|operator| self.parameter_word(operator.text(), quoting));
        if self.peek() != Some(b'}') {
            self.fault(start, "`${` is not closed");
            return None;
        }
        self.advance(1);
        Some(Parameter { name, length, indirect, subscript, operator, word })
    }

    fn parameter_word(&mut self, operator: &str, quoting: Quoting) -> Word {
        // In double quotes `'` is plain, but not in a pattern.
        let pattern = operator.starts_with(['%', '#', '/']);
        let mode =
            if quoting == Quoting::Double && !pattern { Mode::ParameterDouble } else { Mode::Parameter };
        let start = self.at;
        let mut parts = Vec::new();
        self.parts(mode, &mut parts);
        Word { text: self.fragment(start..self.at), parts }
    }
}
