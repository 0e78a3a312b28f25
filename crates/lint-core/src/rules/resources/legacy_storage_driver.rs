use crate::finding::reference::Cis;
use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "legacy-storage-driver",
        docs: "The daemon is told to use a storage driver that Docker has given up.

## Why
`aufs` and `overlay` were removed in Docker Engine 24, `devicemapper` in 25: a newer daemon does not start
with them, and an older one that does gets no more security fixes.

## Instead
Leave `storage-driver` out, or set it to `overlay2`.
",
        severity: Severity::Medium,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("2.6"),
            Reference::Cis(Cis::DEVICEMAPPER),
            Reference::Cwe(477),
            Reference::Nist("4.5.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some((driver, place)) = subject.config.text("storage-driver") else { return };
    if !matches!(driver, "aufs" | "devicemapper" | "overlay") {
        return;
    }
    subject
        .report(cx, place, format!("Docker has given up the storage driver `{driver}`"))
        .help("remove `storage-driver`, or set it to `overlay2`")
        .breaks(match driver {
            "aufs" => vec!["2.6"],
            "devicemapper" => vec![Cis::DEVICEMAPPER.key()],
            // The benchmark does not speak of it.
            _ => Vec::new(),
        });
}
