use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "component-profiling",
        docs: "A component serves profiles of itself.

## Why
Profiles show the program's memory and what it is doing, and making one takes its time: whoever may ask for them learns much and slows it down.

## Instead
Set `--profiling=false`.

## Limits
That a command line does not say so is reported under the strict profile: the default is to serve them.
",
        severity: Severity::Low,
        stride: &[Stride::InformationDisclosure, Stride::DenialOfService],
        references: &[Reference::CisKubernetes("1.2.15"), Reference::CisKubernetes("1.3.2"), Reference::CisKubernetes("1.4.1"), Reference::Cwe(200), Reference::Kubescape("C-0127"), Reference::Kubescape("C-0145"), Reference::Kubescape("C-0151"), Reference::Checkov("CKV_K8S_90"), Reference::Checkov("CKV_K8S_107"), Reference::Checkov("CKV_K8S_114")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    let number = match component.kind {
        ComponentKind::ApiServer => vec!["k8s/1.2.15"],
        ComponentKind::ControllerManager => vec!["k8s/1.3.2"],
        ComponentKind::Scheduler => vec!["k8s/1.4.1"],
        ComponentKind::KubeProxy | ComponentKind::Kubelet => Vec::new(),
        ComponentKind::Etcd => return,
    };
    let name = component.kind.name();
    match component.flag("profiling") {
        Some(flag) if flag.value == "true" => {
            let message = format!("{name} serves profiles of itself: `{}`", flag.written);
            subject.report(cx, flag, message).help("set it to `false`").breaks(number);
        }
        None if cx.is_strict() && !number.is_empty() && component.started_by != StartedBy::K3s => {
            let message = format!("{name} serves profiles of itself: `--profiling` is not set");
            subject.report_absence(cx, message).help("set `--profiling=false`").breaks(number);
        }
        _ => {}
    }
    if let Some(flag) = component.flag("debug-flags-handler").filter(|flag| flag.value == "true") {
        let message = format!("{name} lets its log level be changed over the network: `{}`", flag.written);
        subject.report(cx, flag, message).help("set it to `false`").breaks(Vec::new());
    }
}
