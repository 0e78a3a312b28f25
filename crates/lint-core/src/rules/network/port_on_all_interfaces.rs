use crate::model::project::ports::{HostAddress, published};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "port-on-all-interfaces",
        docs: "A port is published on every address of the host.

## Why
Without an address in front, Docker opens the port on all interfaces of the host, past the rules of most
firewalls: Docker writes its own rules into iptables, and those of `ufw` are not asked. What was meant for the
machine itself, or for a proxy on it, is open to whoever reaches the machine.

## Instead
Name the address: `127.0.0.1:8080:80` for what only this machine uses. Services of one project reach each other
without any published port.

## Limits
A service on the host's network publishes everything it listens on; `host-network` speaks of that. An address
that a variable may set (`${BIND_IP}:8080:80`) is reported, since nothing sets it and Compose then takes all
of them.

## When to allow it
The port is the way in: the web server that the world is meant to reach.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::cis("5.14"), Reference::Cwe(1327), Reference::Owasp("#5a"), Reference::Nist("4.4.2"), Reference::ComposeLint("CL-0005"), Reference::Dclint("no-unbound-port-interfaces"), Reference::Kics("Container Traffic Not Bound To Host Interface")],
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for port in published(subject.service) {
        let message = match port.address {
            HostAddress::One => continue,
            HostAddress::All => "this port is published on every address of the host",
            HostAddress::AllUnlessSet => {
                "this port is published on every address of the host unless somebody sets the variable"
            }
        };
        subject
            .report_at(cx, port.origin, message)
            .remedy(Remedy::OnLoopback)
            .help("put the address in front that needs the port, such as `127.0.0.1:`");
    }
}
