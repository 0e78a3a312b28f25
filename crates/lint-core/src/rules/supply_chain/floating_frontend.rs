use lint_parser::dockerfile::ast::Directive;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

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

## Fix safety
`docker/dockerfile:1` is what `latest` is today.

## Limits
Docker's own frontend, a mirror of it included, is reported as low, and only where it has no tag or `latest`.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("4.2"), Reference::Cwe(829), Reference::Owasp("#13"), Reference::Nist("4.1.5")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

/// The version in the place of `latest`, or behind a name without a tag.
fn pinned(plan: &BuildPlan, syntax: &Directive) -> Option<Fix> {
    let written = plan.dockerfile.file.slice(syntax.value.span);
    let text = written.split_whitespace().next()?;
    let name = text.strip_suffix(":latest").unwrap_or(text);
    let span = Span::new(syntax.value.span.start(), syntax.value.span.start() + text.len());
    let edit = Edits::of(plan).replace(span, format!("{name}:1"));
    Fix::of(format!("Write `{name}:1`"), Applicability::Safe, [edit])
}

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
            .help("write `docker/dockerfile:1`")
            .maybe_fix(pinned(plan, syntax));
    }
}
