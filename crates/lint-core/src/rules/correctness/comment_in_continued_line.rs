use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, InstructionKind};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "comment-in-continued-line",
        docs: r"A comment behind a command swallows the lines after it.

## Why
Docker joins the lines of an instruction before the shell sees them. A `#` behind a command is then followed by all that comes
after it, in one line, and none of that is run. The build succeeds without it.

## Instead
Put the comment on a line of its own: those Docker takes out before it joins the lines.

## Fix safety
What the comment swallowed runs afterwards.

## Limits
A comment on the last line takes nothing with it, and is not reported. Heredocs keep their lines, and comments in them are
comments.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let command = match &subject.operation().kind {
        InstructionKind::Run(run) if subject.run().is_some() => &run.command,
        InstructionKind::Cmd(command)
        | InstructionKind::Entrypoint(command)
        | InstructionKind::Healthcheck(Healthcheck::Cmd(command))
            if subject.plan.script(subject.index).is_some() =>
        {
            command
        }
        // A shell of another kind has other comments.
        _ => return,
    };
    let CommandLine::Shell(line) = command else { return };
    let Some(at) = comment(line.text()) else { return };
    let file = &subject.plan.dockerfile.file;
    let start = line.span_of(at..at + 1).start();
    let number = file.line(start);
    let end = line_end(line, at, |offset| file.line(offset) > number);
    let Some(next) = line.text().get(end..).map(str::trim).filter(|rest| !rest.is_empty()) else { return };
    let lost = next.split_ascii_whitespace().find(|word| word.bytes().any(|b| b.is_ascii_alphanumeric()));
    let comment = line.text().get(at..end).unwrap_or_default().trim_end();
    let message = match lost {
        Some(lost) => {
            format!("the next lines are part of this comment: `{}` is not run", lost.escape_debug())
        }
        None => "the next lines are part of this comment".to_owned(),
    };
    subject
        .report(cx, Span::new(start, start + comment.len()), message)
        .help("put the comment on a line of its own")
        .maybe_fix(own_line(subject, Span::new(start, start + comment.len())));
}

/// The comment on a line above the one it ends, which then is continued before it.
fn own_line(subject: &InstructionSubject<'_>, comment: Span) -> Option<Fix> {
    let file = &subject.plan.dockerfile.file;
    let line = file.line_span(file.line(comment.start()));
    let before = file.slice(Span::new(line.start(), comment.start()));
    // A line that begins with it is a comment for BuildKit already.
    let indent = before.get(..before.len() - before.trim_start().len())?;
    let rest = file.slice(Span::new(comment.end(), line.end())).trim();
    let escape = subject.plan.dockerfile.tree.escape;
    let is_first = file.line(subject.instruction.span.start()) == file.line(comment.start());
    if indent.len() == before.len() || rest.len() != 1 || !rest.starts_with(escape) || is_first {
        return None;
    }
    let text = file.slice(comment).to_owned();
    let edits = subject.edits();
    let blanks = before.len() - before.trim_end().len();
    let kept = edits.replace(Span::new(comment.start() - blanks, comment.end()), "");
    let moved = edits.insert(line.start(), format!("{indent}{text}\n"));
    Fix::of("Put the comment on a line of its own", Applicability::Unsafe, [moved, kept])
}

/// Where the text of the comment's own line ends in the joined text.
fn line_end(line: &Mapped, at: usize, is_later: impl Fn(usize) -> bool) -> usize {
    let text = line.text();
    // Positions only grow, so the first on a later line is found by halving.
    let (mut low, mut high) = (at, text.len());
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        match is_later(line.span_of(middle..middle + 1).start()) {
            true => high = middle,
            false => low = middle,
        }
    }
    let last_is_later = text.len() > at && is_later(line.span_of(text.len() - 1..text.len()).start());
    if last_is_later { high } else { text.len() }
}

/// Where a shell sees a comment begin. The text is one line, so that the comment ends with it, also inside `$(…)`.
fn comment(text: &str) -> Option<usize> {
    // Nearly all texts are told here: none of `${#list}`, `#!/bin/sh` in quotes and their like begins one.
    let bytes = text.as_bytes();
    let may_be = |at: usize| {
        at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|&byte| begins_word(byte))
    };
    memchr::memchr_iter(b'#', bytes).find(|&at| may_be(at))?;
    let mut quote = None;
    let mut escaped = false;
    let mut may_begin = true;
    for (at, c) in text.char_indices() {
        if escaped {
            (escaped, may_begin) = (false, false);
            continue;
        }
        match (c, quote) {
            ('\\', Some('"') | None) => escaped = true,
            ('"' | '\'' | '`', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            ('#', None) if may_begin => return Some(at),
            _ => {}
        }
        may_begin = quote.is_none() && u8::try_from(c).is_ok_and(begins_word);
    }
    None
}

/// Whether what follows this byte begins a word.
fn begins_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b';' | b'&' | b'|' | b'(' | b')')
}
