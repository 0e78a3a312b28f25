use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-user-namespace",
        docs: "Root in the container is root on the host.

## Why
Where the daemon maps the users of containers to others of the host (`userns-remap`), `userns_mode: host` makes an
exception of this container: what breaks out of it is root.

## Instead
Remove `userns_mode`, and give the mapped user the files the container needs.

## Fix safety
The fix is unsafe: files of the host that belong to root are no longer the container's root's.

## Limits
Without `userns-remap` the setting changes nothing today; it will on the day somebody turns the mapping on.

## When to allow it
A container that must be privileged, which is not possible together with the mapping.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.31"),
            Reference::Cwe(653),
            Reference::Owasp("#2"),
            Reference::Nist("4.4.3"),
            Reference::Kics("Shared Host User Namespace"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "remove `userns_mode`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(mode) = &subject.spec().userns_mode else { return };
    if mode.value.is_unknown() || mode.value.as_str() != "host" {
        return;
    }
    subject
        .report_field(
            cx,
            mode,
            "this container is left out of the daemon's user mapping: its root is the host's root",
        )
        .maybe_fix(
            subject.editor().remove_key(mode.key).map(|change| change.unsafely("Remove `userns_mode`")),
        )
        .help(HELP);
}
