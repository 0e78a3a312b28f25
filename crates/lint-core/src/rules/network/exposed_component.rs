use crate::model::kubernetes::control_plane::ComponentKind;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "exposed-component",
        docs: "A component of the control plane or of a node shows its insides to the network.

## Why
Metrics and profiles tell what runs where, how much, and sometimes with which arguments; kube-proxy's metrics port serves profiles too, where they are
switched on. The ports of the scheduler and the controller manager are for the node alone. Guides of monitoring ask for `0.0.0.0`, and leave it open to
everybody.

## Instead
Bind them to `127.0.0.1`, and let monitoring in through a proxy that asks for credentials.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure, Stride::Tampering],
        references: &[Reference::CisKubernetes("1.3.7"), Reference::CisKubernetes("1.4.2"), Reference::CisKubernetes("4.3.1"), Reference::Cwe(200), Reference::Kubescape("C-0150"), Reference::Kubescape("C-0152"), Reference::Checkov("CKV_K8S_113"), Reference::Checkov("CKV_K8S_115")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    shown(subject, cx);
    let (name, number) = match component.kind {
        ComponentKind::KubeProxy => ("metrics-bind-address", Some("k8s/4.3.1")),
        ComponentKind::ControllerManager => ("bind-address", Some("k8s/1.3.7")),
        ComponentKind::Scheduler => ("bind-address", Some("k8s/1.4.2")),
        ComponentKind::Etcd => ("listen-metrics-urls", None),
        ComponentKind::Kubelet => ("healthz-bind-address", None),
        ComponentKind::ApiServer => return,
    };
    let Some(flag) = component.flag(name).filter(|flag| is_everywhere(&flag.value)) else { return };
    let what = match component.kind {
        ComponentKind::KubeProxy => "the metrics of kube-proxy, and its profiles where they are on,",
        ComponentKind::Etcd => "the metrics of etcd",
        ComponentKind::Kubelet => "the state of the kubelet",
        ComponentKind::Scheduler => "the scheduler's port",
        _ => "the controller manager's port",
    };
    let message = format!("{what} can be reached from everywhere: `{}` is `{}`", flag.written, flag.value);
    let draft =
        subject.report(cx, flag, message).help("bind it to `127.0.0.1`").breaks(number.into_iter().collect());
    // These two ask for credentials.
    if matches!(
        component.kind,
        ComponentKind::Scheduler | ComponentKind::ControllerManager | ComponentKind::Kubelet
    ) {
        draft.at_most(Severity::Low);
    }
}

fn is_everywhere(address: &str) -> bool {
    let address = address.trim_start_matches("https://").trim_start_matches("http://");
    address == "::" || ["0.0.0.0", "[::]", ":::"].iter().any(|open| address.starts_with(open))
}

/// What is shown to more than those who need it, on a port that asks for credentials.
fn shown(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if let Some(flag) = component.flag("enable-system-log-query").filter(|flag| flag.value == "true") {
        let message =
            "whoever may reach the kubelet through `nodes/proxy` reads the logs of the node's own services";
        subject.report(cx, flag, message).help("leave it off").breaks(Vec::new()).at_most(Severity::Low);
    }
    let origins = component.list("cors-allowed-origins");
    let is_open = |origin: &&str| matches!(*origin, "*" | ".*" | "^.*$" | "//.*");
    if let Some(flag) = component.flag("cors-allowed-origins").filter(|_| origins.iter().any(is_open)) {
        let message = "every page that somebody opens may ask the API server in their browser: `--cors-allowed-origins`";
        subject.report(cx, flag, message).help("name the origins that need it").breaks(Vec::new());
    }
}
