//! `HEALTHCHECK NONE` and `HEALTHCHECK CMD command`

use nom::bytes::complete::{take_till, take_while};
use nom::combinator::rest;
use nom::sequence::separated_pair;
use nom::{IResult, Parser};

use crate::dockerfile::ast::{CommandLine, Healthcheck};
use crate::dockerfile::grammar::{Parts, command, need_argument};
use crate::dockerfile::reading::{Reading, range};
use crate::dockerfile::wording::shown;

/// The arguments of `HEALTHCHECK`.
pub(super) fn healthcheck(parts: Parts<'_>, reading: &mut Reading<'_>) -> Healthcheck {
    let whole = parts.arguments.text();
    if !need_argument(parts, reading) {
        return Healthcheck::Invalid;
    }
    let (_, (kind, arguments)) = typed(whole).unwrap_or(("", (whole, "")));
    let kind = parts.arguments.slice(range(whole, kind));
    let arguments = parts.arguments.slice(range(whole, arguments));
    let before = reading.errors.len();
    let command = command(&arguments, reading);
    let faulty = reading.errors.len() > before;
    match kind.text().to_ascii_uppercase().as_str() {
        "NONE" => {
            if !arguments.is_empty() && !faulty {
                reading.refuse(arguments.span(), "HEALTHCHECK NONE takes no arguments");
            }
            Healthcheck::None { span: kind.span() }
        }
        "CMD" => {
            let missing = match &command {
                CommandLine::Exec { words, .. } => words.is_empty(),
                CommandLine::Shell(text) => text.is_empty(),
            };
            if missing {
                reading.refuse(kind.span(), "Missing command after HEALTHCHECK CMD");
            }
            Healthcheck::Cmd(command)
        }
        _ => {
            let message =
                format!("Unknown type \"{}\" in HEALTHCHECK (try CMD)", shown(&kind.text().to_uppercase()));
            let help = kind.text().starts_with("--").then(|| "flags stand before CMD".to_owned());
            reading.refuse_with(kind.span(), message, help);
            Healthcheck::Invalid
        }
    }
}

fn typed(input: &str) -> IResult<&str, (&str, &str)> {
    separated_pair(take_till(char::is_whitespace), take_while(char::is_whitespace), rest).parse(input)
}
