use crate::model::project::security_options::all;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "selinux-disabled",
        docs: r#"SELinux does not separate the container from the host.

## Why
On hosts with SELinux each container has a label of its own, and may touch only files that carry it. With
`label=disable` the separation is gone; `label=type:spc_t` is the type of "super privileged containers", which
is as good as unconfined.

## Instead
Remove the entry. When a mounted directory cannot be read, relabel it: add `:z` to the mount, or `:Z` when this
container alone uses it.

## Fix safety
The fix is unsafe: a program that needs what the profile forbids stops working.

## Limits
Whether the host has SELinux at all cannot be seen from a Compose file.

## When to allow it
A container that needs a directory which must keep its label, such as a home, or an engine's socket.
"#,
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.3"),
            Reference::Cwe(693),
            Reference::Owasp("#6"),
            Reference::Nist("4.4.3"),
            Reference::Semgrep("selinux-separation-disabled"),
            Reference::Trivy("KSV-0025"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let via = subject.spec().security_opt.as_ref().and_then(|options| options.via);
    for (item, value) in all(subject.service, "label") {
        let message = match value.as_str() {
            "disable" => "SELinux does not confine this container: its label is switched off",
            "type:spc_t" => "SELinux does not confine this container: `spc_t` is an unconfined type",
            _ => continue,
        };
        subject
            .report_part(cx, item.origin, via, message)
            .maybe_fix(
                subject.editor().remove_item(item.origin).map(|change| change.unsafely("Remove the entry")),
            )
            .help("remove the entry; `:z` or `:Z` on a mount makes its files accessible");
    }
}
