use crate::model::kubernetes::control_plane::ComponentKind;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "static-token-file",
        docs: "The API server takes tokens, or passwords, from a file.

## Why
The file holds them as they are, for ever: none expires, and one that has leaked can only be taken back by a restart. Whoever has it is whom it says.

## Instead
Use certificates, the tokens of service accounts, or an identity provider.
",
        severity: Severity::High,
        stride: &[Stride::Spoofing],
        references: &[Reference::CisKubernetes("1.2.2"), Reference::Cwe(256), Reference::Kubescape("C-0114"), Reference::Trivy("KCV-0002"), Reference::Checkov("CKV_K8S_70")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    if subject.component.kind != ComponentKind::ApiServer {
        return;
    }
    for name in ["token-auth-file", "basic-auth-file"] {
        if let Some(flag) = subject.component.flag(name) {
            let message =
                format!("the API server takes credentials that never expire from a file: `{}`", flag.written);
            subject
                .report(cx, flag, message)
                .help("remove it, and use certificates or an identity provider")
                .breaks(vec!["k8s/1.2.2"]);
        }
    }
}
