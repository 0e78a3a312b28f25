use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "sources-without-directory",
        docs: "Several sources are copied to a destination that is not written as a directory.

## Why
With more than one source the destination has to be a directory and end in `/`. The legacy builder refuses
anything else; BuildKit, where no directory of that name is in the image yet, writes each source over
the one before.

## Instead
End the destination in `/`.

## Fix safety
Docker refuses it without.
",
        severity: Severity::Medium,
        references: &[
            Reference::Hadolint("DL3021"),
            Reference::Trivy("DS-0011"),
            Reference::Kics("Copy With More Than Two Arguments Not Ending With Slash"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let instruction = subject.instruction;
    let (InstructionKind::Copy(copy) | InstructionKind::Add(copy)) = &instruction.kind else { return };
    if copy.sources.len() + instruction.heredocs.len() < 2 {
        return;
    }
    let Some(word) = &copy.destination else { return };
    let destination = subject.plan.expand(subject.index, word);
    let Some(path) = destination.text().filter(|path| !path.is_empty()) else { return };
    if path.ends_with(['/', '\\']) || path.rsplit('/').next().is_some_and(|last| matches!(last, "." | "..")) {
        return;
    }
    let keyword = instruction.keyword.value.to_uppercase();
    cx.report(subject.place(word.span()), format!("`{keyword}` of several sources needs a directory here"))
        .help("end the destination in `/`")
        .maybe_fix(Fix::of(
            "End the destination in `/`",
            Applicability::Safe,
            [subject.edits().replace_word(word.span(), path, format!("{path}/"))],
        ));
}
