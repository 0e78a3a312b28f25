use crate::model::kubernetes::control_plane::ComponentKind;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "insecure-api-port",
        docs: "The API server listens without encryption and without asking who is there.

## Why
What comes in on the insecure port is not authenticated and not authorized: everybody who reaches it commands the cluster. Kubernetes removed it in
1.24, so that the flag now keeps the API server from starting.

## Instead
Remove `--insecure-port` and `--insecure-bind-address`, and use the secure port.
",
        severity: Severity::Critical,
        stride: &[Stride::Spoofing, Stride::ElevationOfPrivilege],
        references: &[Reference::Cwe(319), Reference::Kubescape("C-0005"), Reference::Checkov("CKV_K8S_86"), Reference::Checkov("CKV_K8S_88")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    if subject.component.kind != ComponentKind::ApiServer {
        return;
    }
    for name in ["insecure-port", "insecure-bind-address", "address"] {
        let Some(flag) = subject.component.flag(name).filter(|flag| flag.value != "0") else { continue };
        let message =
            format!("the API server obeys everybody who reaches its insecure port: `{}`", flag.written);
        let draft = subject
            .report(cx, flag, message)
            .help("remove it: Kubernetes has no such port any more since 1.24");
        if flag.value.starts_with("127.") || flag.value == "localhost" {
            draft.weakened();
        }
    }
}
