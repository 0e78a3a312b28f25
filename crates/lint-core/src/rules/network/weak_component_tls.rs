use crate::model::kubernetes::control_plane::ComponentKind;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "weak-component-tls",
        docs: "A component accepts encryption that can be broken.

## Why
TLS 1.0 and 1.1 and ciphers with RC4, 3DES or CBC and SHA-1 have known weaknesses; without an ephemeral key exchange, who records the traffic today reads
it once the key is known.

## Instead
Leave `tls-min-version` and `tls-cipher-suites` at their defaults, or ask for `VersionTLS12` or newer and suites with ECDHE and GCM or ChaCha20.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure, Stride::Tampering],
        references: &[Reference::CisKubernetes("1.2.24"), Reference::CisKubernetes("1.2.29"), Reference::CisKubernetes("4.2.12"), Reference::Cwe(327), Reference::Kubescape("C-0143"), Reference::Kubescape("C-0184"), Reference::Checkov("CKV_K8S_105"), Reference::Checkov("CKV_K8S_151"), Reference::Checkov("CKV_K8S_100")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    let number = match component.kind {
        ComponentKind::ApiServer => vec!["k8s/1.2.29"],
        ComponentKind::Kubelet => vec!["k8s/4.2.12"],
        _ => Vec::new(),
    };
    if let Some(flag) = component
        .flag("tls-min-version")
        .filter(|flag| matches!(flag.value.as_str(), "VersionTLS10" | "VersionTLS11"))
    {
        let message = format!("{} accepts TLS that can be broken: `{}`", component.kind.name(), flag.value);
        subject.report(cx, flag, message).help("use `VersionTLS12` or newer").breaks(number.clone());
    }
    if cx.is_strict() && component.is_plain(ComponentKind::ApiServer) && !component.has("tls-cert-file") {
        let message =
            "the API server serves with a certificate of its own making: `--tls-cert-file` is not set";
        let draft =
            subject.report_absence(cx, message).help("give it a certificate of the cluster's authority");
        draft.breaks(vec!["k8s/1.2.24"]).at_most(Severity::Low);
    }
    let suites = component.list("tls-cipher-suites");
    let weak = suites.iter().find(|suite| {
        ["RC4", "3DES", "NULL", "_CBC_", "EXPORT"].iter().any(|word| suite.contains(word))
            || suite.starts_with("TLS_RSA_")
    });
    if let (Some(flag), Some(weak)) = (component.flag("tls-cipher-suites"), weak) {
        let message = format!("{} accepts a cipher that can be broken: `{weak}`", component.kind.name());
        subject
            .report(cx, flag, message)
            .help("keep to suites with ECDHE and GCM or ChaCha20")
            .breaks(number);
    }
}
