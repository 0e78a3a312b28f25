use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "changed-base-device-size",
        docs: "The size of every container's file system is changed.

## Why
`dm.basesize` belongs to `devicemapper`, which Docker has given up. A larger base takes its place on the
disk for every image and container.

## Instead
Remove the option, with the storage driver it belongs to.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("2.11"), Reference::Cwe(770), Reference::Nist("4.5.3")],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    for (option, place) in subject.config.texts("storage-opts") {
        let name = option.split('=').next().unwrap_or_default().trim();
        if name == "dm.basesize" {
            subject
                .report(cx, place, "this changes the size of every container's file system")
                .help("remove the option");
        }
    }
}
