use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-default-ulimits",
        docs: r#"The daemon sets no limits for the processes of containers.

## Why
Without `default-ulimits` a container inherits the limits of the daemon, which has next to none: one process
may open as many files, and start as many others, as the host can bear.

## Instead
Set `nofile` and `nproc` for all: `"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard":
4096}}`. A service that needs more says so in its own `ulimits`.
"#,
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("2.8"),
            Reference::Cwe(770),
            Reference::Owasp("#7"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some(absence) = subject.config.absence("default-ulimits") else { return };
    subject
        .report_absence(
            cx,
            absence,
            "containers have no limits of open files and processes: `default-ulimits` is not set",
        )
        .help("set `nofile` and `nproc` in `default-ulimits`");
}
