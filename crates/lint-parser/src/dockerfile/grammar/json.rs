//! The exec form: a JSON array of strings, by the rules of Go's `encoding/json`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, digit0, one_of};
use nom::combinator::{map, opt, recognize, value};
use nom::multi::{many0, many0_count};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use crate::dockerfile::reading::{Reading, range};
use crate::text::mapped::{Mapped, MappedBuilder};

/// Go gives up on deeper nesting, and BuildKit then reads the text as a shell's.
const DEEPEST: usize = 10_000;

/// An element of the array: a string, quotes included, or something else.
#[derive(Clone, Copy, Debug)]
struct Element<'a> {
    text: &'a str,
    string: bool,
}

/// The strings of a JSON array that is all of `text`, each span with its quotes.
///
/// `None` when it is no JSON array: BuildKit then silently takes another form. An array of other things is
/// noted as an error and gives `None` too.
pub(super) fn strings(text: &Mapped, reading: &mut Reading<'_>) -> Option<Vec<Mapped>> {
    let whole = text.text();
    let (rest, elements) = array(whole).ok()?;
    if !rest.is_empty() {
        return None;
    }
    if let Some(other) = elements.iter().find(|element| !element.string) {
        let message = "when using JSON array syntax, arrays must be comprised of strings only";
        reading.syntax(text.slice(range(whole, other.text)).span(), message);
        return None;
    }
    Some(elements.iter().map(|element| decoded(text, element.text)).collect())
}

fn array(input: &str) -> IResult<&str, Vec<Element<'_>>> {
    let more = many0(preceded((char(','), space), element));
    let filled = map((element, more), |(first, mut rest): (_, Vec<_>)| {
        rest.insert(0, first);
        rest
    });
    let filled = map(opt(filled), Option::unwrap_or_default);
    delimited((space, char('['), space), filled, (char(']'), space)).parse(input)
}

fn element(input: &str) -> IResult<&str, Element<'_>> {
    let string = map(string, |text| Element { text, string: true });
    let other = map(recognize(any_value), |text| Element { text, string: false });
    nom::sequence::terminated(alt((string, other)), space).parse(input)
}

fn space(input: &str) -> IResult<&str, &str> {
    take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n')).parse(input)
}

/// A string with its quotes.
fn string(input: &str) -> IResult<&str, &str> {
    let escape = alt((
        recognize((tag("\\u"), take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit()))),
        recognize((char('\\'), one_of("\"\\/bfnrt"))),
    ));
    recognize((char('"'), many0_count(alt((plain, escape))), char('"'))).parse(input)
}

fn plain(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c != '"' && c != '\\' && c >= ' ').parse(input)
}

fn number(input: &str) -> IResult<&str, &str> {
    let digits1 = |input| take_while1(|c: char| c.is_ascii_digit()).parse(input);
    let whole = alt((tag("0"), recognize((one_of("123456789"), digit0))));
    let fraction = recognize((char('.'), digits1));
    let exponent = recognize((one_of("eE"), opt(one_of("+-")), digits1));
    recognize((opt(char('-')), whole, opt(fraction), opt(exponent))).parse(input)
}

fn scalar(input: &str) -> IResult<&str, &str> {
    alt((string, number, tag("true"), tag("false"), tag("null"))).parse(input)
}

/// Passes over any value. Written with a stack of its own: nesting is as deep as the author likes.
fn any_value(input: &str) -> IResult<&str, ()> {
    let mut key = (string, space, char(':'), space);
    let mut open: Vec<char> = Vec::new();
    let mut input = input;
    loop {
        // A value begins here.
        let (rest, bracket) = opt(one_of("[{")).parse(input)?;
        let mut closed = false;
        if let Some(bracket) = bracket {
            if open.len() == DEEPEST {
                return Err(failure(input));
            }
            let (rest, _) = space(rest)?;
            let end = if bracket == '[' { ']' } else { '}' };
            let (rest, empty) = opt(char(end)).parse(rest)?;
            input = rest;
            if empty.is_none() {
                if bracket == '{' {
                    (input, _) = key.parse(input)?;
                }
                open.push(end);
            } else {
                closed = true;
            }
        } else {
            (input, _) = scalar(rest)?;
            closed = true;
        }
        // A value has ended: close what it was the last of.
        while closed {
            let Some(&end) = open.last() else { return Ok((input, ())) };
            (input, _) = space(input)?;
            let (rest, next) = alt((char(','), char(end))).parse(input)?;
            if next == end {
                open.pop();
                input = rest;
                continue;
            }
            (input, _) = space(rest)?;
            if end == '}' {
                (input, _) = key.parse(input)?;
            }
            closed = false;
        }
    }
}

fn failure(input: &str) -> nom::Err<nom::error::Error<&str>> {
    nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::TooLarge))
}

