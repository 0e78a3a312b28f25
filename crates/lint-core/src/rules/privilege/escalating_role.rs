use crate::model::kubernetes::access::{Grant, is_own_role};
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "escalating-role",
        docs: "A role holds a permission from which all others can be had.

## Why
Some permissions are worth more than they look. `escalate` and `bind` let their holder write roles that they do not have; `impersonate` lets
them be somebody else; `nodes/proxy` is the kubelet's own API, which runs commands in every pod of the node and leaves nothing in the audit
log; who creates tokens of service accounts acts as them; who approves certificates or changes admission webhooks decides who is let in.
`pods/exec` is a shell in each pod.

## Instead
Take the permission away. The kubelet's metrics and logs can be read with `nodes/metrics`, `nodes/stats` and `nodes/log`. Where a program needs one
of these for certain objects, name them under `resourceNames`.

## Limits
The roles that Kubernetes itself brings are left alone. What a Role gives holds for one namespace and weighs less. That a role may create pods,
which comes to the same as having their service accounts, is reported under the strict profile.

## When to allow it
For a controller whose task it is, as `nodes/proxy` is for some monitoring and `pods/exec` for a tool of developers.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege, Stride::Spoofing, Stride::Repudiation],
        references: &[Reference::CisKubernetes("5.1.4"), Reference::CisKubernetes("5.1.8"), Reference::CisKubernetes("5.1.9"), Reference::CisKubernetes("5.1.10"), Reference::CisKubernetes("5.1.11"), Reference::CisKubernetes("5.1.12"), Reference::CisKubernetes("5.1.13"), Reference::Cwe(269), Reference::KubeLinter("access-to-create-pods"), Reference::Kubescape("C-0188"), Reference::Kubescape("C-0002"), Reference::Checkov("CKV_K8S_155"), Reference::Checkov("CKV_K8S_156"), Reference::Checkov("CKV_K8S_157"), Reference::Checkov("CKV_K8S_158"), Reference::Trivy("KSV-0047"), Reference::Trivy("KSV-0053"), Reference::Kubescape("C-0191"), Reference::Polaris("clusterrolePodExecAttach"), Reference::Polaris("rolePodExecAttach")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

/// A permission: resources, verbs, what follows from it, whether only the strict profile tells, and the recommendations that it breaks.
type Permission =
    (&'static [&'static str], &'static [&'static str], &'static str, bool, &'static [&'static str]);

const PERMISSIONS: &[Permission] = &[
    (
        &["roles", "clusterroles"],
        &["escalate"],
        "give itself every permission (`escalate`)",
        false,
        &["k8s/5.1.8"],
    ),
    (
        &["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
        &["bind"],
        "take every role (`bind`)",
        false,
        &["k8s/5.1.8"],
    ),
    (
        &["users", "groups", "serviceaccounts", "userextras"],
        &["impersonate"],
        "act as others (`impersonate`)",
        false,
        &["k8s/5.1.8"],
    ),
    (
        &["nodes/proxy"],
        &["get", "create"],
        "run commands in every pod through the kubelet (`nodes/proxy`), which the audit log does not show",
        false,
        &["k8s/5.1.10"],
    ),
    (&["serviceaccounts/token"], &["create"], "make tokens of service accounts", false, &["k8s/5.1.13"]),
    (
        &["certificatesigningrequests/approval"],
        &["update", "patch"],
        "approve certificates",
        false,
        &["k8s/5.1.11"],
    ),
    (
        &["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
        &["create", "update", "patch"],
        "change what the API server admits",
        false,
        &["k8s/5.1.12"],
    ),
    (
        &["pods/exec", "pods/attach", "pods/ephemeralcontainers"],
        &["create", "get", "update", "patch"],
        "run commands in pods",
        false,
        &[],
    ),
    (
        &["persistentvolumes"],
        &["create"],
        "mount any directory of a node by a volume of its own",
        true,
        &["k8s/5.1.9"],
    ),
    (
        &["pods", "deployments", "daemonsets", "jobs", "cronjobs", "statefulsets"],
        &["create"],
        "create pods, and so use every service account of the namespace",
        true,
        &["k8s/5.1.4"],
    ),
];

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    if is_own_role(subject.object) {
        return;
    }
    for grant in Grant::all_of(subject.object).iter().filter(|grant| !grant.is_for_named()) {
        // What allows everything is told as that.
        if grant.has_resource("*") {
            continue;
        }
        let held = PERMISSIONS.iter().find_map(|(resources, verbs, what, is_strict, numbers)| {
            let named =
                grant.resource_among(resources).filter(|_| verbs.iter().any(|verb| grant.allows(verb)))?;
            (!is_strict || cx.is_strict()).then_some((named, *what, *is_strict, *numbers))
        });
        let Some((origin, what, is_strict, numbers)) = held else { continue };
        let message = format!("whoever has the role `{}` can {what}", subject.object.name);
        let draft = subject
            .report(cx, origin, message)
            .help("take it away, or name the objects under `resourceNames`")
            .breaks(numbers.to_vec());
        let draft = if is_strict { draft.at_most(Severity::Low) } else { draft };
        if subject.object.kind == "Role" {
            draft.weakened();
        }
    }
}
