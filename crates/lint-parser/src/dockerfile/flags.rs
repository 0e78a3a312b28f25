//! The `--flags` between keyword and arguments.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{consumed, map, opt, peek, recognize};
use nom::multi::many0;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use crate::dockerfile::ast::Flag;
use crate::dockerfile::reading::range;
use crate::text::mapped::{Mapped, MappedBuilder};

/// The text a word was written as, and the pieces left of it without quotes and escapes.
type Word<'a> = (&'a str, Vec<&'a str>);

/// The flags at the start of `text`, which lies in `line`, and what follows them.
///
/// `--` alone ends them. Quotes and escapes are taken off here already, and the escape is always `\`, whatever
/// the directive says: so does BuildKit.
pub(super) fn flags<'a>(line: &Mapped, text: &'a str) -> (&'a str, Vec<Flag>) {
    let mut rest = text;
    let mut flags = Vec::new();
    while let Ok((after, (written, pieces))) = flag_word(rest) {
        rest = after;
        let at = range(line.text(), written);
        let mut builder = MappedBuilder::default();
        for piece in pieces {
            builder.push_slice(line, range(line.text(), piece));
        }
        let span = line.slice(at).span();
        let word = builder.finish(span);
        if word.text() == "--" {
            break;
        }
        flags.push(flag(&word));
    }
    (rest, flags)
}

fn flag(word: &Mapped) -> Flag {
    let text = word.text();
    let body = text.strip_prefix("--").unwrap_or(text);
    let (name, value) = match body.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (body, None),
    };
    Flag {
        span: word.span(),
        name: word.slice(range(text, name)),
        value: value.map(|value| word.slice(range(text, value))),
    }
}

fn flag_word(input: &str) -> IResult<&str, Word<'_>> {
    preceded((take_while(char::is_whitespace), peek(tag("--"))), consumed(map(many0(piece), flatten)))
        .parse(input)
}

fn flatten(pieces: Vec<Vec<&str>>) -> Vec<&str> {
    pieces.into_iter().flatten().collect()
}

/// Plain characters, an escaped one, or a quotation; a quotation without an end runs to the end of the line.
fn piece(input: &str) -> IResult<&str, Vec<&str>> {
    let plain = take_while1(|c: char| !c.is_whitespace() && !matches!(c, '\\' | '\'' | '"'));
    alt((
        map(plain, |text| vec![text]),
        map(escaped, |text| vec![text]),
        |i| quoted(i, '\''),
        |i| quoted(i, '"'),
    ))
    .parse(input)
}

/// The character after `\`; nothing when the line ends there.
fn escaped(input: &str) -> IResult<&str, &str> {
    preceded(char('\\'), recognize(opt(anychar))).parse(input)
}

fn quoted(input: &str, quote: char) -> IResult<&str, Vec<&str>> {
    let plain = take_while1(move |c| c != quote && c != '\\');
    delimited(char(quote), many0(alt((plain, escaped))), opt(char(quote))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<(String, Option<String>)>) {
        let line = Mapped::verbatim(text, 0);
        let (rest, flags) = flags(&line, line.text());
        let pairs = flags.iter().map(|f| (f.name.text().into(), f.value.as_ref().map(|v| v.text().into())));
        (rest.trim().to_owned(), pairs.collect())
    }

    #[test]
    fn flags_stand_first_and_lose_their_quotes() {
        let (rest, found) = read(r#" --a --b=c  --d="x y" --e=f\ g --'h'="" -i --j"#);
        assert_eq!(rest, "-i --j");
        let values: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        let wanted = [("a", None), ("b", Some("c")), ("d", Some("x y")), ("e", Some("f g")), ("h", Some(""))];
        assert_eq!(values, wanted);
    }

    #[test]
    fn two_dashes_end_them_and_broken_quotes_run_on() {
        assert_eq!(read("--a -- --b c").0, "--b c");
        assert_eq!(read("--a=\"b c"), (String::new(), vec![("a".into(), Some("b c".into()))]));
        assert_eq!(read("--a=b\\"), (String::new(), vec![("a".into(), Some("b".into()))]));
    }

    #[test]
    fn the_span_is_the_word_as_written() {
        let source = "--from=\"a b\" x";
        let line = Mapped::verbatim(source, 0);
        let (_, flags) = flags(&line, line.text());
        assert_eq!(flags[0].span.slice(source), "--from=\"a b\"");
        assert_eq!(flags[0].value.as_ref().unwrap().span().slice(source), "a b");
    }
}
