//! Taking words apart.
//!
//! Written by hand rather than with nom: whether a character ends a word depends on the modifier around it, and
//! each way to break off has words of its own in BuildKit.

use crate::dockerfile::expansion::{Modifier, Part, Variable, Word};
use crate::dockerfile::wording::shown;
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Spanned;

/// How deep words may nest in modifiers. Files that people write stay below three.
const DEEPEST: usize = 64;

pub(super) fn parse(text: &Mapped, escape: char) -> Result<Word, SyntaxError> {
    let mut parser = Parser { base: text, at: 0, escape, quotes: true, depth: 0 };
    parser.word(None, false)
}

/// In a heredoc's body quotes are text, and the escape is `\` whatever the directive says.
pub(super) fn parse_body(text: &Mapped) -> Result<Word, SyntaxError> {
    let mut parser = Parser { base: text, at: 0, escape: '\\', quotes: false, depth: 0 };
    parser.word(None, false)
}

struct Parser<'a> {
    base: &'a Mapped,
    at: usize,
    escape: char,
    /// Whether quotes protect what is inside.
    quotes: bool,
    depth: usize,
}

/// Literal text being gathered.
struct Literal {
    builder: MappedBuilder,
    start: usize,
    end: usize,
    quoted: bool,
}

/// The parts of a word being gathered.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    literal: Option<Literal>,
}

impl Parts {
    /// Adds `from..to` of the text, which stands in `written`.
    fn push(
        &mut self,
        base: &Mapped,
        text: std::ops::Range<usize>,
        written: std::ops::Range<usize>,
        quoted: bool,
    ) {
        if self.literal.as_ref().is_some_and(|literal| literal.quoted != quoted) {
            self.flush(base);
        }
        let literal = self.literal.get_or_insert_with(|| Literal {
            builder: MappedBuilder::default(),
            start: written.start,
            end: written.end,
            quoted,
        });
        literal.end = written.end;
        literal.builder.push_slice(base, text);
    }

    fn flush(&mut self, base: &Mapped) {
        if let Some(literal) = self.literal.take() {
            let text = literal.builder.finish(base.span_of(literal.start..literal.end));
            self.done.push(Part::Literal { text, quoted: literal.quoted });
        }
    }

    fn variable(&mut self, base: &Mapped, variable: Variable) {
        self.flush(base);
        self.done.push(Part::Variable(variable));
    }
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.base.text().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn error<T>(&self, from: usize, message: impl Into<String>) -> Result<T, SyntaxError> {
        let span = self.base.span_of(from..self.at.max(from));
        Err(SyntaxError::new(SyntaxErrorKind::Instruction, span, message))
    }

    /// Reads to `stop`, which is passed over, or to the end. `raw` keeps escapes, for patterns.
    fn word(&mut self, stop: Option<char>, raw: bool) -> Result<Word, SyntaxError> {
        let start = self.at;
        let mut parts = Parts::default();
        loop {
            let at = self.at;
            let end = match self.next() {
                None if stop.is_some() => return self.error(start, "syntax error: missing '}'"),
                None => at,
                Some(c) if Some(c) == stop => at,
                Some('\'') if self.quotes => {
                    self.single_quoted(at, &mut parts)?;
                    continue;
                }
                Some('"') if self.quotes => {
                    self.double_quoted(at, raw, &mut parts)?;
                    continue;
                }
                Some('$') => {
                    self.dollar(at, false, &mut parts)?;
                    continue;
                }
                Some(c) if c == self.escape => {
                    let from = if raw { at } else { self.at };
                    // An escape at the end protects nothing and goes.
                    if self.next().is_some() || raw {
                        parts.push(self.base, from..self.at, at..self.at, true);
                    }
                    continue;
                }
                Some(_) => {
                    let special =
                        |c: char| matches!(c, '\'' | '"' | '$') || c == self.escape || Some(c) == stop;
                    let plain = self.rest().find(special).unwrap_or(self.rest().len());
                    self.at += plain;
                    parts.push(self.base, at..self.at, at..self.at, false);
                    continue;
                }
            };
            parts.flush(self.base);
            return Ok(Word { span: self.base.span_of(start..end), parts: parts.done });
        }
    }

    /// After the opening quote at `open`.
    fn single_quoted(&mut self, open: usize, parts: &mut Parts) -> Result<(), SyntaxError> {
        let from = self.at;
        let Some(length) = self.rest().find('\'') else {
            self.at = self.base.text().len();
            return self.error(open, "unexpected end of statement while looking for matching single-quote");
        };
        let to = from + length;
        self.at = to + 1;
        let written = if length == 0 { open..self.at } else { from..to };
        parts.push(self.base, from..to, written, true);
        Ok(())
    }

