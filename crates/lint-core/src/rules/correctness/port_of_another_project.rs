use std::collections::HashSet;

use crate::model::repository::{Repository, Why};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "port-of-another-project",
        docs: "Two projects that run side by side publish the same port of the host.

## Why
Only one of them can have it. Whichever is started second fails with \"port is already allocated\", and which one that is depends on
who started what, and after a reboot on chance.

## Instead
Publish one of them on another port, or on another address of the host. What only the other project's containers need is not
published at all: they reach it through a network that both are in.

## Limits
That two projects publish one port is no fault by itself: many repositories show one thing in several ways. Reported is what is
shown to run together: a script or Makefile starts both and stops neither, or one project is in a network, or has a volume, that the
other one makes, or both are in a network from outside. With the strict profile also, as low, what nothing shows to be alternatives
or examples, in repositories of few projects. Services of profiles are left out, and so are ports that a variable chooses.
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
        for (first, second) in
            pair.one.ports.iter().flat_map(|one| pair.other.ports.iter().map(move |two| (one, two)))
        {
            let is_said = !(first.is_default || second.is_default);
            let Some(port) = first.meets(second).filter(|_| is_certain || is_said) else { continue };
            let (taken, claimed) = (&first.claimed, &second.claimed);
            if !told.insert((claimed.place.file.name(), claimed.place.span.start())) {
                continue;
            }
            let by_default = if is_said { "" } else { " by default" };
            let other = taken.service.as_deref().unwrap_or_default();
            let file = taken.place.file.name();
            let mut draft = cx
                .report(
                    claimed.place.clone(),
                    format!("port {port} of the host is{by_default} published by `{other}` of `{file}` too"),
                )
                .service(claimed.service.as_deref())
                .label(taken.place.clone(), format!("published by `{other}` here"))
                .help(format!("{}; publish one of them on another port or address", pair.why.shown()));
            for scope in &claimed.scopes {
                draft = draft.scope(scope.clone());
            }
            if !is_certain {
                draft.at_most(Severity::Low);
            }
        }
    }
}
