use std::collections::HashMap;

use lint_parser::compose::ast::scalar::PortRange;

use crate::model::project::ports::{HostAddress, PublishedPort, published};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "override-appends-ports",
        docs: "An override publishes a port once more instead of narrowing it.

## Why
Compose appends the `ports` of a later file, or of a service that extends another. `127.0.0.1:8080:80` over `8080:80` does not take
its place: both are published, so the port stays open on every address of the host, or the engine refuses the second.

## Instead
Mark the list: `ports: !override`, and repeat in it what is to stay. Or leave `ports` out of the base.

## Fix safety
The fix is unsafe: all ports of the earlier file are gone, not only this one.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

/// Ports that lead to the same ports in the container where their ranges of the host overlap.
#[derive(PartialEq, Eq, Hash)]
enum Lane {
    /// As far from those in the container, over TCP or not.
    Pairs(i32, bool),
    /// One port in the container, on any one of a range.
    Pool(PortRange, PortRange, bool),
}

/// With how many ports of its lane each is compared.
const MAX_NEIGHBOURS: usize = 64;

fn lane(port: &PublishedPort<'_>) -> Option<Lane> {
    let (published, target) = (port.published?, port.target?);
    Some(match published.count() == target.count() {
        true => Lane::Pairs(i32::from(published.first) - i32::from(target.first), port.is_tcp()),
        false => Lane::Pool(published, target, port.is_tcp()),
    })
}

/// `!override` before the list that the port stands in.
fn replaced(subject: &ServiceSubject<'_>, port: &PublishedPort<'_>) -> Option<Fix> {
    let editor = subject.editor();
    let key = editor.key_of_list(port.origin)?;
    Some(editor.tag_value(key, "!override")?.unsafely("Replace the list with `!override`"))
}

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let ports = published(subject.service);
    let mut open: HashMap<Lane, Vec<&PublishedPort<'_>>> = HashMap::new();
    for port in ports.iter().filter(|port| port.address == HostAddress::All) {
        if let Some(lane) = lane(port) {
            open.entry(lane).or_default().push(port);
        }
    }
    for port in ports.iter().filter(|port| port.address == HostAddress::One) {
        let neighbours = lane(port).and_then(|lane| open.get(&lane));
        let overlaps = |earlier: &&&PublishedPort<'_>| {
            let ranges = earlier.published.zip(port.published);
            ranges.is_some_and(|(one, other)| one.first <= other.last && other.first <= one.last)
        };
        let earlier = neighbours.and_then(|ports| ports.iter().take(MAX_NEIGHBOURS).find(overlaps));
        let Some(earlier) = earlier.filter(|earlier| earlier.origin.source != port.origin.source) else {
            continue;
        };
        subject
            .report_at(cx, port.origin, "this is added, and the port stays published on every address too")
            .label(subject.project.place(earlier.origin), "on every address of the host")
            .maybe_fix(replaced(subject, port))
            .help("write `ports: !override` to replace the list");
    }
}
