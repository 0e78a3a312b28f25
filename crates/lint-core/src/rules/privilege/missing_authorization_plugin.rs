use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-authorization-plugin",
        docs: "Whoever may speak to the daemon may do everything.

## Why
The daemon knows no roles: who reaches its socket may start a privileged container. An authorization plugin
sees each request, and who makes it, and says no.

## Instead
Name a plugin in `authorization-plugins`, such as the one of Open Policy Agent.

## When to allow it
Nobody but the host's administrators reaches the daemon.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.12"),
            Reference::Cwe(862),
            Reference::Owasp("#1"),
            Reference::Nist("4.3.1"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some(absence) = subject.config.absence("authorization-plugins") else { return };
    subject
        .report_absence(
            cx,
            absence,
            "every client of this daemon may do everything: no authorization plugin is set",
        )
        .help("name one in `authorization-plugins`");
}
