use crate::model::known::capabilities::{self, Power};

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "dangerous-capability",
        docs: "The container has a capability that reaches the host.

## Why
Capabilities are root's powers, one by one. Some of them are not confined to the container: with `SYS_ADMIN`
it can mount file systems, with `SYS_MODULE` it loads code into the host's kernel, with `SYS_PTRACE` and the
host's processes in sight it changes their memory. `ALL` gives every one of them. `cap_drop` does not take
back what `cap_add` names.

## Instead
Remove the entry, and find out which narrower power the program needs: a device under `devices`, a profile for
seccomp, a group on the host. Most programs that ask for `SYS_ADMIN` want one mount, which the host can make.

## Fix safety
The fix is unsafe: a program that needs the capability fails without it. Where the image or a command is known to need it there is
none.

## Limits
An entry that depends on a variable nobody sets is not reported.

## When to allow it
A debugger or profiler (`SYS_PTRACE`, `PERFMON`), or a service whose task is the host itself.
",
        severity: Severity::Critical,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.4"),
            Reference::Cwe(250),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0011"),
            Reference::ComposeLint("CL-0024"),
            Reference::ComposeLint("CL-0027"),
            Reference::ComposeLint("CL-0028"),
            Reference::ComposeLint("CL-0030"),
            Reference::Kics("Container Capabilities Unrestricted"), Reference::CisKubernetes("5.2.9"), Reference::Kubescape("C-0046"), Reference::Trivy("KSV-0005"), Reference::Trivy("KSV-0022"), Reference::Trivy("KSV-0120"), Reference::Checkov("CKV_K8S_25"), Reference::Checkov("CKV_K8S_39"), Reference::Polaris("dangerousCapabilities")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(added) = &subject.spec().cap_add else { return };
    for (origin, capability) in capabilities::added(&added.value) {
        // A debugger in a container that somebody develops in.
        if subject.project.input.is_workplace && capability.name() == "SYS_PTRACE" {
            continue;
        }
        let (power, severity) = match capability.power() {
            Power::HostTakeover(power) => (power, Severity::Critical),
            Power::Dangerous(power) => (power, Severity::High),
            Power::Default | Power::Added => continue,
        };
        let message = format!("the capability {} lets the container {power}", capability.name());
        subject
            .report_part(cx, origin, added.via, message)
            .at_most(severity)
            .maybe_fix(subject.remove_capability(origin, capability.name()))
            .help("remove it from `cap_add`, and give the program the narrower means it needs");
    }
}
