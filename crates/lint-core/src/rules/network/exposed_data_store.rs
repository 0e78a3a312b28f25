use crate::model::known::data_stores::data_store;
use crate::model::project::ports::{HostAddress, published};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "exposed-data-store",
        docs: "A database, broker, cache or engine API is published on every address of the host.

## Why
Databases and caches are made for networks that can be trusted: many ask for no password unless told to, and their
passwords are rarely changed from what the example said. Docker opens a published port past `ufw` and its like,
and whatever is open is found within hours. An open Engine API is root on the host.

## Instead
Remove the port: the other services of the project reach the container by its name, on its own port. To get at it
from the host, publish it on `127.0.0.1`.

## Fix safety
The fix is unsafe: what runs on other machines no longer reaches the port. A port that a variable is part of is left alone, since
it may bring an address along.

## Limits
Decided by the port in the container, which is what the program listens on, and by the image where its name tells
what it runs: port 9200 of an image that is known to be something else is not Elasticsearch's, and ports that many
programs use (8000, 8123, 9000) count only for an image of ClickHouse and its like. A data store on a port of your
choice is not recognised, and MQTT's is left out.

## When to allow it
Clients outside the host need it, and a firewall or TLS with certificates stands before it.
",
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::cis("5.14"), Reference::Cwe(1327), Reference::Owasp("#5a"), Reference::Nist("4.4.2")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let image = subject.image();
    for port in published(subject.service) {
        if port.address != HostAddress::All || !port.is_tcp() {
            continue;
        }
        let store = port.target.and_then(|target| data_store(target, image.as_ref()));
        let Some((number, whose)) = store else { continue };
        subject
            .report_at(
                cx,
                port.origin,
                format!("port {number} of {whose} is published on every address of the host"),
            )
            .supersedes("port-on-all-interfaces")
            .maybe_fix(
                subject
                    .editor()
                    .publish_on_loopback(&port)
                    .map(|change| change.unsafely("Publish it on `127.0.0.1` alone")),
            )
            .remedy(Remedy::OnLoopback)
            .help("remove the port, or publish it on `127.0.0.1` alone");
    }
}
