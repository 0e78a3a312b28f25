use lint_parser::dockerfile::ast::InstructionKind;

use crate::finding::fix::Fix;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "stage-name-casing",
        docs: "A stage's name has upper-case letters.

## Why
BuildKit lower-cases the name where `AS` gives it. `COPY --from=Builder` still finds it, but
`FROM Builder` does not: there the name is compared as it is written, and refused as that of an image.

## Instead
Name stages in lower case.

## Fix safety
BuildKit lower-cases the name itself, so the build stays the same.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[Reference::BuildKit("StageNameCasing")],
        fixable: Fixable::Always(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let Some(from) = subject.plan.instruction(subject.stage.from) else { return };
    let InstructionKind::From(from) = &from.kind else { return };
    let Some(name) = &from.name else { return };
    let lower = name.text().to_lowercase();
    if lower == name.text() {
        return;
    }
    let place = subject.place(name.span());
    cx.report(place.clone(), format!("the stage's name `{}` is not lower case", name.text()))
        .help(format!("name it `{lower}`"))
        .fix(Fix::replace(format!("Name the stage `{lower}`"), place, lower));
}
