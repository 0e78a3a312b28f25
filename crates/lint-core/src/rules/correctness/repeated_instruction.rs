use lint_parser::dockerfile::ast::{Instruction, InstructionKind};

use crate::rule::prelude::*;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "repeated-instruction",
        docs: "A stage has two of `CMD`, `ENTRYPOINT` or `HEALTHCHECK`.

## Why
The last one alone counts. The earlier one does nothing, which its author may not know.

## Instead
Delete the earlier one, or run both commands in one.

## Fix safety
The instruction has no effect, so that nothing changes.

## Limits
The earlier one is reported, as in BuildKit, since it is the one without effect; other linters point at
the later. A stage that replaces what it inherits from another is not meant.
",
        severity: Severity::Medium,
        references: &[
            Reference::Hadolint("DL4003"),
            Reference::Hadolint("DL4004"),
            Reference::Hadolint("DL3012"),
            Reference::BuildKit("MultipleInstructionsDisallowed"),
            Reference::Trivy("DS-0016"),
            Reference::Trivy("DS-0007"),
            Reference::Trivy("DS-0023"),
            Reference::Semgrep("multiple-cmd-instructions"),
            Reference::Semgrep("multiple-entrypoint-instructions"),
            Reference::Kics("Multiple CMD Instructions Listed"),
            Reference::Kics("Multiple ENTRYPOINT Instructions Listed"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let mut last: [Option<&Instruction>; 3] = [None; 3];
    let plan = subject.plan;
    for subject in subject.instructions() {
        let place = match subject.instruction.kind {
            InstructionKind::Cmd(_) => 0,
            InstructionKind::Entrypoint(_) => 1,
            InstructionKind::Healthcheck(_) => 2,
            _ => continue,
        };
        let Some(earlier) = last[place].replace(subject.instruction) else { continue };
        let keyword = earlier.keyword.value.to_uppercase();
        cx.report(
            subject.place(earlier.span),
            format!("this `{keyword}` has no effect, since the stage has a later one"),
        )
        .label(subject.place(subject.instruction.keyword.span), "the later one")
        .help("delete it")
        .maybe_fix(Fix::of(
            "Delete it",
            Applicability::Safe,
            [Edits::of(plan).remove_instruction(earlier)],
        ));
    }
}
