//! What BuildKit refuses after parsing, as far as that shows without the value of any variable.
//!
//! How many arguments an instruction takes is the grammars' concern; here stand flags, the order of the file,
//! and values that are written out.

mod flags;
mod mounts;
mod values;

use crate::dockerfile::ast::{Copy, Dockerfile, Instruction, InstructionKind, Pair};
use crate::dockerfile::wording::shown;
use crate::dockerfile::{check, expansion};
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;
use crate::text::near::closest;
use crate::text::span::Span;

/// The keywords of all instructions, in capitals.
pub const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Notes what is wrong with a whole tree.
pub(super) fn validate(tree: &Dockerfile, errors: &mut Vec<SyntaxError>) {
    for directive in tree.directives.iter().filter(|directive| directive.name.value == "check") {
        errors.extend(check::parse(&directive.value).err());
    }
    structure(tree, errors);
    let stages = tree.instructions.iter().filter(|i| matches!(i.kind, InstructionKind::From(_))).count();
    for instruction in &tree.instructions {
        flags::check(instruction, errors);
        words(instruction, tree.escape, errors);
        match &instruction.kind {
            InstructionKind::Unknown => errors.push(unknown(instruction)),
            InstructionKind::Run(run) => mounts::check(run, errors),
            InstructionKind::Copy(copy) => {
                values::copy_from(instruction, stages, errors);
                values::copy_sources(copy, errors);
                values::chmod(instruction, errors);
            }
            InstructionKind::Add(copy) => {
                values::checksum(instruction, copy, errors);
                values::chmod(instruction, errors);
            }
            InstructionKind::Expose(ports) => values::ports(ports, tree.escape, errors),
            _ => {}
        }
    }
}

/// The error of an instruction that BuildKit parsed and then refused.
fn refused(span: Span, message: impl Into<String>) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::Instruction, span, message)
}

/// The order of the file. BuildKit stops at the first fault, and one `FROM` mends them all, so one is noted.
fn structure(tree: &Dockerfile, errors: &mut Vec<SyntaxError>) {
    let Some(last) = tree.instructions.last() else {
        errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, Span::at(0), "file with no instructions"));
        return;
    };
    let mut first = tree.instructions.iter();
    // An unknown keyword is noted as such: `FORM alpine` has one fault, not one for each line after it.
    let first = first.find(|i| !matches!(i.kind, InstructionKind::Arg(_)));
    match first {
        None => {
            errors.push(refused(last.span, "dockerfile contains no stages to build").with_help("add a FROM"))
        }
        Some(Instruction { kind: InstructionKind::From(_) | InstructionKind::Unknown, .. }) => {}
        Some(other) => errors.push(
            refused(other.keyword.span, "no build stage in current context")
                .with_help("only ARG may stand before the first FROM"),
        ),
    }
}

fn unknown(instruction: &Instruction) -> SyntaxError {
    let word = &instruction.keyword;
    let error = refused(word.span, format!("unknown instruction: {}", shown(&word.value)));
    match closest(&word.value, KEYWORDS) {
        // As it is written elsewhere in the line: `form` is `from`.
        Some(guess) if word.value.bytes().any(|b| b.is_ascii_lowercase()) => {
            error.with_guess(word.span, "", &guess.to_ascii_lowercase())
        }
        Some(guess) => error.with_guess(word.span, "", guess),
        None => error,
    }
}

/// Quotes and variables in the words BuildKit expands.
fn words(instruction: &Instruction, escape: char, errors: &mut Vec<SyntaxError>) {
    let mut word = |text: &Mapped| errors.extend(expansion::parse(text, escape).err());
    let mut pairs = |pairs: &[Pair], keys: bool| {
        for pair in pairs {
            let key = Some(&pair.key).filter(|_| keys);
            key.into_iter().chain(&pair.value).for_each(&mut word);
        }
    };
    match &instruction.kind {
        InstructionKind::Env(list) | InstructionKind::Label(list) => pairs(list, true),
        InstructionKind::Arg(list) => pairs(list, false),
        InstructionKind::From(from) => word(&from.image),
        InstructionKind::Copy(Copy { sources, destination, .. })
        | InstructionKind::Add(Copy { sources, destination, .. }) => {
            sources.iter().chain(destination).for_each(word);
            let bodies = instruction.heredocs.iter().filter(|heredoc| heredoc.expand);
            errors.extend(bodies.filter_map(|heredoc| {
                let error = expansion::parse_body(&heredoc.content).err()?;
                let name = shown(&heredoc.name.value);
                Some(error.with_help(format!(
                    "BuildKit replaces variables in this text; `<<'{name}'` has it copied as it stands"
                )))
            }));
        }
        InstructionKind::Expose(list) | InstructionKind::Volume(list) => list.iter().for_each(word),
        InstructionKind::User(text) | InstructionKind::Workdir(text) | InstructionKind::Stopsignal(text) => {
            word(text);
        }
        InstructionKind::Run(run) => {
            run.mounts
                .iter()
                .flat_map(|mount| &mount.options)
                .filter_map(|o| o.value.as_ref())
                .for_each(word);
        }
        InstructionKind::Cmd(_)
        | InstructionKind::Entrypoint(_)
        | InstructionKind::Shell(_)
        | InstructionKind::Maintainer(_)
        | InstructionKind::Healthcheck(_)
        | InstructionKind::Onbuild(_)
        | InstructionKind::Unknown => {}
    }
}
