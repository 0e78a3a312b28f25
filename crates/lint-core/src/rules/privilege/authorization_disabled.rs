use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::{ComponentSubject, ObjectSubject};

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "authorization-disabled",
        docs: "The API server, or the kubelet, lets everybody who is known do everything.

## Why
With `AlwaysAllow` there are no roles: each account, and every pod with a token, commands the cluster. Without `RBAC` no role counts; without
`Node` each kubelet may read the Secrets of every other node.

## Instead
Set `--authorization-mode=Node,RBAC`; of the kubelet, `authorization.mode: Webhook`.

## Limits
A kubelet that is started with a configuration file asks the API server unless it is told otherwise; one that is started with flags alone asks nobody.
",
        severity: Severity::Critical,
        stride: &[Stride::ElevationOfPrivilege, Stride::Tampering],
        references: &[Reference::CisKubernetes("1.2.6"), Reference::CisKubernetes("1.2.7"), Reference::CisKubernetes("1.2.8"), Reference::CisKubernetes("4.2.2"), Reference::Cwe(862), Reference::Kubescape("C-0118"), Reference::Kubescape("C-0173"), Reference::Trivy("KCV-0007"), Reference::Trivy("KCV-0008"), Reference::Trivy("KCV-0009"), Reference::Checkov("CKV_K8S_74"), Reference::Checkov("CKV_K8S_75"), Reference::Checkov("CKV_K8S_77"), Reference::Checkov("CKV_K8S_139")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check), Check::Object(check_object)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    let is_kubelet = component.kind == ComponentKind::Kubelet;
    if !is_kubelet && component.kind != ComponentKind::ApiServer || component.has("authorization-config") {
        return;
    }
    let (who, right) = match is_kubelet {
        true => ("the kubelet", "set it to `Webhook`"),
        false => ("the API server", "set it to `Node,RBAC`"),
    };
    let Some(flag) = component.flag("authorization-mode") else {
        // What kubeadm, k3s and the kubelet's file have by default is right.
        if component.started_by == StartedBy::CommandLine {
            let message =
                format!("{who} lets everybody who is known do everything: `--authorization-mode` is not set");
            let numbers = match is_kubelet {
                true => vec!["k8s/4.2.2"],
                false => vec!["k8s/1.2.6", "k8s/1.2.7", "k8s/1.2.8"],
            };
            // Newer releases may have another default.
            subject.report_absence(cx, message).help(right).breaks(numbers).at_most(Severity::High);
        }
        return;
    };
    let modes = component.list("authorization-mode");
    if modes.contains(&"AlwaysAllow") {
        let message = format!("{who} lets everybody who is known do everything: `AlwaysAllow`");
        let mut numbers = vec![if is_kubelet { "k8s/4.2.2" } else { "k8s/1.2.6" }];
        let lacks = |mode: &str| !is_kubelet && !modes.contains(&mode);
        numbers.extend(lacks("Node").then_some("k8s/1.2.7"));
        numbers.extend(lacks("RBAC").then_some("k8s/1.2.8"));
        subject.report(cx, flag, message).help(right).breaks(numbers);
        return;
    }
    if is_kubelet {
        return;
    }
    for (mode, number, why) in [
        ("RBAC", "k8s/1.2.8", "no role counts"),
        ("Node", "k8s/1.2.7", "each kubelet may read what belongs to other nodes"),
    ] {
        if !modes.contains(&mode) {
            let message = format!("the API server does not authorize by `{mode}`, so that {why}");
            let draft = subject.report(cx, flag, message).help(right).breaks(vec![number]);
            draft.at_most(Severity::Medium);
        }
    }
}

/// `AuthorizationConfiguration` says the same of the API server.
fn check_object(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if !object.is("apiserver.config.k8s.io", "AuthorizationConfiguration") {
        return;
    }
    for authorizer in tree::list(&object.value, "authorizers") {
        let kind = tree::get(authorizer, "type").filter(|kind| tree::text(kind) == Some("AlwaysAllow"));
        if let Some(kind) = kind {
            let message = "the API server lets everybody who is known do everything: `AlwaysAllow`";
            subject.report(cx, kind.origin, message).help("use `Node` and `RBAC`").breaks(vec!["k8s/1.2.6"]);
        }
    }
}
