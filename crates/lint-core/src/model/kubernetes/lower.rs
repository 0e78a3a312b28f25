//! The containers of a pod in the tree that Compose works on: what is judged of a service is then judged of them.
//!
//! Each value stands at the bytes of the manifest that say it. What only Kubernetes has is not here; rules of its own look at that.

mod environment;
mod make;
mod resources;
mod security;
mod storage;

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};
use lint_parser::text::source::SourceFile;

use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::lower::make::Map;
use crate::model::kubernetes::pod::{Pod, PodContainer, Role};
use crate::model::kubernetes::tree::{self, at, get, integer, list, string_at, text};
use crate::model::project::Lowered;
use crate::model::project::besides::Besides;
use crate::model::project::input::{Input, InputKind};

/// Which Dockerfile builds the image of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The Dockerfile, as sources are named.
    pub dockerfile: String,
    /// Its build context.
    pub context: String,
    /// The stage that is built; the last one without.
    pub target: Option<String>,
}

/// A container of a pod as a project of one service, and the files that its values stand in, by number. `build` is what makes its
/// image, where that is known.
#[must_use]
pub fn lowered(
    pod: &Pod<'_>,
    container: &PodContainer<'_>,
    cluster: &Cluster,
    build: Option<&Build>,
) -> (Lowered, Vec<SourceFile>) {
    let mut input = Input::of(InputKind::Kubernetes);
    // A job and what runs before others are asked what any container is, but for what only makes sense of one that stays.
    input.is_ephemeral = container.role == Role::Ephemeral;
    input.is_rootless = pod.has_own_users();
    let head = container.head();
    let mut files = pod.object.files.to_vec();
    let service = service(pod, container, cluster, build, &mut files);
    let mut services = Map::default();
    services.set(&pod.service_name(container), head, service.finish(head));
    let mut root = Map::default();
    root.set("services", head, services.finish(head));
    let lowered = Lowered {
        input,
        tree: Arc::unwrap_or_clone(root.finish(head)),
        directory: String::new(),
        is_open: pod.object.partial,
        besides: Besides::default(),
    };
    (lowered, files)
}

fn service(
    pod: &Pod<'_>,
    container: &PodContainer<'_>,
    cluster: &Cluster,
    build: Option<&Build>,
    files: &mut Vec<SourceFile>,
) -> Map {
    let mut service = Map::default();
    let said = container.value;
    if let Some(entry) = tree::entry(said, &["image"]) {
        service.set("image", entry.key_origin, make::known_or_not(&entry.value));
        if let Some(build) = build {
            service.set("build", entry.key_origin, of_build(build, entry.value.origin));
        }
    }
    let words =
        |name: &str| tree::entry(said, &[name]).filter(|entry| !tree::items(Some(&entry.value)).is_empty());
    // `command` takes the place of both ENTRYPOINT and CMD, as Compose's `entrypoint` does.
    for (name, attribute) in [("command", "entrypoint"), ("args", "command")] {
        if let Some(entry) = words(name) {
            service.set(attribute, entry.key_origin, make::words(&entry.value));
        }
    }
    copy(&mut service, said, "workingDir", "working_dir");
    copy(&mut service, said, "imagePullPolicy", "pull_policy");
    if pod.is_for_windows() {
        let at = pod
            .at(&["os", "name"])
            .or_else(|| pod.at(&["nodeSelector"]))
            .map_or(pod.spec.origin, |os| os.origin);
        service.set("platform", at, make::text("windows/amd64", at));
    }
    policy(&mut service);
    security::add(&mut service, pod, container);
    host(&mut service, pod);
    ports(&mut service, pod, container);
    storage::add(&mut service, pod, container);
    environment::add(&mut service, pod, container, cluster, files);
    resources::add(&mut service, pod, container, cluster);
    health(&mut service, container);
    service
}

fn of_build(build: &Build, origin: Origin) -> Arc<Value> {
    let mut map = Map::default();
    map.set("context", origin, make::text(&build.context, origin));
    let path = crate::files::relative(&build.context, &build.dockerfile);
    map.set("dockerfile", origin, make::text(&path, origin));
    if let Some(target) = &build.target {
        map.set("target", origin, make::text(target, origin));
    }
    map.finish(origin)
}

fn copy(service: &mut Map, said: &Value, name: &str, attribute: &str) {
    if let Some(entry) = tree::entry(said, &[name]).filter(|entry| text(&entry.value).is_some()) {
        service.set(attribute, entry.key_origin, make::known_or_not(&entry.value));
    }
}

/// `Never` and its kin in Compose's words.
fn policy(service: &mut Map) {
    let Some(value) = service.get("pull_policy") else { return };
    let (said, origin) = (text(value).unwrap_or_default().to_owned(), value.origin);
    let own = match said.as_str() {
        "Never" => "never",
        "IfNotPresent" => "missing",
        "Always" => "always",
        _ => return service.remove("pull_policy"),
    };
    service.set("pull_policy", origin, make::text(own, origin));
}

/// The namespaces of the host.
fn host(service: &mut Map, pod: &Pod<'_>) {
    for (name, attribute) in [("hostNetwork", "network_mode"), ("hostPID", "pid"), ("hostIPC", "ipc")] {
        let Some(entry) = tree::entry(pod.spec, &[name]) else { continue };
        if tree::boolean(&entry.value) == Some(true) {
            service.set(attribute, entry.key_origin, make::text("host", entry.value.origin));
        }
    }
}

/// Ports of the node. In the host's network each port is one, which is told of the network.
fn ports(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>) {
    if pod.boolean(&["hostNetwork"]) == Some(true) {
        return;
    }
    for port in list(container.value, "ports") {
        let number = |name: &str| get(port, name).and_then(|value| Some((integer(value)?, value.origin)));
        let Some((inside, inside_at)) = number("containerPort") else { continue };
        match number("hostPort").filter(|(outside, _)| *outside != 0) {
            Some((outside, at)) => {
                let mut map = Map::default();
                map.set("target", inside_at, make::number(inside, inside_at));
                map.set("published", at, make::text(&outside.to_string(), at));
                if let Some(address) = get(port, "hostIP") {
                    map.set("host_ip", address.origin, make::known_or_not(address));
                }
                let protocol = string_at(port, &["protocol"]).map(str::to_ascii_lowercase);
                if let Some(protocol) = protocol.filter(|protocol| protocol != "tcp") {
                    map.set("protocol", at, make::text(&protocol, at));
                }
                service.push("ports", at, map.finish(port.origin));
            }
            None => service.push("expose", inside_at, make::text(&inside.to_string(), inside_at)),
        }
    }
}

/// The kubelet's probes: a program that runs in the container is a health check as Docker has them.
fn health(service: &mut Map, container: &PodContainer<'_>) {
    const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
    let probes = PROBES.iter().filter_map(|name| tree::entry(container.value, &[name]));
    let mut probes = probes.filter(|entry| tree::is_mapping(&entry.value));
    let Some(first) = probes.next() else { return };
    let runs = std::iter::once(first).chain(probes).find_map(|entry| at(&entry.value, &["exec", "command"]));
    let test = match runs {
        Some(command) => {
            let mut words = vec![make::text("CMD", command.origin)];
            words.extend(tree::items(Some(command)).iter().map(make::word));
            make::list(words, command.origin)
        }
        // What the kubelet asks over the network runs no program.
        None => {
            let origin = first.value.origin;
            make::list(vec![make::text("CMD", origin), make::unknown(origin)], origin)
        }
    };
    let mut check = Map::default();
    check.set("test", first.key_origin, test);
    service.set("healthcheck", first.key_origin, check.finish(first.value.origin));
}