/// A run of a string's text, and what it stands for when that is another character.
type Piece<'a> = (&'a str, Option<char>);

/// The text of a string; an unpaired surrogate becomes U+FFFD, as in Go.
fn decoded(text: &Mapped, quoted: &str) -> Mapped {
    let whole = text.text();
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    let pieces: Vec<Piece<'_>> = many0(piece).parse(inner).map(|(_, pieces)| pieces).unwrap_or_default();
    let mut builder = MappedBuilder::default();
    for (part, stands_for) in pieces {
        let at = range(whole, part);
        match stands_for {
            None => builder.push_slice(text, at),
            Some(c) => builder.push_replaced(c.encode_utf8(&mut [0; 4]), text.span_of(at)),
        }
    }
    builder.finish(text.span_of(range(whole, quoted)))
}

fn piece(input: &str) -> IResult<&str, Piece<'_>> {
    let simple = alt((
        value('"', tag("\\\"")),
        value('\\', tag("\\\\")),
        value('/', tag("\\/")),
        value('\u{8}', tag("\\b")),
        value('\u{c}', tag("\\f")),
        value('\n', tag("\\n")),
        value('\r', tag("\\r")),
        value('\t', tag("\\t")),
    ));
    let simple = simple.with_taken();
    alt((map(plain, |text| (text, None)), map(simple, |(c, text)| (text, Some(c))), unicode)).parse(input)
}

fn unicode(input: &str) -> IResult<&str, Piece<'_>> {
    let (rest, unit) = code_unit(input)?;
    let pair = (0xd800..0xdc00).contains(&unit).then(|| code_unit(rest).ok()).flatten();
    if let Some((after, low)) = pair
        && let Some(Ok(c)) = char::decode_utf16([unit, low]).next()
    {
        let taken = input.len() - after.len();
        return Ok((after, (input.get(..taken).unwrap_or_default(), Some(c))));
    }
    let c = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
    let taken = input.len() - rest.len();
    Ok((rest, (input.get(..taken).unwrap_or_default(), Some(c))))
}

fn code_unit(input: &str) -> IResult<&str, u16> {
    let hex = take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit());
    map(preceded(tag("\\u"), hex), |digits| u16::from_str_radix(digits, 16).unwrap_or(0xfffd)).parse(input)
}

/// A parser's output together with the text it came from.
trait WithTaken<'a, O>: Parser<&'a str, Output = O, Error = nom::error::Error<&'a str>> + Sized {
    fn with_taken(self) -> impl Parser<&'a str, Output = (O, &'a str), Error = nom::error::Error<&'a str>> {
        map(nom::combinator::consumed(self), |(text, value)| (value, text))
    }
}

impl<'a, O, P> WithTaken<'a, O> for P where P: Parser<&'a str, Output = O, Error = nom::error::Error<&'a str>> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Vec<String>>, usize) {
        let mut errors = Vec::new();
        let mut reading = Reading { escape: '\\', trigger: false, errors: &mut errors };
        let words = strings(&Mapped::verbatim(text, 0), &mut reading);
        (words.map(|words| words.iter().map(|w| w.text().to_owned()).collect()), errors.len())
    }

    #[test]
    fn arrays_of_strings_are_decoded() {
        let (words, _) = read(r#"[ "a b" , "\"\\\/\b\f\n\r\tA😀\ud83d" ]"#);
        assert_eq!(words.unwrap(), ["a b", "\"\\/\u{8}\u{c}\n\r\tA😀\u{fffd}"]);
        assert_eq!(read("[]"), (Some(vec![]), 0));
        let mut errors = Vec::new();
        let mut reading = Reading { escape: '\\', trigger: false, errors: &mut errors };
        let source = r#"["a\tb"]"#;
        let word = &strings(&Mapped::verbatim(source, 0), &mut reading).unwrap()[0];
        assert_eq!(word.span().slice(source), r#""a\tb""#);
        assert_eq!(word.span_of(1..2).slice(source), r"\t");
    }

    #[test]
    fn other_json_is_an_error_and_no_json_is_not() {
        for text in ["[1]", "[null]", r#"["a", ["b"]]"#, r#"[{"a": [true, -1.5e3]}]"#, "[[[[]]], {}]"] {
            assert_eq!(read(text), (None, 1), "{text}");
        }
        for text in [
            "['a']",
            r#"["C:\windows"]"#,
            r#"["a"] b"#,
            r#"["a""#,
            r#"["a",]"#,
            "[01]",
            "[\"a\tb\"]",
            "{}",
            "",
        ] {
            assert_eq!(read(text), (None, 0), "{text}");
        }
        assert_eq!(read(&"[".repeat(200_000)), (None, 0));
    }
}
