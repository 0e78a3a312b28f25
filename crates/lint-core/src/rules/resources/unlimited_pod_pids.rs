use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unlimited-pod-pids",
        docs: "The kubelet lets each pod start as many processes as the node can bear.

## Why
A pod that forks without end takes the node's process table, and with it every other pod and the kubelet. A manifest cannot set this limit; only the
kubelet can.

## Instead
Set `podPidsLimit`, to some thousands.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[Reference::CisKubernetes("4.2.13"), Reference::Cwe(770), Reference::Kubescape("C-0284")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if component.kind != ComponentKind::Kubelet {
        return;
    }
    let message = "each pod may start as many processes as the node can bear: `podPidsLimit` is not set";
    let draft = match component.flag("pod-max-pids") {
        Some(flag) if flag.value.parse::<i64>().is_ok_and(|limit| limit > 0) => return,
        Some(flag) => subject.report(cx, flag, message),
        None if matches!(component.started_by, StartedBy::File | StartedBy::CommandLine) => {
            subject.report_absence(cx, message)
        }
        None => return,
    };
    draft.help("set `podPidsLimit`, for example to 4096").breaks(vec!["k8s/4.2.13"]);
}
