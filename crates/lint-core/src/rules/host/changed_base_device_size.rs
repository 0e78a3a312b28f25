use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

declare_rule! {
    /// The size of every container's file system is changed.
    ///
    /// ## Why
    /// `dm.basesize` belongs to `devicemapper`, which Docker has given up. A larger base takes its place on the disk for every
    /// image and container.
    ///
    /// ## Instead
    /// Remove the option, with the storage driver it belongs to.
    pub(super) static RULE = {
        name: "changed-base-device-size",
        severity: Severity::Low,
        category: Category::Resources,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("2.11"), Reference::Cwe(770), Reference::Nist("4.5.3")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Daemon(check)],
    }
}

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
