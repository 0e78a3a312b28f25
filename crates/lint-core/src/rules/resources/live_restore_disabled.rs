use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "live-restore-disabled",
        docs: r#"All containers stop when the daemon does.

## Why
An upgrade of the daemon, or a fault in it, ends every container of the host. So upgrades are put off, those
that mend security faults too.

## Instead
Set `"live-restore": true`.

## Limits
Nodes of a swarm cannot have it; a daemon with `swarm-default-advertise-addr` is passed by, others have to
allow the finding.
"#,
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("2.15"), Reference::Nist("4.4.1")],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

const HELP: &str = "set `\"live-restore\": true`";

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let config = subject.config;
    if config.text("swarm-default-advertise-addr").is_some() {
        return;
    }
    if let Some((false, place)) = config.switch("live-restore") {
        subject
            .report(cx, place, "all containers stop when this daemon does: `live-restore` is switched off")
            .help(HELP);
    }
    if let Some(absence) = config.absence("live-restore") {
        subject
            .report_absence(
                cx,
                absence,
                "all containers stop when this daemon does: `live-restore` is not set",
            )
            .help(HELP);
    }
}
