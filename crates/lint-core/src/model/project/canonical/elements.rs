//! Ports, mounts and devices in the long syntax, with what Compose adds to it.

use std::collections::HashMap;

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Form, Item};
use lint_parser::compose::ast::mount::{Device, DeviceRequest, Mount};
use lint_parser::compose::ast::network::Port;
use lint_parser::compose::ast::scalar::{FileMode, MountType, PortRange};
use lint_parser::compose::long::{Long, Node, NodeKind};
use lint_parser::compose::value::{ScalarKind, Value};

use crate::files::normalise;
use crate::model::project::canonical::fill_empty;
use crate::model::project::canonical::paths::Paths;

/// A published range is one entry for each of its ports; a hostile range would be 65,536 of them, many times over.
const MOST_PORTS: u32 = 1024;

const PORT: [&str; 7] = ["name", "mode", "host_ip", "target", "published", "protocol", "app_protocol"];
const MOUNT: [&str; 9] =
    ["type", "source", "target", "read_only", "consistency", "bind", "volume", "tmpfs", "image"];
const DEVICE: [&str; 3] = ["source", "target", "permissions"];
const BIND: [&str; 4] = ["selinux", "propagation", "recursive", "create_host_path"];

/// Puts the entries of a mapping into the order in which the specification lists them, defaults among them.
pub(super) fn order(node: &mut Node, keys: &[&str]) {
    if let NodeKind::Map(entries) = &mut node.kind {
        let place = |key: &str| keys.iter().position(|known| *known == key).unwrap_or(keys.len());
        entries.sort_by_key(|(key, _)| place(key));
    }
}

/// A port as one entry for each port in the container.
pub(super) fn port(item: &Item<Port>) -> Vec<Node> {
    let port = &item.value;
    let mut node = Node { kind: port.long(), origin: Some(item.origin) };
    // What is written as nothing is nothing; what is not written has a default.
    if port.mode.is_none() {
        node.set("mode", Node::text("ingress"));
    }
    match node.get_mut("protocol") {
        Some(Node { kind: NodeKind::Text(protocol), .. }) if port.form != Form::Long => {
            *protocol = protocol.to_ascii_lowercase();
        }
        None if port.protocol.is_none() => node.set("protocol", Node::text("tcp")),
        _ => {}
    }
    order(&mut node, &PORT);
    let range = |field: &ast::field::Attribute<ast::field::Cast<PortRange>>| {
        field.as_deref().and_then(|field| field.value.known().copied())
    };
    let (target, published) = (range(&port.target), range(&port.published));
    let Some(inside) = target else { return vec![node] };
    if inside.first == 0 {
        node.remove("target");
        return vec![node];
    }
    let origin = port.target.as_deref().map(|field| field.origin);
    let count = inside.count();
    if count > MOST_PORTS {
        return vec![node];
    }
    let outside = published.filter(|outside| outside.count() == count && count > 1);
    (0..count)
        .map(|at| {
            let mut one = node.clone();
            let target = i64::from(u32::from(inside.first) + at);
            one.set("target", Node { kind: NodeKind::Integer(target), origin });
            if let (Some(outside), Some(published)) = (outside, one.get_mut("published")) {
                published.kind = NodeKind::Text((u32::from(outside.first) + at).to_string());
            }
            one
        })
        .collect()
}

/// How the port of the host is written. To Compose the number 80 and the text "80" are two, and so are nothing and the
/// empty text.
pub(super) fn published(item: &Item<Port>, port: Option<&Value>) -> &'static str {
    let Form::Long = item.value.form else { return "text" };
    let written = port.and_then(|port| port.get("published")).and_then(|entry| entry.value.as_scalar());
    match written {
        Some(scalar) if scalar.kind == ScalarKind::Int => "number",
        Some(scalar) if scalar.text.is_empty() => "empty",
        _ => "text",
    }
}

/// A path of the container as Go cleans it: without doubled and last slashes, `.` and `..`.
fn cleaned(path: &str) -> String {
    match path.trim_start_matches('/') {
        rest if rest.len() + 1 < path.len() => normalise(&format!("/{rest}")),
        _ => normalise(path),
    }
}

