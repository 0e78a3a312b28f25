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

/// How many pairs of ports are compared.
const MOST_PAIRS: usize = 100_000;

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let ports = published(subject.service);
    // People write a dozen.
    let mut pairs = MOST_PAIRS;
    for port in ports.iter().filter(|port| port.address == HostAddress::One) {
        let earlier = ports.iter().take(pairs).find(|earlier| publishes_openly(earlier, port));
        pairs = pairs.saturating_sub(ports.len());
        let Some(earlier) = earlier else { continue };
        subject
            .report_at(cx, port.origin, "this is added, and the port stays published on every address too")
            .label(subject.project.place(earlier.origin), "on every address of the host")
            .help("write `ports: !override` to replace the list");
    }
}

/// Whether another file publishes some of the same ports on every address.
fn publishes_openly(earlier: &PublishedPort<'_>, port: &PublishedPort<'_>) -> bool {
    let (Some(one), Some(other)) = (earlier.published, port.published) else { return false };
    earlier.address == HostAddress::All
        && earlier.origin.source != port.origin.source
        && earlier.is_tcp() == port.is_tcp()
        && one.first <= other.last
        && other.first <= one.last
}
