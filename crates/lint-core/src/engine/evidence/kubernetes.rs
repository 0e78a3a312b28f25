//! What the verdicts on a cluster rest on.

use crate::finding::label::Place;
use crate::model::kubernetes::access::{Binding, Grant};
use crate::model::kubernetes::control_plane::{Component, ComponentKind, StartedBy};
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{boolean, integer};
use crate::report::seen::{Evidence, Input};

/// Flags and the recommendations that they speak of.
const FLAGS: &[(ComponentKind, &str, &str)] = &[
    (ComponentKind::ApiServer, "anonymous-auth", "k8s/1.2.1"),
    (ComponentKind::ApiServer, "kubelet-client-certificate", "k8s/1.2.4"),
    (ComponentKind::ApiServer, "kubelet-certificate-authority", "k8s/1.2.5"),
    (ComponentKind::ApiServer, "authorization-mode", "k8s/1.2.6"),
    (ComponentKind::ApiServer, "authorization-mode", "k8s/1.2.7"),
    (ComponentKind::ApiServer, "authorization-mode", "k8s/1.2.8"),
    (ComponentKind::ApiServer, "enable-admission-plugins", "k8s/1.2.9"),
    (ComponentKind::ApiServer, "enable-admission-plugins", "k8s/1.2.10"),
    (ComponentKind::ApiServer, "enable-admission-plugins", "k8s/1.2.11"),
    (ComponentKind::ApiServer, "enable-admission-plugins", "k8s/1.2.3"),
    (ComponentKind::ApiServer, "enable-admission-plugins", "k8s/1.2.14"),
    (ComponentKind::ApiServer, "profiling", "k8s/1.2.15"),
    (ComponentKind::ApiServer, "audit-log-path", "k8s/1.2.16"),
    (ComponentKind::ApiServer, "audit-log-maxage", "k8s/1.2.17"),
    (ComponentKind::ApiServer, "audit-log-maxbackup", "k8s/1.2.18"),
    (ComponentKind::ApiServer, "audit-log-maxsize", "k8s/1.2.19"),
    (ComponentKind::ApiServer, "request-timeout", "k8s/1.2.20"),
    (ComponentKind::ApiServer, "service-account-key-file", "k8s/1.2.22"),
    (ComponentKind::ApiServer, "etcd-certfile", "k8s/1.2.23"),
    (ComponentKind::ApiServer, "tls-cert-file", "k8s/1.2.24"),
    (ComponentKind::ApiServer, "client-ca-file", "k8s/1.2.25"),
    (ComponentKind::ApiServer, "audit-policy-file", "k8s/3.2.1"),
    (ComponentKind::ApiServer, "etcd-cafile", "k8s/1.2.26"),
    (ComponentKind::ApiServer, "encryption-provider-config", "k8s/1.2.27"),
    (ComponentKind::ApiServer, "tls-cipher-suites", "k8s/1.2.29"),
    (ComponentKind::ApiServer, "service-account-extend-token-expiration", "k8s/1.2.30"),
    (ComponentKind::ControllerManager, "terminated-pod-gc-threshold", "k8s/1.3.1"),
    (ComponentKind::ControllerManager, "service-account-private-key-file", "k8s/1.3.4"),
    (ComponentKind::ControllerManager, "root-ca-file", "k8s/1.3.5"),
    (ComponentKind::ControllerManager, "profiling", "k8s/1.3.2"),
    (ComponentKind::ControllerManager, "use-service-account-credentials", "k8s/1.3.3"),
    (ComponentKind::ControllerManager, "bind-address", "k8s/1.3.7"),
    (ComponentKind::Scheduler, "profiling", "k8s/1.4.1"),
    (ComponentKind::Scheduler, "bind-address", "k8s/1.4.2"),
    (ComponentKind::Etcd, "cert-file", "k8s/2.1"),
    (ComponentKind::Etcd, "client-cert-auth", "k8s/2.2"),
    (ComponentKind::Etcd, "peer-cert-file", "k8s/2.4"),
    (ComponentKind::Etcd, "peer-client-cert-auth", "k8s/2.5"),
    (ComponentKind::Kubelet, "anonymous-auth", "k8s/4.2.1"),
    (ComponentKind::Kubelet, "authorization-mode", "k8s/4.2.2"),
    (ComponentKind::Kubelet, "client-ca-file", "k8s/4.2.3"),
    (ComponentKind::Kubelet, "streaming-connection-idle-timeout", "k8s/4.2.5"),
    (ComponentKind::Kubelet, "event-qps", "k8s/4.2.8"),
    (ComponentKind::Kubelet, "read-only-port", "k8s/4.2.4"),
    (ComponentKind::Kubelet, "make-iptables-util-chains", "k8s/4.2.6"),
    (ComponentKind::Kubelet, "tls-cert-file", "k8s/4.2.9"),
    (ComponentKind::Kubelet, "rotate-server-certificates", "k8s/4.2.9"),
    (ComponentKind::Kubelet, "rotate-certificates", "k8s/4.2.10"),
    (ComponentKind::Kubelet, "tls-cipher-suites", "k8s/4.2.12"),
    (ComponentKind::Kubelet, "pod-max-pids", "k8s/4.2.13"),
    (ComponentKind::Kubelet, "seccomp-default", "k8s/4.2.14"),
    (ComponentKind::KubeProxy, "metrics-bind-address", "k8s/4.3.1"),
];

