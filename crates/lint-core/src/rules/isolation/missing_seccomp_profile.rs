use crate::model::kubernetes::pod::Role;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-seccomp-profile",
        docs: "The container may make every system call of the kernel.

## Why
Docker gives each container a filter that keeps some fifty rarely used system calls away. Kubernetes does not, unless the pod asks for it or the kubelet is
told to (`seccompDefault`): the same image is filtered under Compose and unfiltered in a pod.

## Instead
Set `seccompProfile: {type: RuntimeDefault}` in the `securityContext` of the pod.

## Fix safety
The fix is unsafe: a program that needs a rare system call is refused it.

## Limits
Privileged containers have no filter whatever is set, and Windows has none. Where a linted `KubeletConfiguration` sets `seccompDefault` nothing is reported.
",
        severity: Severity::Low,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("5.6.2"), Reference::Cwe(693), Reference::Kubescape("C-0210"), Reference::Trivy("KSV-0030"), Reference::Checkov("CKV_K8S_31")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    let has_profile = pod.at(&["securityContext", "seccompProfile"]).is_some();
    if has_profile || pod.is_for_windows() || pod.object.partial || subject.cluster.filters_by_default() {
        return;
    }
    for container in subject.containers {
        let says = &container.says;
        if says.security(&["seccompProfile"]).is_some()
            || says.security_flag("privileged") == Some(true)
            || says.role == Role::Ephemeral
        {
            continue;
        }
        let message = "this container may make every system call: it has no `seccompProfile`";
        let path = ["securityContext", "seccompProfile"];
        let title = "Give the pod the runtime's own profile";
        let fix = subject.setting(pod.spec, &path, "{type: RuntimeDefault}", title);
        subject
            .report_of(cx, says, says.head(), message)
            .help("set `seccompProfile: {type: RuntimeDefault}` for the pod")
            .maybe_fix(fix)
            .absent("securityContext:\n  seccompProfile:\n    type: RuntimeDefault")
            .service(Some(&pod.service_name(says)));
    }
}
