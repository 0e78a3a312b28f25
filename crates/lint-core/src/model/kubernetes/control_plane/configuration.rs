//! Files that configure components: those of the components themselves, of kubeadm, of k3s and RKE2.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value, ValueKind};
use lint_parser::text::source::SourceFile;

use super::static_pod::flag;
use super::{Component, ComponentKind, Flag, StartedBy};
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::tree::{self, at, entries, get, string_at, text};

/// Fields of `KubeletConfiguration` and the flags that they stand for.
const KUBELET: &[(&str, &str)] = &[
    ("address", "address"),
    ("allowedUnsafeSysctls", "allowed-unsafe-sysctls"),
    ("authentication.anonymous.enabled", "anonymous-auth"),
    ("authentication.webhook.enabled", "authentication-token-webhook"),
    ("authentication.x509.clientCAFile", "client-ca-file"),
    ("authorization.mode", "authorization-mode"),
    ("enableDebugFlagsHandler", "debug-flags-handler"),
    ("enableProfilingHandler", "profiling"),
    ("enableSystemLogQuery", "enable-system-log-query"),
    ("eventRecordQPS", "event-qps"),
    ("featureGates", "feature-gates"),
    ("healthzBindAddress", "healthz-bind-address"),
    ("makeIPTablesUtilChains", "make-iptables-util-chains"),
    ("podPidsLimit", "pod-max-pids"),
    ("protectKernelDefaults", "protect-kernel-defaults"),
    ("readOnlyPort", "read-only-port"),
    ("rotateCertificates", "rotate-certificates"),
    ("seccompDefault", "seccomp-default"),
    ("serverTLSBootstrap", "rotate-server-certificates"),
    ("staticPodURL", "manifest-url"),
    ("streamingConnectionIdleTimeout", "streaming-connection-idle-timeout"),
    ("tlsCertFile", "tls-cert-file"),
    ("tlsCipherSuites", "tls-cipher-suites"),
    ("tlsMinVersion", "tls-min-version"),
    ("tlsPrivateKeyFile", "tls-private-key-file"),
];

const KUBE_PROXY: &[(&str, &str)] = &[
    ("enableProfiling", "profiling"),
    ("featureGates", "feature-gates"),
    ("healthzBindAddress", "healthz-bind-address"),
    ("metricsBindAddress", "metrics-bind-address"),
    ("nodePortAddresses", "nodeport-addresses"),
];

const SCHEDULER: &[(&str, &str)] = &[("enableProfiling", "profiling")];

/// Keys of k3s and RKE2 and the component that their items are flags of.
const K3S: [(&str, ComponentKind); 6] = [
    ("kube-apiserver-arg", ComponentKind::ApiServer),
    ("kube-controller-manager-arg", ComponentKind::ControllerManager),
    ("kube-scheduler-arg", ComponentKind::Scheduler),
    ("etcd-arg", ComponentKind::Etcd),
    ("kubelet-arg", ComponentKind::Kubelet),
    ("kube-proxy-arg", ComponentKind::KubeProxy),
];

pub(super) fn of(object: &Object) -> Vec<Component> {
    let head = tree::origin_of(&object.value, &["kind"]);
    let started_by = if object.is_patch_of_kind { StartedBy::Distribution } else { StartedBy::File };
    let fields = |kind, table| {
        let flags = fields(&object.value, table);
        vec![component(kind, started_by, &object.files, head, flags)]
    };
    match (object.group.as_str(), object.kind.as_str()) {
        ("kubelet.config.k8s.io", "KubeletConfiguration") => fields(ComponentKind::Kubelet, KUBELET),
        ("kubeproxy.config.k8s.io", "KubeProxyConfiguration") => fields(ComponentKind::KubeProxy, KUBE_PROXY),
        ("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration") => {
            fields(ComponentKind::Scheduler, SCHEDULER)
        }
        ("kubeadm.k8s.io", _) => of_kubeadm(object, &object.value),
        ("controlplane.cluster.x-k8s.io" | "bootstrap.cluster.x-k8s.io", _) => of_cluster_api(object),
        ("k3s.io", _) => of_k3s(object),
        ("talos.dev", _) => of_talos(object),
        _ => Vec::new(),
    }
}

fn component(
    kind: ComponentKind,
    started_by: StartedBy,
    files: &Arc<[SourceFile]>,
    head: Origin,
    flags: Vec<Flag>,
) -> Component {
    let files = Arc::clone(files);
    Component { kind, started_by, files, head, heads: Vec::new(), is_for_tests: false, flags }
}

fn fields(root: &Value, table: &[(&str, &str)]) -> Vec<Flag> {
    let found = table.iter().filter_map(|(field, name)| {
        let names: Vec<&str> = field.split('.').collect();
        let value = at(root, &names)?;
        let said = match &value.kind {
            ValueKind::Sequence(items) => {
                items.iter().filter_map(|item| text(item)).collect::<Vec<_>>().join(",")
            }
            ValueKind::Mapping(mapping) => {
                let pairs = mapping.entries.iter();
                let pairs = pairs.filter_map(|entry| Some(format!("{}={}", entry.key, text(&entry.value)?)));
                pairs.collect::<Vec<_>>().join(",")
            }
            _ => text(value)?.to_owned(),
        };
        Some(Flag {
            name: (*name).to_owned(),
            written: (*field).to_owned(),
            value: said,
            origin: value.origin,
        })
    });
    found.collect()
}