/// What a component does not do unless it is told to.
const BY_SILENCE: &[(ComponentKind, &str)] = &[
    (ComponentKind::ApiServer, "k8s/1.2.2"),
    (ComponentKind::ApiServer, "k8s/1.2.12"),
    (ComponentKind::ApiServer, "k8s/1.2.13"),
    (ComponentKind::ApiServer, "k8s/1.2.21"),
    (ComponentKind::ControllerManager, "k8s/1.3.6"),
    (ComponentKind::Etcd, "k8s/2.3"),
    (ComponentKind::Etcd, "k8s/2.6"),
    (ComponentKind::Kubelet, "k8s/4.2.7"),
    (ComponentKind::Kubelet, "k8s/4.2.11"),
    (ComponentKind::KubeProxy, "k8s/4.3.1"),
];

/// What pods decide by what they say, and by what they do not.
const OF_PODS: [&str; 13] = [
    "k8s/5.2.2",
    "k8s/5.2.3",
    "k8s/5.2.4",
    "k8s/5.2.5",
    "k8s/5.2.6",
    "k8s/5.2.8",
    "k8s/5.2.9",
    "k8s/5.2.10",
    "k8s/5.2.11",
    "k8s/5.2.12",
    "k8s/5.4.1",
    "k8s/5.6.2",
    "k8s/5.6.3",
];

/// What a component is told.
pub(crate) fn of_component(component: &Component) -> Vec<Evidence> {
    let told = FLAGS.iter().filter(|(kind, ..)| *kind == component.kind).filter_map(|(_, name, key)| {
        let flag = component.flag(name)?;
        Some(evidence(component.place(flag), vec![*key]))
    });
    let silent = BY_SILENCE.iter().filter(|(kind, _)| *kind == component.kind);
    let mut keys: Vec<&'static str> = silent.map(|(_, key)| *key).collect();
    // The defaults of the kubelet's file are safe.
    if component.kind == ComponentKind::Kubelet && component.started_by == StartedBy::File {
        keys.extend(["k8s/4.2.1", "k8s/4.2.2", "k8s/4.2.4", "k8s/4.2.5", "k8s/4.2.6", "k8s/4.2.8"]);
    }
    told.chain([evidence(component.head_place(), keys)]).collect()
}

/// What an object speaks of.
pub(crate) fn of_object(object: &Object) -> Vec<Evidence> {
    let about = match object.kind.as_str() {
        _ if !Grant::all_of(object).is_empty() => vec![
            "k8s/5.1.2",
            "k8s/5.1.3",
            "k8s/5.1.4",
            "k8s/5.1.8",
            "k8s/5.1.9",
            "k8s/5.1.10",
            "k8s/5.1.11",
            "k8s/5.1.12",
            "k8s/5.1.13",
        ],
        _ if Binding::of(object).is_some() => vec!["k8s/5.1.1"],
        "Namespace" => vec!["k8s/5.2.1"],
        "NetworkPolicy" => vec!["k8s/5.3.2"],
        "Policy" if object.group == "audit.k8s.io" => vec!["k8s/3.2.1", "k8s/3.2.2"],
        "EncryptionConfiguration" => vec!["k8s/1.2.28"],
        "AuthenticationConfiguration" => vec!["k8s/1.2.1"],
        _ => return Vec::new(),
    };
    vec![evidence(object.place(object.head()), about)]
}

/// What a pod speaks of.
pub(crate) fn of_pod(pod: &Pod<'_>) -> Vec<Evidence> {
    let keeps_token = pod.boolean(&["automountServiceAccountToken"]) == Some(false);
    let of = |container: &PodContainer<'_>| {
        let mut about = OF_PODS.to_vec();
        let user = pod.effective(container, "runAsUser").and_then(|user| integer(user));
        let is_checked = pod.effective(container, "runAsNonRoot").is_some_and(|is| boolean(is) == Some(true));
        if user.map_or(is_checked, |user| user > 0) {
            about.push("k8s/5.2.7");
        }
        if keeps_token {
            about.extend(["k8s/5.1.5", "k8s/5.1.6"]);
        }
        Evidence {
            service: Some(pod.service_name(container)),
            ..evidence(pod.place(container.head()), about)
        }
    };
    pod.containers().iter().map(of).collect()
}

fn evidence(place: Place, about: Vec<&'static str>) -> Evidence {
    Evidence::new(Input::Manifest, place, about)
}
