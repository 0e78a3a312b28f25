use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "seccomp-default-off",
        docs: "The kubelet starts containers without a filter of system calls.

## Why
A pod that has no `seccompProfile` may make every system call of the kernel, unless the kubelet is told to give it the runtime's own profile. Docker
filters by default; Kubernetes does not.

## Instead
Set `seccompDefault: true`. Pods that need more say so themselves.
",
        severity: Severity::Low,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("4.2.14"), Reference::Cwe(693)],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if component.kind != ComponentKind::Kubelet {
        return;
    }
    let message = "containers without a seccomp profile of their own may make every system call: `seccompDefault` is not set";
    let draft = match component.flag("seccomp-default") {
        Some(flag) if flag.value == "true" => return,
        Some(flag) => subject.report(cx, flag, message),
        None if matches!(component.started_by, StartedBy::File | StartedBy::CommandLine) => {
            subject.report_absence(cx, message)
        }
        None => return,
    };
    draft.help("set `seccompDefault: true`").breaks(vec!["k8s/4.2.14"]);
}
