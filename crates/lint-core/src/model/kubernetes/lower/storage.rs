//! What is mounted into a container.

use std::sync::Arc;

use lint_parser::compose::value::Value;

use crate::model::kubernetes::lower::make::{self, Map};
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{self, boolean_at, get, list, string_at, text};

pub(super) fn add(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>) {
    let volumes = list(pod.spec, "volumes");
    for mount in list(container.value, "volumeMounts") {
        let Some(target) = get(mount, "mountPath") else { continue };
        let named = string_at(mount, &["name"]);
        let volume = volumes.iter().find(|volume| named.is_some() && string_at(volume, &["name"]) == named);
        let map = match volume.and_then(|volume| tree::entry(volume, &["hostPath", "path"])) {
            Some(path) => host_path(mount, &path.value),
            None => other(mount, volume),
        };
        let Some(mut map) = map else { continue };
        map.set("target", target.origin, make::known_or_not(target));
        service.push("volumes", mount.origin, map.finish(mount.origin));
    }
}

/// A directory of the node. `subPath` narrows it.
fn host_path(mount: &Arc<Value>, path: &Arc<Value>) -> Option<Map> {
    let mut map = Map::default();
    map.set("type", mount.origin, make::text("bind", mount.origin));
    let narrowed = get(mount, "subPath").and_then(|sub| text(sub)).filter(|sub| !sub.is_empty());
    let source = match narrowed {
        // A variable may lead anywhere below.
        _ if get(mount, "subPathExpr").is_some() => make::unknown(path.origin),
        Some(sub) => make::text(&crate::files::join(text(path)?, sub), path.origin),
        None => make::known_or_not(path),
    };
    map.set("source", path.origin, source);
    read_only(mount, &mut map, false);
    let spread = match string_at(mount, &["mountPropagation"]) {
        Some("Bidirectional") => "rshared",
        Some("HostToContainer") => "rslave",
        _ => return Some(map),
    };
    let mut bind = Map::default();
    let origin = tree::origin_of(mount, &["mountPropagation"]);
    bind.set("propagation", origin, make::text(spread, origin));
    map.set("bind", origin, bind.finish(origin));
    Some(map)
}

/// A volume that holds nothing of the node. What Kubernetes writes into it is not for the container to change.
fn other(mount: &Arc<Value>, volume: Option<&Arc<Value>>) -> Option<Map> {
    let has = |name: &str| volume.is_some_and(|volume| get(volume, name).is_some());
    let mut map = Map::default();
    let in_memory = volume.and_then(|volume| string_at(volume, &["emptyDir", "medium"])) == Some("Memory");
    let kind = if in_memory { "tmpfs" } else { "volume" };
    map.set("type", mount.origin, make::text(kind, mount.origin));
    let is_fixed = ["configMap", "secret", "projected", "downwardAPI", "image"].iter().any(|name| has(name));
    read_only(mount, &mut map, is_fixed);
    Some(map)
}

fn read_only(mount: &Arc<Value>, map: &mut Map, is_fixed: bool) {
    if is_fixed || boolean_at(mount, &["readOnly"]) == Some(true) {
        let origin = tree::origin_of(mount, &["readOnly"]);
        map.set("read_only", origin, make::boolean(true, origin));
    }
}
