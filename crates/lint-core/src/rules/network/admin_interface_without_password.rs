use crate::model::project::open_interfaces::opened;
use crate::model::project::ports::{HostAddress, published};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use lint_parser::compose::ast::scalar::PortRange;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "admin-interface-without-password",
        docs: "An administrative interface is published, and asks for no password.

## Why
Such an interface reads and changes the configuration of the program: routes and certificates of a proxy, beans of a Java
program, which run code. Whoever reaches the port is its administrator.

## Instead
Remove the port, or publish it on `127.0.0.1` alone. Traefik's dashboard belongs behind a router with a middleware that asks
for a password (`--api=true` and labels), Kong's admin API on `127.0.0.1:8001`, JMX behind `jmxremote.authenticate=true`.

## Fix safety
The fix is unsafe: what runs on other machines no longer reaches the port. Where the interface is reached through several ports
there is none.

## Limits
Known are Traefik's `api.insecure`, Kong's `KONG_ADMIN_LISTEN`, JMX without authentication, Caddy's admin endpoint, Grafana
with an anonymous administrator, phpMyAdmin that logs everybody in, Jupyter without a token and Prometheus' admin API, where
the command or the environment of the service shows them; configuration files are not read. Reported only where the port is published; on one address of
the host as low.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("5.14"), Reference::Cwe(306), Reference::Owasp("#5a")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let ports = published(subject.service);
    if ports.is_empty() {
        return;
    }
    let image = subject.image();
    for interface in opened(subject.service, image.as_ref()) {
        let mut reached = ports.iter().filter(|port| {
            let is_meant = |target: PortRange| interface.ports.iter().any(|&number| target.contains(number));
            port.is_tcp() && port.target.is_some_and(is_meant)
        });
        let Some(first) = reached.next() else { continue };
        let others: Vec<_> = reached.collect();
        let fix = (others.is_empty() && first.address == HostAddress::All)
            .then(|| subject.editor().publish_on_loopback(first))
            .flatten()
            .map(|change| change.unsafely("Publish the port on `127.0.0.1` alone"));
        let everywhere = std::iter::once(first).chain(others).any(|port| port.address == HostAddress::All);
        let message = format!("this opens {} to whoever reaches it, without a password", interface.name);
        let draft = subject
            .report_at(cx, interface.origin, message)
            .label(subject.project.place(first.origin), "and its port is published")
            .maybe_fix(fix)
            .help("remove the port, or publish it on `127.0.0.1` alone");
        if !everywhere {
            draft.at_most(Severity::Low);
        }
    }
}
