use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, Instruction, InstructionKind};
use lint_parser::text::span::Span;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "malformed-exec-form",
        docs: r"A command looks like a JSON array and is none.

## Why
What is no valid JSON is a shell command to Docker, without a word of warning: single quotes, a comma at
the end or a `\` that JSON does not know turn `['node', 'server.js']` into a call of the program
`[node,`, which fails when the container starts. Of `VOLUME ['/data']` comes a volume of the name `['/data']`, and
`COPY` looks for files with brackets and quotes in their names.

## Instead
Write valid JSON: double quotes around every word, commas between them, `\\` for a `\`.

## Fix safety
The command is then run as it is meant to be.
",
        severity: Severity::Medium,
        references: &[Reference::Tally("tally/invalid-json-form")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

const HELP: &str = "put every word in double quotes, with commas between them";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let instruction = match &subject.instruction.kind {
        InstructionKind::Onbuild(Some(trigger)) => trigger,
        _ => subject.instruction,
    };
    let words = match &instruction.kind {
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => copy.sources.first(),
        InstructionKind::Volume(words) => words.first(),
        _ => None,
    };
    if let Some(first) = words {
        if is_open_array(first.text()) {
            cx.report(
                subject.place(first.span()),
                "this is no valid JSON, so the brackets and quotes are part of the paths",
            )
            .help(HELP)
            .maybe_fix(mended(subject, instruction));
        }
        return;
    }
    let line = match &instruction.kind {
        InstructionKind::Run(run) if !run.script => &run.command,
        InstructionKind::Cmd(line)
        | InstructionKind::Entrypoint(line)
        | InstructionKind::Healthcheck(Healthcheck::Cmd(line)) => line,
        _ => return,
    };
    let CommandLine::Shell(text) = line else { return };
    let written = text.text().trim();
    if is_open_array(written) && written.contains([']', ',']) && !is_test(written) {
        cx.report(subject.place(text.span()), "this is no valid JSON, so a shell runs it as it stands")
            .help(HELP)
            .maybe_fix(mended(subject, instruction));
    }
}

/// The array that is meant, where quotes and commas are all that is wrong with it.
fn mended(subject: &InstructionSubject<'_>, instruction: &Instruction) -> Option<Fix> {
    let file = &subject.plan.dockerfile.file;
    let written = file.slice(instruction.arguments.span());
    let start = instruction.arguments.span().start() + written.find('[')?;
    let written = written.get(written.find('[')?..)?.trim_end();
    if written.contains(['\n', '\\', '`', '$']) {
        return None;
    }
    let quotes = ['\'', '"', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];
    let inner = written.strip_prefix('[')?;
    let inner = inner.strip_suffix(']').unwrap_or(inner);
    // Between quotes are the words, and between these commas and blanks.
    let parts: Vec<&str> = inner.split(quotes).collect();
    if parts.len().is_multiple_of(2) {
        return None;
    }
    let is_between = |part: &&str| part.trim().is_empty() || part.trim() == ",";
    let is_word = |part: &&str| !part.trim().is_empty() && part.trim() != "," && *part == part.trim();
    let (between, words): (Vec<_>, Vec<_>) = parts.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    if !between.iter().all(|(_, part)| is_between(part)) || !words.iter().all(|(_, part)| is_word(part)) {
        return None;
    }
    let words: Vec<String> = words.iter().map(|(_, word)| format!("\"{word}\"")).collect();
    let edit =
        subject.edits().replace(Span::new(start, start + written.len()), format!("[{}]", words.join(", ")));
    Fix::of("Write it as JSON", Applicability::Unsafe, [edit])
}

/// Whether it starts as an array of strings does, with whatever quotes.
fn is_open_array(text: &str) -> bool {
    let rest = text.strip_prefix('[').map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with(['\'', '"', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}']))
}

/// `[ "$a" = b ]`, the shell's own.
fn is_test(written: &str) -> bool {
    let compares = [" = ", " == ", " != ", " -"].iter().any(|operator| written.contains(operator));
    written.starts_with("[ ") && (compares || !written.contains(','))
}
