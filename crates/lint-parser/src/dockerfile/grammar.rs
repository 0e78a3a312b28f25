//! Arguments of instructions, one family a file, read by nom over the joined line.
//!
//! The grammars see plain `&str`; what they find is cut out of the [`Mapped`] line again by its offset, so a
//! word that a continuation runs through still knows both its halves. A part is always cut from the part that
//! holds it, never from the whole line: an empty part at a continuation would otherwise land behind it.

mod copy;
mod from;
mod healthcheck;
mod json;
pub(super) mod mount;
mod pairs;
pub(super) mod words;

use nom::bytes::complete::{take_till, take_while};
use nom::sequence::terminated;
use nom::{IResult, Parser};

use crate::dockerfile::ast::{CommandLine, Instruction, InstructionKind, Run};
use crate::dockerfile::flags;
use crate::dockerfile::reading::{Reading, range};
use crate::text::mapped::Mapped;
use crate::text::span::Spanned;

/// The keyword and arguments of an instruction, upper case, as the argument grammars want them.
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    keyword: &'a Spanned<String>,
    upper: &'a str,
    arguments: &'a Mapped,
}

/// Reads one joined line. The span is that of the line; the reader widens it over heredocs.
pub(super) fn instruction(line: &Mapped, reading: &mut Reading<'_>) -> Instruction {
    let line = line.trim();
    let text = line.text();
    let (rest, word) = keyword(text).unwrap_or((text, ""));
    let word = line.slice(range(text, word));
    let keyword = Spanned::new(word.text().to_owned(), word.span());
    let (rest, flags) = flags::flags(&line, rest);
    let arguments = line.slice(range(text, rest.trim()));
    let upper = keyword.value.to_ascii_uppercase();
    let parts = Parts { keyword: &keyword, upper: &upper, arguments: &arguments };
    let kind = kind(parts, &flags, reading);
    let span = line.span();
    Instruction { span, keyword, flags, arguments, kind, heredocs: Vec::new(), blank_lines: Vec::new() }
}

fn kind(
    parts: Parts<'_>,
    flags: &[crate::dockerfile::ast::Flag],
    reading: &mut Reading<'_>,
) -> InstructionKind {
    let arguments = parts.arguments;
    match parts.upper {
        "FROM" => InstructionKind::From(from::from(parts, reading)),
        "RUN" => {
            let command = command(arguments, reading);
            InstructionKind::Run(Run { command, mounts: mount::mounts(flags), script: false })
        }
        "CMD" => InstructionKind::Cmd(command(arguments, reading)),
        "ENTRYPOINT" => InstructionKind::Entrypoint(command(arguments, reading)),
        "SHELL" => InstructionKind::Shell(shell(parts, reading)),
        "COPY" => InstructionKind::Copy(copy::copy(parts, reading)),
        "ADD" => InstructionKind::Add(copy::copy(parts, reading)),
        "ENV" => InstructionKind::Env(pairs::env(parts, reading)),
        "LABEL" => InstructionKind::Label(pairs::env(parts, reading)),
        "ARG" => InstructionKind::Arg(pairs::arg(parts, reading)),
        "EXPOSE" => {
            need_argument(parts, reading);
            InstructionKind::Expose(words::blank_separated(arguments))
        }
        "VOLUME" => InstructionKind::Volume(copy::volume(parts, reading)),
        "USER" => InstructionKind::User(whole(parts, reading)),
        "WORKDIR" => InstructionKind::Workdir(whole(parts, reading)),
        "STOPSIGNAL" => InstructionKind::Stopsignal(whole(parts, reading)),
        "MAINTAINER" => InstructionKind::Maintainer(whole(parts, reading)),
        "HEALTHCHECK" => InstructionKind::Healthcheck(healthcheck::healthcheck(parts, reading)),
        "ONBUILD" => InstructionKind::Onbuild(onbuild(parts, reading)),
        _ => InstructionKind::Unknown,
    }
}

/// The keyword, which ends at the first run of blanks; other white space is part of it.
fn keyword(input: &str) -> IResult<&str, &str> {
    terminated(take_till(is_blank), take_while(is_blank)).parse(input)
}

/// Exec form where the text is a JSON array, else shell form.
fn command(arguments: &Mapped, reading: &mut Reading<'_>) -> CommandLine {
    match json::strings(arguments, reading) {
        Some(words) => CommandLine::Exec { span: arguments.span(), words },
        None => CommandLine::Shell(arguments.clone()),
    }
}

fn shell(parts: Parts<'_>, reading: &mut Reading<'_>) -> CommandLine {
    let before = reading.errors.len();
    let command = command(parts.arguments, reading);
    if reading.errors.len() > before {
        return command;
    }
    match &command {
        CommandLine::Exec { words, .. } if !words.is_empty() => {}
        CommandLine::Shell(text) if !text.is_empty() => reading.refuse_with(
            text.span(),
            "SHELL requires the arguments to be in JSON form",
            Some("write `SHELL [\"program\", \"argument\"]`".to_owned()),
        ),
        _ => reading.refuse(parts.keyword.span, "SHELL requires at least one argument"),
    }
    command
}

/// The arguments of an instruction that takes the rest of the line.
fn whole(parts: Parts<'_>, reading: &mut Reading<'_>) -> Mapped {
    if parts.arguments.is_empty() {
        let message = format!("{} requires exactly one argument", parts.upper);
        reading.refuse(parts.keyword.span, message);
    }
    parts.arguments.clone()
}

/// Notes missing arguments; says whether there are some.
fn need_argument(parts: Parts<'_>, reading: &mut Reading<'_>) -> bool {
    if parts.arguments.is_empty() {
        let message = format!("{} requires at least one argument", parts.upper);
        reading.refuse(parts.keyword.span, message);
    }
    !parts.arguments.is_empty()
}

/// The trigger of `ONBUILD`. One inside a trigger is refused and not taken apart: a line can hold thousands.
fn onbuild(parts: Parts<'_>, reading: &mut Reading<'_>) -> Option<Box<Instruction>> {
    if !need_argument(parts, reading) || reading.trigger {
        return None;
    }
    let mut inner = Reading { escape: reading.escape, trigger: true, errors: reading.errors };
    let trigger = instruction(parts.arguments, &mut inner);
    let upper = trigger.keyword.value.to_ascii_uppercase();
    match upper.as_str() {
        "ONBUILD" => {
            let message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
            reading.refuse(trigger.keyword.span, message);
        }
        "FROM" | "MAINTAINER" => {
            let message = format!("{upper} isn't allowed as an ONBUILD trigger");
            reading.refuse(trigger.keyword.span, message);
        }
        _ => {}
    }
    Some(Box::new(trigger))
}

/// What separates keyword and words. The newline cannot occur in a joined line.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\x0b' | '\x0c' | '\r' | ' ')
}
