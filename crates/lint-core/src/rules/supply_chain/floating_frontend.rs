use lint_parser::image;
use lint_parser::text::mapped::Mapped;

use crate::model::build::BuildPlan;
use crate::model::kit::foreign::is_dockers_frontend;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "floating-frontend",
        docs: "The program that reads the Dockerfile may be another one tomorrow.

## Why
`# syntax=` names an image that BuildKit fetches and runs in place of its own parser. It sees the build context and
decides every step of the build, so that it can put anything into the image.

## Instead
`# syntax=docker/dockerfile:1`, which is Docker's own and stays compatible. Name one of somebody else by its digest.

## Limits
Docker's own frontend, a mirror of it included, is reported as low, and only where it has no tag or `latest`.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("4.2"), Reference::Cwe(829), Reference::Owasp("#13"), Reference::Nist("4.1.5")],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let directives = &plan.dockerfile.tree.directives;
    let Some(syntax) = directives.iter().find(|directive| directive.name.value == "syntax") else { return };
    // What stands behind the image are options for it.
    let Some(text) = syntax.value.value.split_whitespace().next() else { return };
    let Ok(reference) = image::parse(&Mapped::verbatim(text, 0)) else { return };
    if reference.digest.is_some() {
        return;
    }
    let name = reference.familiar_name();
    let place = Place::new(&plan.dockerfile.file, syntax.value.span);
    if !is_dockers_frontend(&reference.normalized_name()) {
        cx.report(
            place,
            format!("`{name}` decides what is built here, whatever its tag stands for at the time"),
        )
        .help("use `docker/dockerfile:1`, or add the image's digest");
    } else if reference.effective_tag() == Some("latest") {
        cx.report(place, format!("`{name}` without a version may read this file in another way tomorrow"))
            .at_most(Severity::Low)
            .help("write `docker/dockerfile:1`");
    }
}
