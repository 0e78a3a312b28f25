use crate::rule::check::UnusedDockerfile;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unused-dockerfile",
        docs: "No service builds the Dockerfile, though it lies where services are built.

## Why
A Dockerfile that is left over is kept up, scanned and trusted for nothing, or is the one that was meant to be
built: then what runs is something else than what is looked after.

## Instead
Name it in the service's `build.dockerfile`, or delete it.

## Limits
Only Dockerfiles directly in a build context, or beside one that is built, are judged, and only among the
files that are linted. One that a script, a Makefile, a workflow or a bake file of the tree builds, or may
build, is used, and so is a link. Where a build depends on something that could not be read, nothing is
said.

## When to allow it
Something builds it that no file here shows; `images` in the configuration says so once.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        ..super::DEFAULTS
    },
    checks: &[Check::UnusedDockerfile(check)],
};

fn check(unused: &UnusedDockerfile<'_>, cx: &mut Context<'_>) {
    let UnusedDockerfile { plan, near } = unused;
    let Some(first) = plan.stages.first() else { return };
    cx.report(
        Place::new(&plan.dockerfile.file, first.from_span),
        "no service builds this Dockerfile, and no script here does",
    )
    .label((*near).clone(), "services are built here")
    .help("name it in `build.dockerfile`, or delete it");
}
