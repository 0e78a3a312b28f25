use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::Flag;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unbounded-component",
        docs: "A component of the cluster waits, or takes in, without limit.

## Why
What has no end holds on to connections and memory: streams of `kubectl exec` that nobody uses any more, requests that nobody answers, events by the
thousand, pods that ended long ago. Whoever makes many of them brings the component down.

## Instead
Leave `streamingConnectionIdleTimeout` (four hours), `--request-timeout` (a minute), `eventRecordQPS` (50) and `--terminated-pod-gc-threshold` (12,500)
at their defaults, or lower them.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[Reference::CisKubernetes("1.2.20"), Reference::CisKubernetes("1.3.1"), Reference::CisKubernetes("4.2.5"), Reference::CisKubernetes("4.2.8"), Reference::Cwe(770), Reference::Kubescape("C-0134"), Reference::Kubescape("C-0144"), Reference::Kubescape("C-0176"), Reference::Checkov("CKV_K8S_95"), Reference::Checkov("CKV_K8S_106"), Reference::Checkov("CKV_K8S_142"), Reference::Checkov("CKV_K8S_146")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let bounds: &[(&str, &str, &str)] = match subject.component.kind {
        ComponentKind::ApiServer => {
            &[("request-timeout", "k8s/1.2.20", "requests to the API server never end")]
        }
        ComponentKind::ControllerManager => {
            &[("terminated-pod-gc-threshold", "k8s/1.3.1", "pods that have ended are never collected")]
        }
        ComponentKind::Kubelet => &[
            ("streaming-connection-idle-timeout", "k8s/4.2.5", "idle streams to the kubelet never end"),
            ("event-qps", "k8s/4.2.8", "the kubelet sends events without limit"),
        ],
        _ => return,
    };
    for (name, number, what) in bounds {
        if let Some(flag) = subject.component.flag(name).filter(|flag| is_none(flag)) {
            let message = format!("{what}: `{}` is `{}`", flag.written, flag.value);
            subject.report(cx, flag, message).help("leave it at its default").breaks(vec![number]);
        }
    }
}

/// `0`, `0s`, `-1`: no bound at all.
fn is_none(flag: &Flag) -> bool {
    let number = flag.value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    number.starts_with('-') || !number.is_empty() && number.chars().all(|c| c == '0')
}
