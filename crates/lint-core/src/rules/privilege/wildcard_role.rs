use crate::model::kubernetes::access::{Grant, is_own_role};
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "wildcard-role",
        docs: "A role allows everything on everything.

## Why
`*` stands for all verbs and all resources, those that later versions bring among them: reading every Secret, running commands in every pod,
changing roles. Whoever has the role commands the namespace, and with a ClusterRole the cluster.

## Instead
Name what the role is for: the API groups, the resources and the verbs.

## Limits
The roles that Kubernetes itself brings are left alone. A role whose verbs or resources alone are `*` is reported under the strict profile.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("5.1.3"), Reference::Cwe(250), Reference::KubeLinter("wildcard-in-rules"), Reference::Kubescape("C-0187"), Reference::Checkov("CKV_K8S_49"), Reference::Trivy("KSV-0046"), Reference::Trivy("KSV-0044"), Reference::Trivy("KSV-0045")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    if is_own_role(subject.object) {
        return;
    }
    for grant in Grant::all_of(subject.object) {
        let (verbs, resources) = (grant.has_verb("*"), grant.has_resource("*"));
        let what = match (verbs, resources) {
            (true, true) => "everything on all resources",
            (true, false) if cx.is_strict() => "everything on its resources, also what later versions bring",
            (false, true) if cx.is_strict() => "its verbs on all resources, Secrets among them",
            _ => continue,
        };
        let is_whole = verbs && resources && grant.has_group("*");
        let message = format!("the role `{}` allows {what}", subject.object.name);
        let draft = subject
            .report(cx, grant.origin(), message)
            .help("name the resources and the verbs that it is for");
        match (verbs && resources, subject.object.kind == "ClusterRole" && is_whole) {
            (true, true) => {}
            (true, false) => {
                draft.weakened();
            }
            _ => {
                draft.at_most(Severity::Low);
            }
        }
    }
}
