use lint_parser::dockerfile::ast::{Instruction, InstructionKind};

use crate::rule::prelude::*;
use crate::rule::subject::{InstructionSubject, StageSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "consecutive-runs",
        docs: "Two `RUN`s follow one another and could be one layer.

## Why
Every `RUN` is a layer. What one deletes that another has written is still in the image.

## Instead
One `RUN` with `&&`, or with a heredoc that begins with `set -e`.

## Limits
Only in the stages the image is made of: how many layers a builder has does not matter. `RUN`s with
different flags (`--mount`, `--network`) are meant to be apart, and so are those with a comment between them.
One finding for each row of `RUN`s.

## Fix safety
The fix joins `RUN`s that hold nothing but commands with `&&` between them. It is unsafe: the image has other layers, and what is
cached by itself today is made again with the rest.

## When to allow it
Where the first one is slow and seldom changes, and is better cached by itself. Because of that the rule
runs on request only.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        fixable: Fixable::Sometimes(UNSAFE),
        references: &[Reference::Hadolint("DL3059"), Reference::Tally("tally/prefer-run-heredoc")],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    let text = subject.plan.dockerfile.file.text();
    let mut rows: Vec<Vec<InstructionSubject<'_>>> = Vec::new();
    for next in subject.instructions() {
        let before = rows.last().and_then(|row| row.last()).map(|last| last.instruction);
        let follows = before.is_some_and(|before| {
            let between = text.get(before.span.end()..next.instruction.span.start()).unwrap_or("#");
            is_run(before)
                && is_run(next.instruction)
                && same_flags(before, next.instruction)
                && !between.lines().any(explains)
        });
        match rows.last_mut().filter(|_| follows) {
            Some(row) => row.push(next),
            None => rows.push(vec![next]),
        }
    }
    for row in rows.iter().filter(|row| row.len() > 1) {
        let Some(first) = row.first() else { continue };
        let pairs = row.iter().zip(row.iter().skip(1));
        let edits = pairs.map(|(one, next)| one.edits().join_runs(one.index, next.index));
        cx.report(
            subject.place(first.instruction.keyword.span),
            format!("{0} `RUN`s in a row make {0} layers", row.len()),
        )
        .help("join them with `&&` or a heredoc")
        .maybe_fix(Fix::of("Join them with `&&`", Applicability::Unsafe, edits));
    }
}

/// Whether a line is a comment that may say why the next `RUN` stands alone: one that silences a rule does not.
fn explains(line: &str) -> bool {
    let comment = line.trim_start().strip_prefix('#').map(str::trim_start);
    comment.is_some_and(|comment| !comment.starts_with("plimsoll:"))
}

fn is_run(instruction: &Instruction) -> bool {
    matches!(instruction.kind, InstructionKind::Run(_))
}

fn same_flags(a: &Instruction, b: &Instruction) -> bool {
    let text = |flag: &lint_parser::dockerfile::ast::Flag| {
        (flag.name.text().to_owned(), flag.value.as_ref().map(|value| value.text().to_owned()))
    };
    a.flags.iter().map(text).eq(b.flags.iter().map(text))
}
