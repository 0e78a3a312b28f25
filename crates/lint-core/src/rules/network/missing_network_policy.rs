use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-network-policy",
        docs: "Every pod of the cluster may talk to this one.

## Why
Without a NetworkPolicy that selects a pod, each pod of each namespace reaches all of its ports, and it reaches everything: whoever breaks into one goes on
from there.

## Instead
Write a NetworkPolicy that says who may talk to it, and begin with one that forbids everything for the namespace.

## Limits
Policies may be kept elsewhere. Those of Cilium, Calico and the administrator's count as well.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("5.3.2"), Reference::Cwe(923), Reference::KubeLinter("non-isolated-pod"), Reference::Kubescape("C-0260"), Reference::Polaris("missingNetworkPolicy")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    let is_out_of_reach = pod.boolean(&["hostNetwork"]) == Some(true) || pod.ends || pod.object.partial;
    if is_out_of_reach || subject.cluster.has_policy_for(pod) {
        return;
    }
    let message = "every pod of the cluster may talk to this one: no NetworkPolicy here selects it";
    subject.report(cx, pod.object.head(), message).help("write a NetworkPolicy that says who may");
}