/// Ports without those that are there twice, of which the last counts. A range is compared port by port.
pub(super) fn distinct_ports(ports: Vec<(Node, &'static str)>) -> Vec<Node> {
    let mut kept: Vec<Node> = Vec::with_capacity(ports.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for (port, written) in ports {
        let part = |key: &str| match port.get(key).map(|node| &node.kind) {
            Some(NodeKind::Text(text)) => text.clone(),
            Some(NodeKind::Integer(number)) => number.to_string(),
            _ => String::new(),
        };
        let address =
            Some(part("host_ip")).filter(|ip| !ip.is_empty()).unwrap_or_else(|| "0.0.0.0".to_owned());
        let key =
            format!("{address}:{written}:{}:{}/{}", part("published"), part("target"), part("protocol"));
        match places.get(&key) {
            Some(&at) => kept[at] = port,
            None => {
                places.insert(key, kept.len());
                kept.push(port);
            }
        }
    }
    kept
}

pub(super) fn mount(item: &Item<Mount>, paths: &Paths<'_>) -> Node {
    let mount = &item.value;
    let mut node = Node { kind: mount.long(), origin: Some(item.origin) };
    let is_short = matches!(mount.form, Form::Short(_));
    let source = mount.source.as_deref().map_or("", |source| source.value.as_str());
    let kind = mount.kind.as_deref().and_then(|kind| kind.value.known().copied()).unwrap_or_else(|| {
        match source.starts_with(['.', '/', '~', '\\']) {
            true => MountType::Bind,
            false => MountType::Volume,
        }
    });
    let kind_origin = mount.kind.as_deref().map(|field| field.origin);
    node.set("type", Node { kind: NodeKind::Text(kind.word().to_owned()), origin: kind_origin });
    if let Some(target) = node.get_mut("target")
        && let NodeKind::Text(text) = &mut target.kind
    {
        *text = cleaned(text);
    }
    let empty = || Node::made(NodeKind::Map(Vec::new()));
    match kind {
        MountType::Bind => {
            if let Some(source) = node.get_mut("source") {
                paths.resolve(source);
            }
            if is_short {
                if node.get("bind").is_none() {
                    node.set("bind", empty());
                }
                if let Some(bind) = node.get_mut("bind") {
                    bind.set("create_host_path", Node::made(NodeKind::Bool(true)));
                }
            }
        }
        MountType::Volume => {
            // Compose takes two characters for a path before it looks at anything else.
            let is_tiny = matches!(&mount.form, Form::Short(text) if text.as_str().len() <= 2);
            if is_short && !is_tiny && node.get("volume").is_none() {
                node.set("volume", empty());
            }
        }
        MountType::Tmpfs | MountType::Cluster | MountType::Npipe | MountType::Image => {}
    }
    let mode = mount.tmpfs.as_deref().and_then(|tmpfs| tmpfs.value.mode.as_deref());
    if let (Some(FileMode(mode)), Some(tmpfs)) =
        (mode.and_then(|mode| mode.value.known().copied()), node.get_mut("tmpfs"))
    {
        match mode {
            0 => drop(tmpfs.remove("mode")),
            _ => tmpfs
                .set("mode", Node { kind: NodeKind::Integer(i64::from(mode)), origin: Some(item.origin) }),
        }
    }
    if let Some(bind) = node.get_mut("bind") {
        order(bind, &BIND);
    }
    if let Some(volume) = node.get_mut("volume") {
        fill_empty(volume.get_mut("labels"));
    }
    order(&mut node, &MOUNT);
    node
}

/// A device; only the short syntax has defaults.
pub(super) fn device(node: &mut Node, device: &Device) {
    let source = node.get("source").and_then(Node::as_text).map(str::to_owned);
    if device.form != Form::Long {
        if let (None, Some(source)) = (node.get("target"), source) {
            node.set("target", Node::text(source));
        }
        if device.permissions.is_none() {
            node.set("permissions", Node::text("rwm"));
        }
    }
    order(node, &DEVICE);
}

/// A request for devices: without a number it asks for all.
pub(super) fn request(node: &mut Node, request: &DeviceRequest) {
    if request.count.is_none() && request.device_ids.is_none() {
        node.set("count", Node::made(NodeKind::Integer(-1)));
    }
}
