use crate::model::known::capabilities::{self, Power};

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "added-capability",
        docs: "The container has a capability that containers do not have by default.

## Why
The Engine gives a container fourteen of root's forty-one powers, chosen so that most programs work. Each further
one is kernel code an attacker can reach: with `NET_ADMIN` they change the addresses, routes and packet filters
of every network the container is in, with `IPC_LOCK` they fill the host's memory with pages that cannot be
swapped.

## Instead
Remove the entry if the program works without it. Capabilities that reach the host itself are reported by
`dangerous-capability`.

## Fix safety
The fix is unsafe: a program that needs the capability fails without it. Where the image or a command is known to need it there is
none.

## Limits
An entry that depends on a variable nobody sets is not reported.

## When to allow it
A VPN or a router needs `NET_ADMIN`; a program that locks its secrets in memory may need `IPC_LOCK`.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.4"),
            Reference::Cwe(250),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0011"),
            Reference::ComposeLint("CL-0029"),
            Reference::Kics("Container Capabilities Unrestricted"), Reference::Kics("Containers With Added Capabilities")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(added) = &subject.spec().cap_add else { return };
    for (origin, capability) in capabilities::added(&added.value) {
        if capability.power() != Power::Added {
            continue;
        }
        let message =
            format!("the capability {} is beyond what containers have by default", capability.name());
        subject
            .report_part(cx, origin, added.via, message)
            .maybe_fix(subject.remove_capability(origin, capability.name()))
            .help("remove it from `cap_add` if the program works without it");
    }
}
