use std::collections::HashMap;

use crate::model::ports::{HostAddress, PublishedPort, published};
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "override-appends-ports",
        docs: "An override publishes a port once more instead of narrowing it.

## Why
Compose appends the `ports` of a later file, or of a service that extends another. `127.0.0.1:8080:80` over `8080:80` does not take
its place: both are published, so the port stays open on every address of the host, or the engine refuses the second.

## Instead
Mark the list: `ports: !override`, and repeat in it what is to stay. Or leave `ports` out of the base.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let ports = published(subject.service);
    let mut open: HashMap<_, &PublishedPort<'_>> = HashMap::new();
    let key = |port: &PublishedPort<'_>| {
        let (published, target) = (port.published?, port.target?);
        Some((published.first, published.last, target.first, target.last, port.is_tcp()))
    };
    for port in &ports {
        if let (HostAddress::All, Some(key)) = (port.address, key(port)) {
            open.entry(key).or_insert(port);
        }
    }
    for port in ports.iter().filter(|port| port.address == HostAddress::One) {
        let Some(earlier) = key(port).and_then(|key| open.get(&key)) else { continue };
        if earlier.origin.source == port.origin.source {
            continue;
        }
        subject
            .report_at(cx, port.origin, "this is added, and the port stays published on every address too")
            .label(subject.project.place(earlier.origin), "on every address of the host")
            .help("write `ports: !override` to replace the list");
    }
}
