use crate::model::build::build_powers::BuildPower;
use crate::rule::prelude::*;
use crate::rule::subject::{InstructionSubject, ServiceSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-network-build",
        docs: "The build uses the host's network.

## Why
What a Dockerfile runs comes from the network: packages, their install scripts, the base image. On the host's network it
reaches what listens on the builder's `127.0.0.1` and the builder's cloud metadata service, which hand out data and
credentials without asking who is there.

## Instead
Remove it: builds reach the internet by default. A local package mirror is given an address of its own, under
`build.extra_hosts` if need be.

## Fix safety
The fix is unsafe: a build that needs the network of the machine that builds fails without it.

## When to allow it
A builder whose own network does not work, such as behind some VPNs.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::Cwe(653),
            Reference::Owasp("#5"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
};

const HELP: &str = "remove it: builds reach the internet by default";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(build) = &subject.spec().build else { return };
    if let Some(network) = &build.value.network
        && !network.value.is_unknown()
        && network.value.as_str() == "host"
    {
        subject
            .report_field(cx, network, "this build uses the network of the machine that builds")
            .maybe_fix(
                subject.editor().remove_key(network.key).map(|change| change.unsafely("Remove `network`")),
            )
            .help(HELP);
    }
    let via = build.value.entitlements.as_ref().and_then(|entitlements| entitlements.via);
    for origin in BuildPower::HOST_NETWORK.allowed_by(&build.value) {
        let message = "this entitlement lets the build use the network of the machine that builds";
        subject
            .report_part(cx, origin, via, message)
            .maybe_fix(
                subject.editor().remove_item(origin).map(|change| change.unsafely("Remove the entitlement")),
            )
            .help(HELP);
    }
}

fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let flag = BuildPower::HOST_NETWORK.used_by(subject.plan, subject.index, subject.operation());
    if let Some(flag) = flag.filter(|_| subject.is_reachable()) {
        let edit = subject.edits().remove_word(flag);
        let fix = Fix::of("Remove the flag", Applicability::Unsafe, [edit]);
        subject
            .report(cx, flag, "this command uses the network of the machine that builds")
            .help(HELP)
            .maybe_fix(fix);
    }
}
