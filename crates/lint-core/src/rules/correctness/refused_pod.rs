use crate::model::kubernetes::kinds::is_built_in;
use crate::model::kubernetes::refusals::contradictions;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "refused-pod",
        docs: "The API server, or the kubelet, refuses this pod.

## Why
Some settings contradict each other, and the object is refused as a whole, or the pod is never started: a privileged container cannot be kept from
gaining privileges; a user namespace cannot be combined with the host's processes; Windows has no capabilities. It shows when somebody deploys.

## Instead
Take one of the two settings away.
",
        severity: Severity::High,
        references: &[Reference::Url("https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    if !is_built_in(&subject.pod.object.group) {
        return;
    }
    for (origin, message) in contradictions(subject.pod) {
        subject.report(cx, origin, message).help("take one of the two away");
    }
}
