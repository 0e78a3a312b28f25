use std::collections::HashSet;

use crate::model::repository::claims::Claimed;
use crate::model::repository::{Neighbours, Repository, Why};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "resource-of-another-project",
        docs: "Two projects each say that a volume or a network of the same name is theirs.

## Why
There is one of that name in an engine. The project that is started second gets the first one's volume, with its data in it, and
Compose says no more than that it was \"not created for this project\"; a network with other labels it refuses. `docker compose down -v`
of either takes it from both.

## Instead
Where it is to be shared, let one project make it and write `external: true` in the other. Where it is not, leave `name` out: Compose
then puts the project's name in front.

## Limits
Reported is what is shown to run together: a script or Makefile starts both and stops neither, or one project is in a network, or has
a volume, that the other one makes, or both are in a network from outside. With the strict profile also, as low, what nothing shows to
be alternatives or examples, in repositories of few projects. Volumes with a driver of their own are left out.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Repository(check)],
};

fn check(repository: &Repository<'_>, cx: &mut Context<'_>) {
    let mut told = HashSet::new();
    for pair in
        repository.pairs.iter().filter(|pair| pair.why != Why::Perhaps || cx.is_strict()).collect::<Vec<_>>()
    {
        let (one, other) = (pair.one, pair.other);
        let kinds = [("volume", &one.volumes, &other.volumes), ("network", &one.networks, &other.networks)];
        for (kind, firsts, seconds) in kinds {
            for claimed in seconds.iter().filter(|claimed| is_theirs(pair, claimed)) {
                let taken = firsts.iter().find(|taken| taken.name == claimed.name && is_theirs(pair, taken));
                let Some(taken) = taken else { continue };
                if told.insert((claimed.place.file.name(), claimed.place.span.start())) {
                    report(kind, pair, taken, claimed, cx);
                }
            }
        }
    }
}

/// Whether a name is certainly the one that the engine knows. What follows from the names of the projects is told with these.
fn is_theirs(pair: &Neighbours<'_>, claimed: &Claimed) -> bool {
    !claimed.is_derived || !(pair.is_renamed || pair.shares_a_service())
}

fn report(kind: &str, pair: &Neighbours<'_>, taken: &Claimed, claimed: &Claimed, cx: &mut Context<'_>) {
    let (name, file) = (&claimed.name, taken.place.file.name());
    let way_out = match claimed.is_derived {
        true => "give one of the projects another `name`",
        false => "write `external: true` in one of them if both are to have it, or leave `name` out",
    };
    let mut draft = cx
        .report(claimed.place.clone(), format!("the {kind} `{name}` is made by `{file}` too"))
        .label(taken.place.clone(), "the other one")
        .help(format!("{}; {way_out}", pair.why.shown()));
    for scope in &claimed.scopes {
        draft = draft.scope(scope.clone());
    }
    if pair.why == Why::Perhaps {
        draft.at_most(Severity::Low);
    }
}
