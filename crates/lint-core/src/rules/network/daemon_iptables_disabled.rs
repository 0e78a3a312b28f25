use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "daemon-iptables-disabled",
        docs: r#"The Docker daemon makes no firewall rules.

## Why
The rules that the daemon makes keep its networks apart, and ports that are not published out of reach.
Without them nothing does, unless somebody writes such rules by hand and keeps them up with every container.

## Instead
Leave `iptables` out. Rules of your own belong in the `DOCKER-USER` chain, which the daemon leaves alone.

## Limits
Not reported when the daemon uses nftables (`"firewall-backend": "nftables"`). For `ip6tables` alone the
severity is low.

## When to allow it
The host's firewall is written for these containers, by somebody who knows what Docker's own rules do.
"#,
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[
            Reference::cis("2.4"),
            Reference::Cwe(693),
            Reference::Owasp("#5a"),
            Reference::Nist("4.4.2"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if subject.config.text("firewall-backend").is_some_and(|(backend, _)| backend == "nftables") {
        return;
    }
    for (key, version) in [("iptables", "IPv4"), ("ip6tables", "IPv6")] {
        let Some((false, place)) = subject.config.switch(key) else { continue };
        let message =
            format!("nothing keeps the networks of this daemon apart: it makes no {version} firewall rules");
        let draft = subject.report(cx, place, message);
        let draft = if key == "ip6tables" { draft.at_most(Severity::Low) } else { draft };
        draft.help(format!("remove `{key}`; rules of your own belong into the chain `DOCKER-USER`"));
    }
}