/// `extraArgs` are a mapping until v1beta3, and a list of names and values since.
fn arguments(value: Option<&Arc<Value>>) -> Vec<Flag> {
    let Some(value) = value else { return Vec::new() };
    match &value.kind {
        ValueKind::Mapping(mapping) => mapping
            .entries
            .iter()
            .filter_map(|entry| Some(flag(&entry.key, text(&entry.value)?.to_owned(), entry.value.origin)))
            .collect(),
        ValueKind::Sequence(items) => items
            .iter()
            .filter_map(|item| {
                let name = string_at(item, &["name"])?;
                let value = get(item, "value")?;
                Some(flag(name, text(value)?.to_owned(), value.origin))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn of_kubeadm(object: &Object, root: &Value) -> Vec<Component> {
    const PARTS: [(&[&str], &str, ComponentKind); 5] = [
        (&["apiServer"], "extraArgs", ComponentKind::ApiServer),
        (&["controllerManager"], "extraArgs", ComponentKind::ControllerManager),
        (&["scheduler"], "extraArgs", ComponentKind::Scheduler),
        (&["etcd", "local"], "extraArgs", ComponentKind::Etcd),
        (&["nodeRegistration"], "kubeletExtraArgs", ComponentKind::Kubelet),
    ];
    let is_cluster = object.kind == "ClusterConfiguration" || get(root, "apiServer").is_some();
    let started_by = if object.is_patch_of_kind { StartedBy::Distribution } else { StartedBy::Kubeadm };
    let parts = PARTS.iter().filter_map(|(path, key, kind)| {
        let part = at(root, path);
        let flags = arguments(part.and_then(|part| get(part, key)));
        // A cluster has an API server, whether or not its configuration has a word for it.
        let is_whole = is_cluster && !object.is_patch_of_kind;
        let is_there = part.is_some() && !flags.is_empty() || is_whole && *kind == ComponentKind::ApiServer;
        let head = tree::entry(root, path).map(|entry| entry.key_origin);
        let head = head.unwrap_or_else(|| tree::origin_of(root, &["kind"]));
        is_there.then(|| component(*kind, started_by, &object.files, head, flags))
    });
    parts.collect()
}

/// Cluster API has the parts of kubeadm's configuration in one object, or in a template of one.
fn of_cluster_api(object: &Object) -> Vec<Component> {
    const SPECS: [&[&str]; 4] = [
        &["spec", "kubeadmConfigSpec"],
        &["spec", "template", "spec", "kubeadmConfigSpec"],
        &["spec", "template", "spec"],
        &["spec"],
    ];
    const PARTS: [&str; 3] = ["clusterConfiguration", "initConfiguration", "joinConfiguration"];
    let parts = |spec: &Value| PARTS.iter().filter_map(|part| get(spec, part).cloned()).collect::<Vec<_>>();
    let found = SPECS.iter().filter_map(|path| Some(parts(at(&object.value, path)?)));
    let found = found.into_iter().find(|parts| !parts.is_empty()).unwrap_or_default();
    found.iter().flat_map(|part| of_kubeadm(object, part)).collect()
}

/// The components of a file of k3s or RKE2.
fn of_k3s(object: &Object) -> Vec<Component> {
    let mut components = Vec::new();
    for entry in entries(&object.value) {
        let key = entry.key.trim_end_matches('+');
        let Some((_, kind)) = K3S.iter().find(|(name, _)| *name == key) else { continue };
        let items = match &entry.value.kind {
            ValueKind::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        let flags = items.iter().filter_map(|item| {
            let said = text(item)?;
            let (name, value) = said.split_once('=').unwrap_or((said, "true"));
            Some(flag(name.trim_start_matches('-'), value.to_owned(), item.origin))
        });
        components.push(component(*kind, StartedBy::K3s, &object.files, entry.key_origin, flags.collect()));
    }
    components
}

/// The components of a machine of Talos, which has flags of each and fields of the kubelet's file.
fn of_talos(object: &Object) -> Vec<Component> {
    const PARTS: [(&[&str], ComponentKind); 6] = [
        (&["cluster", "apiServer"], ComponentKind::ApiServer),
        (&["cluster", "controllerManager"], ComponentKind::ControllerManager),
        (&["cluster", "scheduler"], ComponentKind::Scheduler),
        (&["cluster", "etcd"], ComponentKind::Etcd),
        (&["cluster", "proxy"], ComponentKind::KubeProxy),
        (&["machine", "kubelet"], ComponentKind::Kubelet),
    ];
    let parts = PARTS.iter().filter_map(|(path, kind)| {
        let entry = tree::entry(&object.value, path)?;
        let mut flags = arguments(get(&entry.value, "extraArgs"));
        if let Some(extra) = get(&entry.value, "extraConfig").filter(|_| *kind == ComponentKind::Kubelet) {
            flags.extend(fields(extra, KUBELET));
        }
        let head = entry.key_origin;
        (!flags.is_empty()).then(|| component(*kind, StartedBy::Distribution, &object.files, head, flags))
    });
    parts.collect()
}
