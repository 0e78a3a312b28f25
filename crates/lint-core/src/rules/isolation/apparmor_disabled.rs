use crate::model::project::security_options::last;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "apparmor-disabled",
        docs: "The container runs without its AppArmor profile.

## Why
Where the host has AppArmor, the Engine's profile keeps containers from mounting, from writing to the kernel's
settings under `/proc` and `/sys`, and from tracing other processes. `apparmor=unconfined` takes it away, so
that one fault in the kernel or one capability too many is enough.

## Instead
Remove the entry, or load a profile of your own on the host and name it: `apparmor=my-profile`.

## Fix safety
The fix is unsafe: a program that needs what the profile forbids stops working.

## Limits
Of several entries the last one counts. That a privileged container has no profile either is
`privileged-service`'s to say. Whether the host has AppArmor at all cannot be seen from a Compose file.

## When to allow it
A service that must mount file systems, such as a FUSE client, when a profile of its own is not worth it.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.2"),
            Reference::Cwe(693),
            Reference::Owasp("#6"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0009"),
            Reference::CisKubernetes("5.6.3"),
            Reference::Trivy("KSV-0002"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some((item, value)) = last(subject.service, "apparmor") else { return };
    if value.as_str() != "unconfined" {
        return;
    }
    let via = subject.spec().security_opt.as_ref().and_then(|options| options.via);
    subject
        .report_part(cx, item.origin, via, "this container runs without an AppArmor profile")
        .maybe_fix(
            subject.editor().remove_item(item.origin).map(|change| change.unsafely("Remove the entry")),
        )
        .help("remove the entry, or name a profile that allows what the program needs");
}
