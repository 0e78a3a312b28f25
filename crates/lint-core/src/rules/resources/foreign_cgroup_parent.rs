use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "foreign-cgroup-parent",
        docs: "The container's resources are counted in somebody else's control group.

## Why
A container below another control group shares that group's limits: it can starve whatever else is in there, and
the limits the administrator gave to containers do not hold for it.

## Instead
Remove `cgroup_parent`, and limit the service itself: `mem_limit`, `cpus`, `pids_limit`.

## When to allow it
A host whose administrator made the group for this service.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("5.25"),
            Reference::Cwe(770),
            Reference::Owasp("#7"),
            Reference::Nist("4.4.3"),
            Reference::Kics("Cgroup Not Default"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(parent) = &subject.spec().cgroup_parent else { return };
    if parent.value.is_unknown() || parent.value.as_str().is_empty() {
        return;
    }
    subject
        .report_field(
            cx,
            parent,
            "this container's resources are counted in a control group of somebody else's",
        )
        .help("remove `cgroup_parent`, and limit the service itself");
}
