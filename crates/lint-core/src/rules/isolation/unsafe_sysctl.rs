use crate::model::kubernetes::pod_security::is_safe_sysctl;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;
use crate::settings::PodSecurityVersion;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unsafe-sysctl",
        docs: "A pod changes a setting of the kernel that is not its own.

## Why
A few sysctls hold for one pod alone and do no harm. The others reach the node or other pods, so the kubelet refuses the pod unless somebody has allowed
the setting for the node; where it is allowed, the pod changes what its neighbours have.

## Instead
Remove it, or set it on the node.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::DenialOfService],
        references: &[Reference::Cwe(653), Reference::KubeLinter("unsafe-sysctls"), Reference::Trivy("KSV-0026")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    for sysctl in tree::items(subject.pod.at(&["securityContext", "sysctls"])) {
        let Some(name) = tree::get(sysctl, "name") else { continue };
        let text = tree::text(name).unwrap_or_default().replace('/', ".");
        if !is_safe_sysctl(&text, PodSecurityVersion::NEWEST) && !tree::is_placeholder(&text) {
            let message = format!(
                "the kubelet refuses this pod unless its node allows `{text}`, a setting that reaches beyond the pod"
            );
            subject.report(cx, name.origin, message).help("remove it, or set it on the node");
        }
    }
}
