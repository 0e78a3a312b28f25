use crate::model::build::build_powers::BuildPower;
use crate::rule::prelude::*;
use crate::rule::subject::{InstructionSubject, ServiceSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "privileged-build",
        docs: "The build runs with every privilege.

## Why
What a Dockerfile runs comes from the network: packages, their install scripts, the base image. In a privileged build,
or with the entitlement `security.insecure`, it runs with every capability on the machine that builds, often one
that also holds the keys to the registry.

## Instead
Remove it. What needs privileges at run time needs none at build time; building file system images or containers
inside a build works without them (`buildah`, `fakeroot`, user namespaces).

## Fix safety
The fix is unsafe: a build that needs the privileges fails without them.

## When to allow it
A throw-away builder that does nothing else.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege, Stride::Tampering],
        references: &[
            Reference::Cwe(250),
            Reference::Owasp("#3"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
};

const HELP: &str = "remove it: a build needs no privileges of the machine it runs on";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(build) = &subject.spec().build else { return };
    if let Some(privileged) = &build.value.privileged
        && privileged.value.is(true)
    {
        subject
            .report_field(cx, privileged, "this build runs with every privilege on the builder")
            .maybe_fix(
                subject
                    .editor()
                    .remove_key(privileged.key)
                    .map(|change| change.unsafely("Remove `privileged`")),
            )
            .help(HELP);
    }
    let via = build.value.entitlements.as_ref().and_then(|entitlements| entitlements.via);
    for origin in BuildPower::PRIVILEGES.allowed_by(&build.value) {
        let message = "this entitlement lets the build run with every privilege";
        subject
            .report_part(cx, origin, via, message)
            .maybe_fix(
                subject.editor().remove_item(origin).map(|change| change.unsafely("Remove the entitlement")),
            )
            .help(HELP);
    }
}

fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let flag = BuildPower::PRIVILEGES.used_by(subject.plan, subject.index, subject.operation());
    if let Some(flag) = flag.filter(|_| subject.is_reachable()) {
        let edit = subject.edits().remove_word(flag);
        let fix = Fix::of("Remove the flag", Applicability::Unsafe, [edit]);
        subject
            .report(cx, flag, "this command runs with every privilege on the builder")
            .help(HELP)
            .maybe_fix(fix);
    }
}
