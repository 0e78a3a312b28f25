//! `ENV`, `LABEL` and `ARG`: `key=value`, and the legacy `KEY the rest of the line`.

use nom::bytes::complete::{take_till1, take_while1};
use nom::combinator::rest;
use nom::sequence::separated_pair;
use nom::{IResult, Parser};

use crate::dockerfile::ast::Pair;
use crate::dockerfile::grammar::{Parts, is_blank, need_argument, words};
use crate::dockerfile::reading::{Reading, range};
use crate::dockerfile::wording::shown;
use crate::text::mapped::Mapped;

/// The pairs of `ENV` and `LABEL`.
pub(super) fn env(parts: Parts<'_>, reading: &mut Reading<'_>) -> Vec<Pair> {
    if !need_argument(parts, reading) {
        return Vec::new();
    }
    let words = words::shell_words(parts.arguments, reading.escape);
    match words.first() {
        None => {
            // A lone escape character, which the splitter drops.
            let message = format!("{} requires at least one argument", parts.upper);
            reading.refuse(parts.keyword.span, message);
            return Vec::new();
        }
        Some(first) if !first.text().contains('=') => return legacy(parts, reading),
        Some(_) => {}
    }
    let mut pairs = Vec::with_capacity(words.len());
    for word in &words {
        match pair(word) {
            Some(pair) => {
                if pair.key.is_empty() {
                    let message = format!("{} names can not be blank", parts.upper);
                    reading.refuse(word.span(), message);
                }
                pairs.push(pair);
            }
            None => {
                let message = format!(
                    "Syntax error - can't find = in {:?}. Must be of the form: name=value",
                    shown(word.text())
                );
                reading.syntax(word.span(), message);
            }
        }
    }
    pairs
}

/// `KEY the rest of the line`
fn legacy(parts: Parts<'_>, reading: &mut Reading<'_>) -> Vec<Pair> {
    let whole = parts.arguments.text();
    let Ok((_, (key, value))) = legacy_pair(whole) else {
        let message = format!("{} must have two arguments", parts.upper);
        reading.syntax(parts.arguments.span(), message);
        return Vec::new();
    };
    vec![Pair {
        span: parts.arguments.span(),
        key: parts.arguments.slice(range(whole, key)),
        value: Some(parts.arguments.slice(range(whole, value))),
        legacy: true,
    }]
}

fn legacy_pair(input: &str) -> IResult<&str, (&str, &str)> {
    separated_pair(take_till1(is_blank), take_while1(is_blank), rest).parse(input)
}

/// The arguments of `ARG`.
pub(super) fn arg(parts: Parts<'_>, reading: &mut Reading<'_>) -> Vec<Pair> {
    if !need_argument(parts, reading) {
        return Vec::new();
    }
    let words = words::shell_words(parts.arguments, reading.escape);
    let mut pairs = Vec::with_capacity(words.len());
    for word in words {
        let pair = pair(&word).unwrap_or_else(|| Pair {
            span: word.span(),
            key: word.clone(),
            value: None,
            legacy: false,
        });
        if pair.key.is_empty() {
            reading.refuse(word.span(), "ARG names can not be blank");
        }
        pairs.push(pair);
    }
    pairs
}

/// `key=value`; `None` without `=`.
fn pair(word: &Mapped) -> Option<Pair> {
    let (key, value) = word.text().split_once('=')?;
    Some(Pair {
        span: word.span(),
        key: word.slice(range(word.text(), key)),
        value: Some(word.slice(range(word.text(), value))),
        legacy: false,
    })
}
