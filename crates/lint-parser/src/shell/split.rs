//! Words of Compose's `command: "…"` and `entrypoint: "…"` strings.
//!
//! Compose does not run a shell on them: it splits them with the Go module `mattn/go-shellwords`, whose reading
//! is not that of a shell. Operators end the command and everything after them is dropped without a word,
//! `#` begins no comment, a backslash in double quotes escapes whatever follows, a newline is a blank, and
//! blanks inside `$(…)` or backticks part no words although nothing is substituted.

use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// A command string as Compose takes it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Split {
    /// The words, quotes and backslashes removed. `$$` is as it was: interpolation comes before or after.
    pub words: Vec<Mapped>,
    /// From the operator (`;`, `&`, `|`, `<` or `>`) that ends the command to the end of the text: what Compose
    /// drops silently.
    pub dropped: Option<Span>,
}

/// What the characters since the last blank are so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    Nothing,
    Word,
}

/// Splits a command string.
///
/// # Errors
///
/// Where Compose says `invalid command line string`: a quote, backtick or parenthesis is not closed, `(` stands
/// elsewhere than after `$`, or the text ends in a backslash. The span is the whole text.
pub fn split(text: &Mapped) -> Result<Split, SyntaxError> {
    let refuse = || SyntaxError::new(SyntaxErrorKind::Compose, text.span(), "invalid command line string");
    let mut words = Vec::new();
    let mut word = MappedBuilder::default();
    let mut begun = Begun::Nothing;
    let mut start = 0;
    let (mut escaped, mut single, mut double, mut backticks, mut dollar) =
        (false, false, false, false, false);
    let mut end = text.text().len();
    let mut dropped = None;
    for (at, c) in text.text().char_indices() {
        let here = at..at + c.len_utf8();
        let blank = matches!(c, ' ' | '\t' | '\r' | '\n');
        if begun == Begun::Nothing && !blank && !escaped && !single && !double && word.text().is_empty() {
            start = at;
        }
        if escaped {
            escaped = false;
            begun = Begun::Word;
            word.push_slice(text, here);
            continue;
        }
        match c {
            '\\' if !single => {
                escaped = true;
                continue;
            }
            _ if blank => {
                if single || double || backticks || dollar {
                    word.push_slice(text, here);
                } else if begun == Begun::Word {
                    words.push(std::mem::take(&mut word).finish(text.span_of(start..at)));
                    begun = Begun::Nothing;
                }
                continue;
            }
            '`' if !single && !double && !dollar => backticks = !backticks,
            ')' if !single && !double && !backticks => dollar = !dollar,
            '(' if !single && !double && !backticks => {
                if dollar || !word.text().ends_with('$') {
                    return Err(refuse());
                }
                dollar = true;
                word.push_slice(text, here);
                continue;
            }
            '"' if !single && !dollar => {
                (begun, double) = (if double { Begun::Word } else { begun }, !double);
                continue;
            }
            '\'' if !double && !dollar => {
                (begun, single) = (if single { Begun::Word } else { begun }, !single);
                continue;
            }
            ';' | '&' | '|' | '<' | '>' if !(single || double || backticks || dollar) => {
                // The digits of `2>file` are no word; any word that begins with a digit is taken for such.
                if c == '>' && word.text().starts_with(|first: char| first.is_ascii_digit()) {
                    begun = Begun::Nothing;
                }
                end = at;
                dropped = Some(text.span_of(at..text.text().len()));
                break;
            }
            _ => {}
        }
        begun = Begun::Word;
        word.push_slice(text, here);
    }
    if begun == Begun::Word {
        words.push(word.finish(text.span_of(start..end)));
    }
    if escaped || single || double || backticks || dollar {
        return Err(refuse());
    }
    Ok(Split { words, dropped })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `docker compose config` makes of these strings.
    #[test]
    fn words_are_those_of_compose() {
        let cases: [(&str, &[&str]); 18] = [
            ("a  b\tc\nd", &["a", "b", "c", "d"]),
            ("'a b' \"c d\"", &["a b", "c d"]),
            (r#""a\"b" 'a\'"#, &["a\"b", "a\\"]),
            (r#"a\nb "a\nb""#, &["anb", "anb"]),
            ("a \"\" ''", &["a", "", ""]),
            ("a #b c#d", &["a", "#b", "c#d"]),
            ("a;b", &["a"]),
            ("a && b", &["a"]),
            ("a 2>&1 b", &["a"]),
            ("2a>b", &[]),
            ("a $(b c) d", &["a", "$(b c)", "d"]),
            ("`a b` c", &["`a b`", "c"]),
            ("\"`x y`\"", &["`x y`"]),
            ("a\\\nb", &["a\nb"]),
            ("a\u{b}b a\u{a0}b", &["a\u{b}b", "a\u{a0}b"]),
            ("sh -c \"echo 'hi' && ls\"", &["sh", "-c", "echo 'hi' && ls"]),
            ("{a,b} *", &["{a,b}", "*"]),
            ("  ", &[]),
        ];
        for (text, expected) in cases {
            let split = split(&Mapped::verbatim(text, 0)).expect(text);
            let words: Vec<_> = split.words.iter().map(Mapped::text).collect();
            assert_eq!(words, expected, "of {text:?}");
        }
    }

    #[test]
    fn what_compose_refuses_is_refused() {
        for text in ["(a b)", "a \"b", "a 'b", "a\\", "a )", "a `b", "$((1 + 2))"] {
            assert!(split(&Mapped::verbatim(text, 0)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_and_what_is_dropped_keep_their_places() {
        let split = split(&Mapped::verbatim("sh -c 'a b' && rm x", 10)).expect("words");
        assert_eq!(split.words[2].span(), Span::new(16, 21));
        assert_eq!(split.words[2].span_of(2..3), Span::new(19, 20));
        assert_eq!(split.dropped, Some(Span::new(22, 29)));
    }
}
