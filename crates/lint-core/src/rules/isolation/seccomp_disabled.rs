use crate::model::project::security_options::last;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "seccomp-disabled",
        docs: "The container's system calls are not filtered.

## Why
The Engine's seccomp profile keeps a container from some fifty system calls that ordinary programs never make:
loading kernel modules, mounting, replacing the running kernel. Many ways out of a container began with one of
them. `seccomp=unconfined` leaves all of them open.

## Instead
Remove the entry. A program that needs one more call gets a profile of its own: copy the Engine's default
profile, add the call, and name the file: `seccomp=./profile.json`.

## Fix safety
The fix is unsafe: a program that needs what the profile forbids stops working.

## Limits
Of several entries the last one counts. That a privileged container has no profile either is
`privileged-service`'s to say. When a `daemon.json` that switches the filter off for all is linted along, services
without a profile of their own are reported. A profile that allows everything is not read.

## When to allow it
A debugger or tracer under development, away from production.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.22"),
            Reference::Cwe(693),
            Reference::Owasp("#6"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0009"),
            Reference::Kics("Default Seccomp Profile Disabled"),
            Reference::Semgrep("seccomp-confinement-disabled"), Reference::CisKubernetes("5.6.2"), Reference::Trivy("KSV-0104")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some((item, value)) = last(subject.service, "seccomp") else {
        check_default(subject, cx);
        return;
    };
    // What a debugger needs, where somebody develops.
    if value.as_str() != "unconfined" || (subject.project.input.is_workplace && debugs(subject)) {
        return;
    }
    let via = subject.spec().security_opt.as_ref().and_then(|options| options.via);
    subject
        .report_part(
            cx,
            item.origin,
            via,
            "this container may make every system call: seccomp is switched off",
        )
        .maybe_fix(
            subject.editor().remove_item(item.origin).map(|change| change.unsafely("Remove the entry")),
        )
        .help("remove the entry, or name a profile that allows what the program needs");
}

fn debugs(subject: &ServiceSubject<'_>) -> bool {
    let added = subject.spec().cap_add.as_ref();
    added.is_some_and(|added| added.value.iter().any(|name| name.as_str().ends_with("SYS_PTRACE")))
}

/// A service that names no profile gets the daemon's, which may be none.
fn check_default(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let has_own = subject.spec().security_opt.as_ref().is_some_and(|options| {
        let mut items = options.value.items.iter();
        items.any(|item| item.value.key.is_unknown() || item.value.key.as_str() == "seccomp")
    });
    let privileged =
        subject.spec().privileged.as_ref().is_some_and(|privileged| privileged.value.value != Some(false));
    if !cx.daemon().seccomp_unconfined
        || has_own
        || privileged
        || !subject.has_linux_container()
        || subject.may_be_set("security_opt")
    {
        return;
    }
    subject
        .report_absence(
            cx,
            "this container may make every system call: `daemon.json` switches seccomp off, and it names no profile",
        )
        .help("remove `seccomp-profile` from `daemon.json`, or name a profile in `security_opt`");
}
