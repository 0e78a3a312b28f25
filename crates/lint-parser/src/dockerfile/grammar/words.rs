//! Words: between blanks, and as ENV, LABEL and ARG split them.

use nom::branch::alt;
use nom::bytes::complete::{take_till, take_till1, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{opt, recognize};
use nom::multi::{many0, many0_count, many1_count, separated_list0};
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use crate::dockerfile::grammar::is_blank;
use crate::dockerfile::reading::range;
use crate::text::mapped::Mapped;

/// The words between blanks; quotes mean nothing.
pub(in crate::dockerfile) fn blank_separated(text: &Mapped) -> Vec<Mapped> {
    let whole = text.text();
    let mut words = preceded(
        take_while(is_blank),
        separated_list0(take_while1::<_, &str, nom::error::Error<&str>>(is_blank), take_till1(is_blank)),
    );
    let found = words.parse(whole).map(|(_, found)| found).unwrap_or_default();
    found.into_iter().map(|word| text.slice(range(whole, word))).collect()
}

/// The words between white space, where quotes group and `escape` protects the next character. Both are kept,
/// because expansion wants them; an escape at the very end is dropped, as BuildKit does.
pub(in crate::dockerfile) fn shell_words(text: &Mapped, escape: char) -> Vec<Mapped> {
    let whole = text.text();
    let word = |input| recognize(many1_count(|input| piece(input, escape))).parse(input);
    let found = preceded(white, many0(terminated(word, white)))
        .parse(whole)
        .map(|(_, found)| found)
        .unwrap_or_default();
    found.into_iter().map(|word: &str| text.slice(range(whole, word))).collect()
}

fn white(input: &str) -> IResult<&str, &str> {
    take_while(char::is_whitespace).parse(input)
}

/// An escaped character, a quotation, or plain characters.
fn piece(input: &str, escape: char) -> IResult<&str, &str> {
    alt((
        take_while1(|c: char| !c.is_whitespace() && c != escape && c != '\'' && c != '"'),
        |input| escaped(input, escape),
        recognize((char('\''), take_till(|c| c == '\''), opt(char('\'')))),
        recognize((
            char('"'),
            many0_count(alt((|input| escaped(input, escape), take_while1(|c| c != escape && c != '"')))),
            opt(char('"')),
        )),
    ))
    .parse(input)
}

fn escaped(input: &str, escape: char) -> IResult<&str, &str> {
    recognize((char(escape), anychar)).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, escape: char) -> Vec<String> {
        let words = shell_words(&Mapped::verbatim(text, 0), escape);
        words.iter().map(|w| w.text().to_owned()).collect()
    }

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        assert_eq!(split(r#"a='b c' d="e \" f" g\ h"#, '\\'), ["a='b c'", r#"d="e \" f""#, r"g\ h"]);
        assert_eq!(split(r"a='\' b", '\\'), [r"a='\'", "b"]);
        assert_eq!(split("a=b` c d\\ e", '`'), ["a=b` c", "d\\", "e"]);
        assert_eq!(split(r"a=b \", '\\'), ["a=b"]);
        assert_eq!(split("a=\"b c", '\\'), ["a=\"b c"]);
        assert_eq!(split("a=\"b\\", '\\'), ["a=\"b"]);
        assert_eq!(split("\u{2003}a\u{2003}b", '\\'), ["a", "b"]);
    }

    #[test]
    fn blanks_alone_separate_plain_words() {
        let words = blank_separated(&Mapped::verbatim("a \t'b c'\u{a0}d", 3));
        let texts: Vec<_> = words.iter().map(Mapped::text).collect();
        assert_eq!(texts, ["a", "'b", "c'\u{a0}d"]);
        assert_eq!(words[1].span().start(), 6);
        assert!(blank_separated(&Mapped::default()).is_empty());
    }
}
