use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unverified-kubelet",
        docs: "The API server does not check which kubelet it talks to, or a kubelet proves itself by nothing.

## Why
When somebody runs `kubectl exec` or reads a log, the API server connects to a kubelet. Without a certificate authority to check it by, whoever
is between the two passes for the kubelet, sees what is typed and answers what they like. Without `--kubelet-client-certificate` the kubelet cannot
tell who is asking either.

## Instead
Set `--kubelet-certificate-authority`, and let kubelets have certificates that the cluster signs: `serverTLSBootstrap: true`.

## Limits
kubeadm sets the client's certificate and leaves the authority open: that is reported under the strict profile, as is a kubelet without a certificate.
",
        severity: Severity::Low,
        stride: &[Stride::Spoofing, Stride::Tampering],
        references: &[Reference::CisKubernetes("1.2.4"), Reference::CisKubernetes("1.2.5"), Reference::CisKubernetes("4.2.9"), Reference::CisKubernetes("4.2.10"), Reference::CisKubernetes("4.2.11"), Reference::CisKubernetes("1.3.6"), Reference::Cwe(295), Reference::Kubescape("C-0116"), Reference::Kubescape("C-0117"), Reference::Trivy("KCV-0006"), Reference::Checkov("CKV_K8S_72"), Reference::Checkov("CKV_K8S_73"), Reference::Checkov("CKV_K8S_112"), Reference::Checkov("CKV_K8S_149"), Reference::Checkov("CKV_K8S_150")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    match component.kind {
        ComponentKind::ApiServer if component.started_by != StartedBy::K3s => {
            let is_plain = component.started_by == StartedBy::CommandLine;
            let half =
                match (component.flag("kubelet-client-certificate"), component.flag("kubelet-client-key")) {
                    (Some(flag), None) | (None, Some(flag)) => Some(flag).filter(|_| is_plain),
                    _ => None,
                };
            if let Some(flag) = half {
                let message = "the API server cannot prove to kubelets who it is: it has half of a certificate for them";
                subject
                    .report(cx, flag, message)
                    .help("set both `--kubelet-client-certificate` and `--kubelet-client-key`")
                    .breaks(vec!["k8s/1.2.4"]);
            }
            let has_none =
                !component.has("kubelet-client-certificate") && !component.has("kubelet-client-key");
            if is_plain && has_none {
                let message = "the API server cannot prove to kubelets who it is: `--kubelet-client-certificate` is not set";
                subject
                    .report_absence(cx, message)
                    .help("set both `--kubelet-client-certificate` and `--kubelet-client-key`")
                    .breaks(vec!["k8s/1.2.4"]);
            }
            if !component.has("kubelet-certificate-authority") && (is_plain || cx.is_strict()) {
                let message = "the API server does not check which kubelet it talks to: `--kubelet-certificate-authority` is not set";
                subject
                    .report_absence(cx, message)
                    .help("set it to the authority that signs the kubelets' certificates")
                    .breaks(vec!["k8s/1.2.5"]);
            }
        }
        ComponentKind::ControllerManager => gate(subject, "k8s/1.3.6", cx),
        ComponentKind::Kubelet => {
            gate(subject, "k8s/4.2.11", cx);
            let is_file = component.started_by == StartedBy::File;
            let has_certificate = component.has("tls-cert-file")
                || component.switch("rotate-server-certificates") == Some(true);
            if is_file && cx.is_strict() && !has_certificate {
                let message = "this kubelet proves itself by a certificate of its own making";
                subject
                    .report_absence(cx, message)
                    .help("set `serverTLSBootstrap: true`")
                    .breaks(vec!["k8s/4.2.9"]);
            }
            if let Some(flag) = component.flag("rotate-certificates").filter(|flag| flag.value == "false") {
                let message = "the kubelet keeps its certificate until it expires";
                subject.report(cx, flag, message).help("set it to `true`").breaks(vec!["k8s/4.2.10"]);
            }
        }
        _ => {}
    }
}

/// The gate behind which kubelets get their serving certificates anew.
fn gate(subject: &ComponentSubject<'_>, number: &'static str, cx: &mut Context<'_>) {
    let component = subject.component;
    let gates = component.list("feature-gates");
    let is_off = gates.contains(&"RotateKubeletServerCertificate=false");
    if let Some(flag) = component.flag("feature-gates").filter(|_| is_off) {
        let message = "kubelets keep their serving certificates until they expire";
        subject
            .report(cx, flag, message)
            .help("leave `RotateKubeletServerCertificate` on")
            .breaks(vec![number]);
    }
}
