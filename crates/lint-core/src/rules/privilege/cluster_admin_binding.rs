use crate::model::kubernetes::access::{Binding, is_everybody};
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "cluster-admin-binding",
        docs: "The role that may do everything in the cluster is given away.

## Why
`cluster-admin` commands the whole cluster: every Secret, every node, every role. A service account that has it makes each of its pods a way
to all of that: whoever breaks into one, or may create a pod with that account, is the cluster's administrator.

## Instead
Write a role with the permissions that are needed, and bind that.

## Limits
The binding of the group `system:masters`, which Kubernetes makes by itself, is left alone. What a RoleBinding gives holds for one namespace and
weighs less.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("5.1.1"), Reference::Cwe(250), Reference::KubeLinter("cluster-admin-role-binding"), Reference::Kubescape("C-0185"), Reference::Polaris("clusterrolebindingClusterAdmin"), Reference::Trivy("KSV-0111"), Reference::Kubescape("C-0035")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let Some(binding) = Binding::of(subject.object).filter(|binding| binding.role == "cluster-admin") else {
        return;
    };
    let is_cluster = subject.object.kind == "ClusterRoleBinding";
    for (kind, name, origin) in &binding.subjects {
        let who = match *kind {
            _ if is_everybody(name) || *name == "system:masters" => continue,
            "ServiceAccount" => format!("the pods of the service account `{name}` may"),
            "Group" => format!("the group `{name}` may"),
            _ => format!("`{name}` may"),
        };
        let reach = if is_cluster { "in the whole cluster" } else { "in this namespace" };
        let message = format!("{who} do everything {reach}: the binding gives `cluster-admin`");
        let draft =
            subject.report(cx, *origin, message).help("bind a role with the permissions that are needed");
        if !is_cluster {
            draft.weakened();
        }
    }
}
