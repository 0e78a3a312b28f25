use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::text::mapped::Mapped;

use crate::finding::fix::Fix;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "from-as-casing",
        docs: "`FROM` and its `AS` are written in different case.

## Why
`FROM base as builder` reads as if `as` were part of the image's name. BuildKit accepts either case and
warns of the mixture.

## Instead
Write both in one case: `FROM base AS builder`.

## Fix safety
Keywords mean the same in any case.

## Limits
A `From` that is itself of mixed case is left to `inconsistent-instruction-casing`.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[Reference::BuildKit("FromAsCasing")],
        fixable: Fixable::Always(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let Some(instruction) = subject.plan.instruction(subject.stage.from) else { return };
    let Some(word) = as_word(instruction) else { return };
    let keyword = instruction.keyword.value.as_str();
    let expected = if keyword == keyword.to_lowercase() {
        word.text().to_lowercase()
    } else if keyword == keyword.to_uppercase() {
        word.text().to_uppercase()
    } else {
        return;
    };
    if expected == word.text() {
        return;
    }
    let place = subject.place(word.span());
    cx.report(place.clone(), format!("`{}` does not match the case of `{keyword}`", word.text()))
        .label(subject.place(instruction.keyword.span), "written so")
        .help(format!("write `{expected}`"))
        .fix(Fix::replace(format!("Write `{expected}`"), place, expected));
}

/// The word between image and name.
fn as_word(instruction: &Instruction) -> Option<Mapped> {
    let InstructionKind::From(from) = &instruction.kind else { return None };
    let name = from.name.as_ref()?;
    let arguments = &instruction.arguments;
    let before = arguments.text().strip_suffix(name.text())?.trim_end();
    let start = before.len().checked_sub("as".len())?;
    Some(arguments.slice(start..before.len()))
}
