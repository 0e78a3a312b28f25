use lint_parser::compose::value::Origin;

use crate::model::build::stage::ImageHealthcheck;
use crate::model::container::absent_programs::{Fetcher, lacks};
use crate::model::container::{Container, Image};
use crate::model::runs::{By, Program};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-healthcheck-program",
        docs: "The health check runs `curl` or `wget`, which the image does not have.

## Why
The check fails whatever the program does: the container is never healthy, services that wait for it do not
start, and an orchestrator restarts it for ever.

## Instead
Check with what the image has: its own interpreter, a small program of your own, `wget` in Alpine's images. Or
install the program.

## Limits
Reported only where nothing can have brought the program: images built on `scratch`, distroless, Alpine,
Debian, Ubuntu and the small variants of Python, Node.js, Ruby and Go, whose build installs no package of
the distribution and copies nothing where programs are looked for, and without a volume in the service.
",
        severity: Severity::Medium,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("4.6"), Reference::cis("5.27")],
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some((place, program)) = only_fetcher(container) else { return };
    if !lacks(container, program) {
        return;
    }
    let name = program.name();
    let draft = cx
        .report(place, format!("the image has no `{name}`, so this check always fails"))
        .help(format!("check with a program the image has, or install `{name}`"));
    match (&container.image, container.target(), container.service) {
        (_, Some((plan, stage)), service) => {
            let root = plan.root_of(stage);
            let draft =
                draft.label(Place::new(&plan.dockerfile.file, root.base_span), "the image it begins with");
            if let Some(of) = service {
                draft.label(of.project.place(of.service.key), "of this service");
            }
        }
        (Image::Named { .. }, None, Some(of)) => {
            if let Some(image) = &of.service.spec.image {
                draft.label(of.project.place(image.origin), "the image it runs");
            }
        }
        _ => {}
    }
}

/// The program of a health check that runs one program only and fails with it, and the place of its name.
fn only_fetcher(container: &Container<'_>) -> Option<(Place, Fetcher)> {
    let mut found = Vec::new();
    let own = container.service.and_then(|of| of.service.spec.healthcheck.as_ref());
    let has_own = own.is_some_and(|healthcheck| healthcheck.value.test.is_some());
    if let (Some(of), true) = (container.service, has_own) {
        for program in of.service.programs().iter().filter(|program| program.by == By::Healthcheck) {
            let Some(source) = program.file else { continue };
            let place = of.project.place(Origin { source, span: program.name_span() });
            found.extend(step(program).map(|fetcher| (place, fetcher)));
        }
    } else {
        let off = own.is_some_and(|healthcheck| healthcheck.value.disable.is_some());
        let (plan, stage) = container.target().filter(|_| !off)?;
        let setting = stage.config.healthcheck.as_ref()?;
        if !matches!(setting.value, ImageHealthcheck::Check(_)) {
            return None;
        }
        for program in plan.programs(setting.origin.instruction) {
            let place = Place::new(&plan.dockerfile.file, program.name_span());
            found.extend(step(program).map(|fetcher| (place, fetcher)));
        }
    }
    match found.as_slice() {
        [(place, Some(program))] => Some((place.clone(), *program)),
        _ => None,
    }
}

/// A program that a health check runs; none for what only passes the failure of another on: `exit 1`, a `grep` behind
/// a pipe, the shell itself.
fn step(program: &Program) -> Option<Option<Fetcher>> {
    match program.name() {
        Some("exit") if program.args().first().is_none_or(|status| !status.is("0")) => None,
        Some("false" | "grep" | "sh" | "bash" | "ash") => None,
        name => Some(name.and_then(Fetcher::of_name)),
    }
}
