use crate::model::kubernetes::access::{Grant, is_own_role};
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "readable-secrets",
        docs: "A role may read every Secret.

## Why
`list` and `watch` show the contents just as `get` does. Whoever has a ClusterRole that may read Secrets has the credentials of every program of
the cluster, and the tokens of its service accounts.

## Instead
Name the Secrets under `resourceNames`, or mount them into the pods that need them and give nobody the permission.

## Limits
What a Role gives holds for one namespace: reported under the strict profile. The roles that Kubernetes itself brings are left alone.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("5.1.2"), Reference::Cwe(522), Reference::KubeLinter("access-to-secrets"), Reference::Kubescape("C-0015"), Reference::Trivy("KSV-0041"), Reference::Kubescape("C-0186")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let is_cluster = subject.object.kind == "ClusterRole";
    if is_own_role(subject.object) || !is_cluster && !cx.is_strict() {
        return;
    }
    for grant in Grant::all_of(subject.object).iter().filter(|grant| !grant.is_for_named()) {
        let reads = ["get", "list", "watch"].iter().any(|verb| grant.allows(verb));
        let Some(origin) = grant.resource_among(&["secrets"]).filter(|_| reads && grant.has_group("")) else {
            continue;
        };
        let whose = if is_cluster { "the cluster" } else { "the namespace" };
        let message =
            format!("whoever has the role `{}` can read every Secret of {whose}", subject.object.name);
        let draft =
            subject.report(cx, origin, message).help("name the Secrets that it needs under `resourceNames`");
        if !is_cluster {
            draft.at_most(Severity::Low);
        }
    }
}
