use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "root-daemon",
        docs: "The Docker daemon runs as root.

## Why
Everything the daemon does for its clients it does as root of the host: a fault in it, or in a container's
way out, is a fault with root's rights. A daemon that a user runs by himself has no more rights than that
user.

## Instead
Set it up with `dockerd-rootless-setuptool.sh install`, where storage, networks and devices allow it.

## Limits
A rootless daemon is told by files below `~/.config/docker` and `~/.config/systemd/user`, and
`dockerd-rootless.sh`. A
`daemon.json` by itself cannot prove either, so the finding is reported below its severity.

## When to allow it
Containers that need host networking, AppArmor, overlay networks of a swarm, or ports below 1024 without
further steps.
",
        severity: Severity::Medium,
        profile: Profile::OptIn,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.1"),
            Reference::Cwe(250),
            Reference::Owasp("#11"),
            Reference::Nist("4.5.2"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if subject.config.rootless {
        return;
    }
    let Some(absence) = subject.config.absence("rootless") else { return };
    subject
        .report_absence(cx, absence, "this Docker daemon runs as root")
        .help("run it without root's rights: `dockerd-rootless-setuptool.sh install`");
}
