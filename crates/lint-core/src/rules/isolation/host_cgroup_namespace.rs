use lint_parser::compose::ast::scalar::CgroupNamespace;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-cgroup-namespace",
        docs: "The container sees the host's control groups.

## Why
It sees the names of every container and service of the host, and with a writable `/sys/fs/cgroup` it can
change their limits. `release_agent` of older hosts even runs a program on the host.

## Instead
Remove `cgroup`: a namespace of its own is the default on hosts with cgroup v2.

## Fix safety
The fix is unsafe: a program that looks at the control groups of the host, such as a monitor, sees its own alone.

## When to allow it
A program that watches the resources of the host's containers, such as cAdvisor.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[Reference::Cwe(653), Reference::Nist("4.4.3")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(cgroup) = &subject.spec().cgroup else { return };
    if !cgroup.value.is(CgroupNamespace::Host) {
        return;
    }
    subject
        .report_field(cx, cgroup, "this container sees the control groups of the whole host")
        .maybe_fix(subject.editor().remove_key(cgroup.key).map(|change| change.unsafely("Remove `cgroup`")))
        .help("remove `cgroup`, or set it to `private`");
}
