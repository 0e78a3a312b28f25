use std::collections::HashSet;

use lint_parser::compose::ast::scalar::PortRange;

use crate::model::project::Project;
use crate::model::project::ports::{HostAddress, PublishedPort, published};
use crate::model::project::service::Service;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "port-conflict",
        docs: "A port of the host is published twice.

## Why
Only one can have it: of two services the engine refuses to start one, and which one that is changes from
start to start. A service that publishes a port twice itself does not start at all. Services that no profile
starts together do not conflict.

## Instead
Publish one of them on another port, or on another address of the host.

## Limits
A service that publishes a port on every address in one file and on one address in another is reported by
`override-appends-ports`.
",
        severity: Severity::High,
        references: &[Reference::Dclint("no-duplicate-exported-ports")],
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

/// How many pairs of overlapping ports are looked at; a real project has none.
const MOST_PAIRS: usize = 10_000;

struct Taken<'p> {
    service: &'p Service,
    port: PublishedPort<'p>,
    range: PortRange,
}

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut taken: Vec<Taken<'_>> = project
        .services
        .iter()
        .flat_map(|service| published(service).into_iter().map(move |port| (service, port)))
        .filter_map(|(service, port)| Some(Taken { service, range: certain(&port)?, port }))
        .collect();
    // Sorted by their first port, those that overlap one are near it.
    taken.sort_by_key(|taken| (taken.range.first, taken.port.origin));
    let mut pairs = 0;
    let mut told = HashSet::new();
    for (at, one) in taken.iter().enumerate() {
        for other in taken.iter().skip(at + 1).take_while(|other| other.range.first <= one.range.last) {
            pairs += 1;
            if pairs > MOST_PAIRS {
                return;
            }
            if conflicts(one, other) {
                let (first, second) =
                    if one.port.origin <= other.port.origin { (one, other) } else { (other, one) };
                if told.insert((&second.service.name, second.port.origin)) {
                    report(project, first, second, cx);
                }
            }
        }
    }
}

/// The ports that are certainly taken: not a range of which the engine chooses one.
fn certain(port: &PublishedPort<'_>) -> Option<PortRange> {
    let (published, target) = (port.published?, port.target?);
    (published.first > 0 && published.count() == target.count()).then_some(published)
}

fn conflicts(one: &Taken<'_>, other: &Taken<'_>) -> bool {
    one.port.is_tcp() == other.port.is_tcp()
        && addresses_meet(&one.port, &other.port)
        && match one.service.name == other.service.name {
            true => differ(&one.port, &other.port),
            false => one.service.can_run_with(other.service),
        }
}

/// Whether two ports of one service are no repetition, which Compose and the engine take for one.
fn differ(one: &PublishedPort<'_>, other: &PublishedPort<'_>) -> bool {
    let narrows = one.address != other.address && one.origin.source != other.origin.source;
    let same = one.published == other.published && one.target == other.target && one.address == other.address;
    !narrows && !same && one.port.mode == other.port.mode
}

fn addresses_meet(one: &PublishedPort<'_>, other: &PublishedPort<'_>) -> bool {
    let ip = |port: &PublishedPort<'_>| port.port.host_ip.as_ref().map(|ip| ip.value.as_str().to_owned());
    let is_six = |ip: &Option<String>| ip.as_ref().is_some_and(|ip| ip.contains(':'));
    let is_four = |ip: &Option<String>| ip.as_ref().is_some_and(|ip| !ip.is_empty() && !ip.contains(':'));
    let (first, second) = (ip(one), ip(other));
    if (is_six(&first) && is_four(&second)) || (is_four(&first) && is_six(&second)) {
        return false;
    }
    match (one.address, other.address) {
        (HostAddress::AllUnlessSet, _) | (_, HostAddress::AllUnlessSet) => false,
        (HostAddress::All, _) | (_, HostAddress::All) => true,
        (HostAddress::One, HostAddress::One) => first == second,
    }
}

/// Reports at the later of the two in the files.
fn report(project: &Project, first: &Taken<'_>, second: &Taken<'_>, cx: &mut Context<'_>) {
    let port = first.range.first.max(second.range.first);
    let message = match first.service.name == second.service.name {
        true => format!("this service publishes port {port} of the host already, and does not start"),
        false => format!("port {port} of the host is published by `{}` already", first.service.name),
    };
    let keys = second.service.keys.iter().map(|&key| project.place(key));
    let mut draft = cx
        .report(project.place(second.port.origin), message)
        .service(Some(&*second.service.name))
        .label(project.place(first.port.origin), format!("published by `{}` here", first.service.name))
        .help("publish one of them on another port or address");
    for key in keys {
        draft = draft.scope(key);
    }
}
