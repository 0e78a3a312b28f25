use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "userland-proxy-enabled",
        docs: r#"A process of its own stands behind each published port.

## Why
The kernel forwards published ports by itself. The proxy is a further process, running as root, for each of
them; and what comes through it seems to come from the host.

## Instead
Set `"userland-proxy": false`.

## When to allow it
The kernel is too old for hairpin NAT, or IPv6 clients must reach IPv4 containers.
"#,
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::cis("2.16"), Reference::Cwe(1125), Reference::Nist("4.5.1")],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

const HELP: &str = "set `\"userland-proxy\": false`";

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if let Some((true, place)) = subject.config.switch("userland-proxy") {
        subject
            .report(cx, place, "each published port has a proxy process: `userland-proxy` is switched on")
            .help(HELP);
    }
    if let Some(absence) = subject.config.absence("userland-proxy") {
        subject
            .report_absence(
                cx,
                absence,
                "each published port has a proxy process: `userland-proxy` is not switched off",
            )
            .help(HELP);
    }
}
