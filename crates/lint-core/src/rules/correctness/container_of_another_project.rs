use std::collections::HashSet;

use crate::model::repository::{Repository, Why};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "container-of-another-project",
        docs: "Two projects that run side by side give a container the same name.

## Why
A container's name is the engine's, not the project's: with `container_name: db` in both the second project is not started, since
\"the container name is already in use\".

## Instead
Leave `container_name` out. Compose calls the container after the project and the service, and other containers reach it by the
service's name all the same.

## Limits
Reported is what is shown to run together: a script or Makefile starts both and stops neither, or one project is in a network, or has
a volume, that the other one makes, or both are in a network from outside. With the strict profile also, as low, what nothing shows to
be alternatives or examples, in repositories of few projects. Services of profiles are left out.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Repository(check)],
};

fn check(repository: &Repository<'_>, cx: &mut Context<'_>) {
    let mut told = HashSet::new();
    for pair in &repository.pairs {
        let is_certain = pair.why != Why::Perhaps;
        if !is_certain && !cx.is_strict() {
            continue;
        }
        for claimed in &pair.other.containers {
            let Some(taken) = pair.one.containers.iter().find(|taken| taken.name == claimed.name) else {
                continue;
            };
            if !told.insert((claimed.place.file.name(), claimed.place.span.start())) {
                continue;
            }
            let (name, file) = (&claimed.name, taken.place.file.name());
            let mut draft = cx
                .report(claimed.place.clone(), format!("a container of `{file}` is called `{name}` too"))
                .service(claimed.service.as_deref())
                .label(taken.place.clone(), "the other one")
                .help(format!(
                    "{}; leave `container_name` out, and each has its project's name in its own",
                    pair.why.shown()
                ));
            for scope in &claimed.scopes {
                draft = draft.scope(scope.clone());
            }
            if !is_certain {
                draft.at_most(Severity::Low);
            }
        }
    }
}
