use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "tampered-node",
        docs: "The kubelet can be told what to run, or what the node is, by others.

## Why
`staticPodURL` makes the kubelet run whatever a server answers, privileged pods too, and the API server has no say; over `http` everybody between the
two has. Without `makeIPTablesUtilChains` the kubelet leaves the node's packet filter to others, and with `hostname-override` a node goes by a name
that its certificate does not prove.

## Instead
Keep static pods in a directory that only root may write, and leave the rest at its default.

## Limits
`protectKernelDefaults`, without which the kubelet changes the kernel's settings rather than to refuse to start, is asked for under the strict profile.
",
        severity: Severity::High,
        stride: &[Stride::Tampering, Stride::Spoofing],
        references: &[Reference::CisKubernetes("4.2.6"), Reference::CisKubernetes("4.2.7"), Reference::Cwe(494), Reference::Kubescape("C-0177"), Reference::Kubescape("C-0178"), Reference::Checkov("CKV_K8S_143"), Reference::Checkov("CKV_K8S_145"), Reference::Checkov("CKV_K8S_144")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if component.kind != ComponentKind::Kubelet {
        return;
    }
    if let Some(flag) = component.flag("manifest-url").filter(|flag| !flag.value.is_empty()) {
        let message = "the kubelet runs whatever pods a server tells it to, and the API server has no say";
        let draft = subject.report(cx, flag, message).help("use `staticPodPath`, a directory of the node");
        if flag.value.starts_with("https://") {
            draft.weakened();
        }
    }
    if let Some(flag) = component.flag("make-iptables-util-chains").filter(|flag| flag.value == "false") {
        let message = "the kubelet leaves the rules of the node's packet filter to others";
        subject
            .report(cx, flag, message)
            .help("set it to `true`")
            .breaks(vec!["k8s/4.2.6"])
            .at_most(Severity::Low);
    }
    if let Some(flag) = component.flag("hostname-override") {
        let message = "the node goes by another name than its own, which its certificate may not prove";
        subject.report(cx, flag, message).help("remove it").breaks(vec!["k8s/4.2.7"]).at_most(Severity::Low);
    }
    match component.flag("protect-kernel-defaults") {
        Some(flag) if flag.value == "true" => {}
        Some(flag) => {
            let message = "the kubelet changes settings of the kernel rather than to refuse to start";
            subject.report(cx, flag, message).help("set it to `true`").at_most(Severity::Low);
        }
        None if cx.is_strict() && component.started_by != StartedBy::Kubeadm => {
            let message = "the kubelet changes settings of the kernel rather than to refuse to start: `protectKernelDefaults` is not set";
            subject.report_absence(cx, message).help("set it to `true`").at_most(Severity::Low);
        }
        None => {}
    }
}
