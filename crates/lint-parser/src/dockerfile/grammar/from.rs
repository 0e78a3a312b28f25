//! `FROM image [AS name]`

use nom::bytes::complete::take_while;
use nom::character::complete::satisfy;
use nom::combinator::{all_consuming, recognize};
use nom::{IResult, Parser};

use crate::dockerfile::ast::From;
use crate::dockerfile::grammar::{Parts, words};
use crate::dockerfile::reading::Reading;
use crate::dockerfile::wording::shown;

/// The arguments of `FROM`: an image, or an image, `AS` in any case, and a name.
pub(super) fn from(parts: Parts<'_>, reading: &mut Reading<'_>) -> From {
    let words = words::blank_separated(parts.arguments);
    let is_as = words.get(1).is_some_and(|word| word.text().eq_ignore_ascii_case("as"));
    match words.as_slice() {
        [_] => {}
        [_, _, name] if is_as => {
            let lower = name.text().to_lowercase();
            if all_consuming(stage_name).parse(lower.as_str()).is_err() {
                let message = format!(
                    "invalid name for build stage: \"{}\", name can't start with a number or contain symbols",
                    shown(name.text())
                );
                reading.refuse(name.span(), message);
            }
        }
        [] => reading.refuse(parts.keyword.span, "FROM requires either one or three arguments"),
        [_, rest @ ..] => {
            let span = rest.iter().fold(rest[0].span(), |span, word| span.cover(word.span()));
            let help = match rest {
                [only] if only.text().eq_ignore_ascii_case("as") => "write the stage's name after AS",
                [word, ..] if word.text().starts_with('#') => "a comment needs a line of its own",
                [word, ..] if word.text().starts_with("--") => "flags stand before the image",
                _ => "write `FROM image` or `FROM image AS name`",
            };
            let message = "FROM requires either one or three arguments";
            reading.refuse_with(span, message, Some(help.to_owned()));
        }
    }
    let name = words.get(2).filter(|_| is_as).cloned();
    let nothing = || parts.arguments.slice(0..0);
    From { image: words.first().cloned().unwrap_or_else(nothing), name }
}

/// `[a-z][a-z0-9-_.]*`
fn stage_name(input: &str) -> IResult<&str, &str> {
    let rest = take_while(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c));
    recognize((satisfy(|c| c.is_ascii_lowercase()), rest)).parse(input)
}
