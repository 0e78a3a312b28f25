use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "copied-from-own-stage",
        docs: r#"`COPY --from` names the stage it stands in.

## Why
A stage cannot copy from itself: BuildKit stops with "circular dependency detected".

## Instead
Name another stage, or use `RUN cp` to copy within the stage.
"#,
        severity: Severity::High,
        references: &[
            Reference::Hadolint("DL3023"),
            Reference::Trivy("DS-0006"),
            Reference::Semgrep("copy-from-own-alias"),
            Reference::Kics("COPY '--from' References Current FROM Alias"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !matches!(subject.instruction.kind, InstructionKind::Copy(_)) {
        return;
    }
    let Some(from) = subject.instruction.flag("from").and_then(|flag| flag.value.as_ref()) else { return };
    let text = from.text();
    let own_index = text.parse() == Ok(subject.stage.index);
    let own_name = subject.stage.name.as_ref().is_some_and(|name| *name == text.to_lowercase());
    // Of several stages of one name the last is meant.
    let last = subject.plan.names.get(&text.to_lowercase()) == Some(&subject.stage.index);
    if own_index || (own_name && last) {
        cx.report(subject.place(from.span()), "this is the stage the instruction stands in")
            .help("name another stage, or use `RUN cp`");
    }
}
