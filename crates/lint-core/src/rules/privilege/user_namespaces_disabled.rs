use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "user-namespaces-disabled",
        docs: r#"Root in a container is root on the host.

## Why
Without `userns-remap` uid 0 of a container is uid 0 of the host, held back by namespaces and capabilities
alone. With it, root of a container is a user on the host who may do nothing.

## Instead
Set `"userns-remap": "default"` on a new host: images and volumes that were there before are not seen
afterwards. A rootless daemon has no need of it.

## When to allow it
Containers that must share the host's users: host networking with privileges, volumes with fixed owners.
"#,
        severity: Severity::Medium,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.9"),
            Reference::Cwe(250),
            Reference::Owasp("#2"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if subject.config.rootless {
        return;
    }
    let Some(absence) = subject.config.absence("userns-remap") else { return };
    subject
        .report_absence(cx, absence, "root in a container is root on the host: `userns-remap` is not set")
        .help("set `\"userns-remap\": \"default\"`; images and volumes must be made anew");
}
