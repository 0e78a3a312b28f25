use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "daemon-seccomp-unconfined",
        docs: "No container's system calls are filtered.

## Why
The engine's seccomp profile keeps containers from some fifty system calls that ordinary programs never
make: loading kernel modules, mounting, replacing the running kernel. Many ways out of a container began
with one of them. This takes the profile away from every container of the host.

## Instead
Remove `seccomp-profile`. A service that needs one more call gets a profile of its own in its `security_opt`.

## Limits
A profile of your own is not read.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.17"),
            Reference::Cwe(693),
            Reference::Owasp("#6"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some(("unconfined", place)) = subject.config.text("seccomp-profile") else { return };
    subject
        .report(cx, place, "every container of this daemon may make every system call")
        .help("remove `seccomp-profile`, and give single services a profile of their own");
}
