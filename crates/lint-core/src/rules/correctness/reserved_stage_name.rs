use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "reserved-stage-name",
        docs: "A stage is called `scratch` or `context`.

## Why
`FROM scratch` is the empty image and `context` is the build context. A stage of that name hides the
one or cannot be told from the other.

## Instead
Choose another name.
",
        severity: Severity::Medium,
        references: &[Reference::Hadolint("DL3063"), Reference::BuildKit("ReservedStageName")],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let Some(name @ ("scratch" | "context")) = subject.stage.name.as_deref() else { return };
    let Some(from) = subject.plan.instruction(subject.stage.from) else { return };
    let InstructionKind::From(from) = &from.kind else { return };
    let Some(written) = &from.name else { return };
    cx.report(subject.place(written.span()), format!("`{name}` already means something to BuildKit"))
        .help("choose another name for the stage");
}