    /// After the opening quote at `open`.
    fn double_quoted(&mut self, open: usize, raw: bool, parts: &mut Parts) -> Result<(), SyntaxError> {
        let inner = self.at;
        loop {
            let at = self.at;
            match self.next() {
                None => {
                    return self
                        .error(open, "unexpected end of statement while looking for matching double-quote");
                }
                Some('"') => {
                    if at == inner {
                        parts.push(self.base, at..at, open..self.at, true);
                    }
                    return Ok(());
                }
                Some('$') => self.dollar(at, true, parts)?,
                Some(c) if c == self.escape => {
                    let protects = self.peek().is_some_and(|c| c == '"' || c == '$' || c == self.escape);
                    let from = if protects && !raw { self.at } else { at };
                    if protects {
                        self.next();
                    }
                    parts.push(self.base, from..self.at, at..self.at, true);
                }
                Some(_) => {
                    let special = |c: char| matches!(c, '"' | '$') || c == self.escape;
                    let plain = self.rest().find(special).unwrap_or(self.rest().len());
                    self.at += plain;
                    parts.push(self.base, at..self.at, at..self.at, true);
                }
            }
        }
    }

    /// After the `$` at `dollar`.
    fn dollar(&mut self, dollar: usize, quoted: bool, parts: &mut Parts) -> Result<(), SyntaxError> {
        if self.peek() != Some('{') {
            let name = self.name();
            if name.value.is_empty() {
                parts.push(self.base, dollar..self.at, dollar..self.at, quoted);
            } else {
                let variable = self.variable(dollar, name, None);
                parts.variable(self.base, variable);
            }
            return Ok(());
        }
        self.next();
        match self.peek() {
            None => return self.error(dollar, "syntax error: missing '}'"),
            Some(c @ ('{' | '}' | ':')) => {
                self.at += c.len_utf8();
                return self.error(dollar, "syntax error: bad substitution");
            }
            Some(_) => {}
        }
        let name = self.name();
        let modifier = if self.peek() == Some('}') {
            self.next();
            None
        } else {
            self.depth += 1;
            if self.depth > DEEPEST {
                return self.error(dollar, format!("substitutions nested more than {DEEPEST} deep"));
            }
            let modifier = self.modifier(dollar)?;
            self.depth -= 1;
            Some(modifier)
        };
        let variable = self.variable(dollar, name, modifier);
        parts.variable(self.base, variable);
        Ok(())
    }

    fn variable(&self, dollar: usize, name: Spanned<String>, modifier: Option<Modifier>) -> Variable {
        let range = dollar..self.at;
        Variable { span: self.base.span_of(range.clone()), range, name, modifier }
    }

    /// Letters, digits and underscores; or digits alone; or one special character.
    fn name(&mut self) -> Spanned<String> {
        let rest = self.rest();
        let length = match rest.chars().next() {
            Some(c) if c.is_numeric() => rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len()),
            Some('@' | '*' | '#' | '?' | '-' | '!' | '$') => 1,
            _ => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()),
        };
        let value = rest.get(..length).unwrap_or_default().to_owned();
        let span = self.base.span_of(self.at..self.at + length);
        self.at += length;
        Spanned::new(value, span)
    }

    /// After the name of the reference that begins at `dollar`, up to its closing brace.
    fn modifier(&mut self, dollar: usize) -> Result<Modifier, SyntaxError> {
        let sign_at = self.at;
        let mut sign = self.next();
        let if_empty = sign == Some(':');
        if if_empty {
            sign = self.next();
        }
        match sign {
            Some('-') => Ok(Modifier::Default { if_empty, word: self.inner(dollar, '}', false)? }),
            Some('+') => Ok(Modifier::Alternative { if_empty, word: self.inner(dollar, '}', false)? }),
            Some('?') => Ok(Modifier::Required { if_empty, message: self.inner(dollar, '}', false)? }),
            Some('#') if !if_empty => {
                let longest = self.passed('#');
                Ok(Modifier::RemovePrefix { longest, pattern: self.inner(dollar, '}', true)? })
            }
            Some('%') if !if_empty => {
                let longest = self.passed('%');
                Ok(Modifier::RemoveSuffix { longest, pattern: self.inner(dollar, '}', true)? })
            }
            Some('/') if !if_empty => {
                let all = self.passed('/');
                let pattern = self.inner(dollar, '/', true)?;
                Ok(Modifier::Replace { all, pattern, replacement: self.inner(dollar, '}', true)? })
            }
            None => self.error(dollar, "syntax error: missing '}'"),
            Some(_) => {
                let sign = self.base.text().get(sign_at..self.at).unwrap_or_default();
                self.error(dollar, format!("unsupported modifier ({}) in substitution", shown(sign)))
            }
        }
    }

    fn passed(&mut self, c: char) -> bool {
        let passed = self.peek() == Some(c);
        if passed {
            self.next();
        }
        passed
    }

    /// The word of a modifier. Whatever breaks it off at the end of the text, the brace is what is missing.
    fn inner(&mut self, dollar: usize, stop: char, raw: bool) -> Result<Word, SyntaxError> {
        let word = self.word(Some(stop), raw);
        match word {
            Err(_) if self.peek().is_none() => self.error(dollar, format!("syntax error: missing '{stop}'")),
            word => word,
        }
    }
}
