use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "daemon-cgroup-parent",
        docs: "All containers are counted in another control group.

## Why
The limits and the accounts of containers are those of the control group they lie in. Under another one they
may escape the limits the host has set for Docker, or take from what was meant for others.

## Instead
Remove `cgroup-parent`, and limit services one by one.

## When to allow it
The host has a slice for containers, with limits that are meant for them.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("2.10"),
            Reference::Cwe(770),
            Reference::Owasp("#7"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some((_, place)) = subject.config.text("cgroup-parent") else { return };
    subject
        .report(cx, place, "the resources of all containers are counted in another control group")
        .help("remove `cgroup-parent`, and limit the services themselves");
}
