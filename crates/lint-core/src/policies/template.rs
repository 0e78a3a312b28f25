//! Messages with expressions in them: `{image.reference} is not from our registry`.

use std::ops::Range;

use crate::policies::language::code::Code;
use crate::policies::language::evaluate::{Roots, evaluate};
use crate::policies::language::tree::Fault;
use crate::policies::language::value::Data;

/// The longest message, in bytes: what an expression finds may be as long as a file.
const LONGEST: usize = 500;

/// A part of a message as it is written, with where the expression stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Expression(Range<usize>),
}

/// A message.
#[derive(Debug)]
pub(crate) struct Template(pub(crate) Vec<Part>);

/// A part of one.
#[derive(Debug)]
pub(crate) enum Part {
    Text(String),
    Code(Code),
}

/// Takes a message apart. Two braces stand for one.
///
/// # Errors
/// When a brace has no other.
pub(crate) fn pieces(text: &str) -> Result<Vec<Piece>, Fault> {
    let mut all = Vec::new();
    let mut plain = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '{' | '}') && chars.peek().is_some_and(|(_, next)| *next == c) {
            chars.next();
            plain.push(c);
        } else if c == '{' {
            let inner = text.get(at + 1..).unwrap_or_default();
            let Some(length) = end(inner) else {
                return Err(Fault::new(at..at + 1, "this brace is never closed; `{{` stands for a brace"));
            };
            if !plain.is_empty() {
                all.push(Piece::Text(std::mem::take(&mut plain)));
            }
            all.push(Piece::Expression(at + 1..at + 1 + length));
            while chars.next_if(|(next, _)| *next <= at + 1 + length).is_some() {}
        } else if c == '}' {
            return Err(Fault::new(at..at + 1, "this brace closes nothing; `}}` stands for a brace"));
        } else {
            plain.push(c);
        }
    }
    if !plain.is_empty() {
        all.push(Piece::Text(plain));
    }
    Ok(all)
}

/// How long an expression is: to the brace that closes it, texts and maps within left aside.
fn end(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0usize, None);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some(_), '\\') => drop(chars.next()),
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

/// Each run of blanks as one, and none at the ends.
fn on_one_line(text: String) -> String {
    let bytes = text.as_bytes();
    let is_odd = |byte: &u8| byte.is_ascii_control() || !byte.is_ascii();
    // As nearly all are from the start.
    if !bytes.iter().any(is_odd)
        && !bytes.windows(2).any(|two| two == b"  ")
        && text.trim().len() == text.len()
    {
        return text;
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Template {
    /// The message, on one line. What an expression cannot say is a question mark, and never the reason for another verdict.
    pub(crate) fn write(&self, roots: &Roots<'_, '_>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Code(code) => match evaluate(code, roots).1 {
                    Ok(value) => match &value.data {
                        Data::Text(one) if one.is_empty() => text.push_str("(none)"),
                        Data::Text(one) => text.push_str(one),
                        data => text.push_str(&data.to_string()),
                    },
                    Err(_) => text.push('?'),
                },
            }
        }
        let mut text = on_one_line(text);
        if text.len() > LONGEST {
            let at = (LONGEST..text.len()).find(|&at| text.is_char_boundary(at));
            if let Some(at) = at {
                text.truncate(at);
                text.push('…');
            }
        }
        text
    }
}
