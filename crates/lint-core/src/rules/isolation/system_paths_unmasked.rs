use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "system-paths-unmasked",
        docs: "The container sees the parts of `/proc` and `/sys` that are hidden from others.

## Why
The Engine hides files such as `/proc/kcore`, `/proc/keys` and `/sys/firmware`, and makes `/proc/sys` and
`/proc/sysrq-trigger` read-only. With `systempaths=unconfined` a process that is root in the container can
change the host's kernel settings through them (`/proc/sys/kernel/core_pattern` runs a program on the host).

## Instead
Remove the entry. A setting of the container's own namespaces goes under `sysctls`.

## Fix safety
The fix is unsafe: a program that needs what the profile forbids stops working.

## When to allow it
Building or running containers inside the container without privileges, which needs a `/proc` of its own.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::Cwe(693),
            Reference::Owasp("#6"),
            Reference::Nist("4.4.3"),
            Reference::KubeLinter("unsafe-proc-mount"),
            Reference::Trivy("KSV-0027"),
            Reference::Polaris("procMount"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(options) = &subject.spec().security_opt else { return };
    for item in &options.value.items {
        // Compose itself acts on this one, in this spelling alone.
        if item.value.text.is_unknown() || item.value.text.as_str() != "systempaths=unconfined" {
            continue;
        }
        subject
            .report_part(
                cx,
                item.origin,
                options.via,
                "this container can write to the host's kernel settings: `/proc` and `/sys` are not masked",
            )
            .maybe_fix(
                subject.editor().remove_item(item.origin).map(|change| change.unsafely("Remove the entry")),
            )
            .help("remove the entry; settings of the container's own go under `sysctls`");
    }
}
