use crate::model::repository::{Repository, Why};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "name-of-another-project",
        docs: "Two projects have the same name and a service of the same name.

## Why
Compose knows containers, networks and volumes by the names of their project and service. With the same for both, `docker compose up`
of one project takes the other one's container for an old one of its own, removes it, and starts its own on the other's volumes.
Where no `name` is written the project is called after its directory, so two directories called `docker` are enough.

## Instead
Write a `name` of its own into each, at the top of the file.

## Limits
Reported is what is shown to run together: a script or Makefile starts both and stops neither, or one project is in a network, or has
a volume, that the other one makes, or both are in a network from outside. With the strict profile also, as low, what nothing shows to
be alternatives or examples, in repositories of few projects. Nothing is said of projects that some command line gives another name
(`-p`), nor of several files in one directory.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Repository(check)],
};

fn check(repository: &Repository<'_>, cx: &mut Context<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for pair in &repository.pairs {
        let is_certain = pair.why != Why::Perhaps;
        if pair.is_renamed || (!is_certain && !cx.is_strict()) {
            continue;
        }
        let (Some((one, written)), Some((other, here))) = (&pair.one.name, &pair.other.name) else {
            continue;
        };
        let Some((taken, service)) = pair.shared_services().next().filter(|_| one == other) else { continue };
        let place = here.as_ref().unwrap_or(&service.place);
        if told.contains(&place.file.name()) {
            continue;
        }
        told.push(place.file.name());
        let file = taken.place.file.name();
        let draft = cx
            .report(
                place.clone(),
                format!(
                    "the project of `{file}` is called `{one}` too, and has a service `{}` as well",
                    service.name
                ),
            )
            .label(written.clone().unwrap_or_else(|| taken.place.clone()), "the other one")
            .scope(service.place.clone())
            .help(format!("{}; write a `name` of its own at the top of each", pair.why.shown()));
        if !is_certain {
            draft.at_most(Severity::Low);
        }
    }
}
