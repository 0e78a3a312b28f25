use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unchecked-client-certificates",
        docs: "The API server, or the kubelet, cannot tell who is asking.

## Why
Components of a cluster know one another by certificates, and accounts by tokens. Without the authority that signs the certificates nobody can show one,
and what is left are anonymous requests; a kubelet that does not ask the API server about tokens knows no account.

## Instead
Set `--client-ca-file`; of the kubelet, `authentication.x509.clientCAFile`, and leave `authentication.webhook.enabled` on.

## Limits
That a `KubeletConfiguration` does not name an authority is reported under the strict profile: kubeadm adds it.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing],
        references: &[Reference::CisKubernetes("1.2.25"), Reference::CisKubernetes("4.2.2"), Reference::CisKubernetes("4.2.3"), Reference::Cwe(287), Reference::Kubescape("C-0139"), Reference::Kubescape("C-0174"), Reference::Checkov("CKV_K8S_140")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    let (number, help) = match component.kind {
        ComponentKind::ApiServer => ("k8s/1.2.25", "set `--client-ca-file`"),
        ComponentKind::Kubelet => ("k8s/4.2.3", "set `authentication.x509.clientCAFile`"),
        _ => return,
    };
    if let Some(flag) = component.flag("authentication-token-webhook").filter(|flag| flag.value == "false") {
        let message = format!("the kubelet knows no account by its token: `{}` is `false`", flag.written);
        subject.report(cx, flag, message).help("set it to `true`").breaks(vec!["k8s/4.2.2"]);
    }
    let name = component.kind.name();
    match component.flag("client-ca-file") {
        Some(flag) if flag.value.is_empty() => {
            let message = format!("{name} checks no certificates of clients: `{}` is empty", flag.written);
            subject.report(cx, flag, message).help(help).breaks(vec![number]);
        }
        Some(_) => {}
        None if component.started_by == StartedBy::CommandLine
            || component.started_by == StartedBy::File && cx.is_strict() =>
        {
            let message = format!("{name} checks no certificates of clients: it has no authority for them");
            subject.report_absence(cx, message).help(help).breaks(vec![number]);
        }
        None => {}
    }
}
