use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "kubelet-read-only-port",
        docs: "The kubelet tells everybody about the pods of its node.

## Why
The read-only port has no encryption and asks for no credentials. It shows the specifications of all pods, with the values of their environment, and
their state.

## Instead
Set `readOnlyPort: 0`.

## Limits
A kubelet that is started with a configuration file has the port closed unless it is told otherwise; one that is started with flags alone has it open.
",
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure, Stride::Spoofing],
        references: &[Reference::CisKubernetes("4.2.4"), Reference::Cwe(200), Reference::Kubescape("C-0175"), Reference::Trivy("KCV-0082"), Reference::Checkov("CKV_K8S_141")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if component.kind != ComponentKind::Kubelet {
        return;
    }
    const HELP: &str = "set it to 0";
    match component.flag("read-only-port") {
        Some(flag) if flag.value != "0" => {
            let message =
                format!("the kubelet shows the pods of its node to everybody, on port {}", flag.value);
            subject.report(cx, flag, message).help(HELP).breaks(vec!["k8s/4.2.4"]);
        }
        None if component.started_by == StartedBy::CommandLine => {
            let message = "the kubelet shows the pods of its node to everybody: `--read-only-port` is not set, and is 10255";
            subject.report_absence(cx, message).help(HELP).breaks(vec!["k8s/4.2.4"]);
        }
        _ => {}
    }
}
