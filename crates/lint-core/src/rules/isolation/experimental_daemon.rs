use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "experimental-daemon",
        docs: "The daemon's experimental features are switched on.

## Why
What is experimental may change or vanish with the next release, and gets less testing than the rest:
nothing that others rely on should stand on it.

## Instead
Remove `experimental`. Most of what it once switched on has become ordinary.

## When to allow it
A machine for trying things out.
",
        severity: Severity::Low,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.18"),
            Reference::Cwe(1125),
            Reference::Owasp("#0"),
            Reference::Nist("4.4.1"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some((true, place)) = subject.config.switch("experimental") else { return };
    subject.report(cx, place, "this daemon runs with experimental features").help("remove `experimental`");
}
