use crate::rule::check::InstructionSubject;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;

declare_rule! {
    /// The build runs with every privilege.
    ///
    /// ## Why
    /// What a Dockerfile runs comes from the network: packages, their install scripts, the base image. In a privileged build,
    /// or with the entitlement `security.insecure`, it runs with every capability on the machine that builds, often one
    /// that also holds the keys to the registry.
    ///
    /// ## Instead
    /// Remove it. What needs privileges at run time needs none at build time; building file system images or containers
    /// inside a build works without them (`buildah`, `fakeroot`, user namespaces).
    ///
    /// ## When to allow it
    /// A throw-away builder that does nothing else.
    pub(super) static RULE = {
        name: "privileged-build",
        severity: Severity::High,
        category: Category::Privilege,
        stride: &[Stride::ElevationOfPrivilege, Stride::Tampering],
        references: &[
            Reference::Cwe(250),
            Reference::Owasp("#3"),
        ],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
    }
}

const HELP: &str = "remove it: a build needs no privileges of the machine it runs on";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(build) = &subject.spec().build else { return };
    if let Some(privileged) = &build.value.privileged
        && privileged.value.is(true)
    {
        subject
            .report_field(cx, privileged, "this build runs with every privilege on the builder")
            .help(HELP);
    }
    let Some(entitlements) = &build.value.entitlements else { return };
    for item in &entitlements.value.items {
        if item.value.is_unknown() || item.value.as_str() != "security.insecure" {
            continue;
        }
        subject
            .report_part(
                cx,
                item.origin,
                entitlements.via,
                "this entitlement lets the build run with every privilege",
            )
            .help(HELP);
    }
}

fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Run(_) = &subject.operation().kind else { return };
    let Some(flag) = subject.operation().flag("security").filter(|_| subject.is_reachable()) else { return };
    let Some(value) = &flag.value else { return };
    if subject.plan.expand(subject.index, value).text() == Some("insecure") {
        subject.report(cx, flag.span, "this command runs with every privilege on the builder").help(HELP);
    }
}
