//! One service in canonical form.

use std::sync::Arc;

use lint_parser::compose::ast;
use lint_parser::compose::ast::mount::Gpus;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::long::{Long, Node, NodeKind};
use lint_parser::compose::value::ValueKind;
use lint_parser::shell::split::split;

use crate::model::project::canonical::elements::{
    device, distinct_ports, mount, order, port, published, request,
};
use crate::model::project::canonical::paths::Paths;
use crate::model::project::canonical::{fill_empty, text};
use crate::model::project::effective::Project;
use crate::model::project::service::Service;
use crate::model::project::variables::Variable;

/// The service.
pub(super) fn canonical(project: &Project, service: &Service, paths: &Paths<'_>) -> Node {
    let spec = &service.spec;
    let mut node = Node { kind: spec.long(), origin: Some(service.value.origin) };
    for taken_in in ["extends", "env_file", "label_file"] {
        node.remove(taken_in);
    }
    let written =
        |name: &str| spec.environment.as_deref().is_some_and(|field| field.value.get(name).is_some());
    let mut environment = service.environment();
    // A name alone passes the variable on from wherever Compose runs; in an `env_file` it says nothing there.
    environment.retain(|variable| variable.value.is_some() || written(variable.name.as_str()));
    variables(&mut node, "environment", environment);
    variables(&mut node, "labels", service.labels());
    fill_empty(node.get_mut("labels"));
    fill_empty(node.get_mut("annotations"));
    fill_empty(node.get_mut("sysctls"));
    command(&mut node, "command", spec.command.as_deref().map(|field| &field.value));
    command(&mut node, "entrypoint", spec.entrypoint.as_deref().map(|field| &field.value));
    health(&mut node, spec);
    hooks(&mut node, spec);
    if let Some(build) = node.get_mut("build") {
        self::build(build, service, paths);
    }
    published_ports(&mut node, service);
    if let Some(mounts) = spec.volumes.as_deref().filter(|mounts| !mounts.value.is_empty()) {
        let items = mounts.value.items.iter().map(|item| mount(item, paths)).collect();
        replace(&mut node, "volumes", NodeKind::List(items));
    }
    let devices = spec.devices.iter().flat_map(|devices| devices.value.iter());
    for (item, written) in list(node.get_mut("devices")).zip(devices) {
        device(item, written);
    }
    let grants = spec.secrets.iter().flat_map(|secrets| &secrets.value.items);
    for (item, grant) in list(node.get_mut("secrets")).zip(grants) {
        if grant.value.target.is_none() {
            let source = item.get("source").and_then(Node::as_text).unwrap_or_default();
            item.set("target", Node::text(format!("/run/secrets/{source}")));
        }
        order(item, &GRANT);
    }
    collapse_limits(node.get_mut("ulimits"));
    numbers(&mut node);
    emptied(&mut node, service);
    dependencies(project, service, &mut node);
    networks(&mut node, service);
    scale(&mut node);
    deploy(node.get_mut("deploy"));
    develop(&mut node, spec, paths);
    sort_hosts(node.get_mut("extra_hosts"));
    provider(node.get_mut("provider"));
    for (key, keys) in [("healthcheck", HEALTH.as_slice()), ("blkio_config", &BLKIO)] {
        if let Some(node) = node.get_mut(key) {
            order(node, keys);
        }
    }
    if let Some(Node { kind: NodeKind::Map(options), .. }) =
        node.get_mut("logging").and_then(|logging| logging.get_mut("options"))
    {
        for (_, option) in options {
            text(option);
        }
    }
    fill_empty(node.get_mut("logging").and_then(|logging| logging.get_mut("options")));
    fill_empty(node.get_mut("storage_opt"));
    requests(&mut node, spec);
    order(&mut node, &["profiles"]);
    node
}

/// The ports, each once.
fn published_ports(node: &mut Node, service: &Service) {
    let Some(ports) = service.spec.ports.as_deref().filter(|ports| !ports.value.is_empty()) else { return };
    // Where elements were left out, positions are not those of what is written.
    let written = service.value.get("ports").map(|entry| &entry.value.kind);
    let written = match written {
        Some(ValueKind::Sequence(items)) if items.len() == ports.value.items.len() => items.as_slice(),
        _ => [].as_slice(),
    };
    let one = |(at, item)| {
        let published = published(item, written.get(at).map(Arc::as_ref));
        port(item).into_iter().map(move |node| (node, published))
    };
    let items = distinct_ports(ports.value.items.iter().enumerate().flat_map(one).collect());
    replace(node, "ports", NodeKind::List(items));
}

/// What is asked of devices that count.
fn requests(node: &mut Node, spec: &ast::service::Service) {
    let resources = spec.deploy.as_deref().and_then(|deploy| deploy.value.resources.as_deref());
    let reservations = resources.and_then(|resources| resources.value.reservations.as_deref());
    let reserved = reservations.and_then(|reservations| reservations.value.devices.as_deref());
    let path = ["deploy", "resources", "reservations", "devices"];
    let devices = path.into_iter().try_fold(&mut *node, |node, key| node.get_mut(key));
    for (item, written) in list(devices).zip(reserved.iter().flat_map(|list| list.value.iter())) {
        request(item, written);
        fill_empty(item.get_mut("options"));
        order(item, &REQUEST);
    }
    let gpus = match spec.gpus.as_deref().map(|gpus| &gpus.value) {
        Some(Gpus::Requests(requests)) => requests.items.as_slice(),
        _ => &[],
    };
    for (item, written) in list(node.get_mut("gpus")).zip(gpus) {
        request(item, &written.value);
        fill_empty(item.get_mut("options"));
    }
    for item in list(node.get_mut("gpus")) {
        order(item, &REQUEST);
    }
}

/// Each option of a provider is a list.
fn provider(node: Option<&mut Node>) {
    let Some(Node { kind: NodeKind::Map(options), .. }) = node.and_then(|node| node.get_mut("options"))
    else {
        return;
    };
    for (_, value) in options.iter_mut().filter(|(_, value)| !matches!(value.kind, NodeKind::List(_))) {
        value.kind = NodeKind::List(vec![value.clone()]);
    }
    for (_, value) in options {
        for item in list(Some(value)) {
            text(item);
        }
    }
}

/// Puts something else where an attribute is, with the attribute's place.
fn replace(node: &mut Node, key: &str, kind: NodeKind) {
    match node.get_mut(key) {
        Some(old) => old.kind = kind,
        None => add(node, key, Node::made(kind)),
    }
}

/// Adds an attribute of the service, in the order of the others: that of their names.
fn add(node: &mut Node, key: &str, value: Node) {
    if let NodeKind::Map(entries) = &mut node.kind {
        let at = entries.iter().position(|(name, _)| name.as_str() > key || name.starts_with("x-"));
        entries.insert(at.unwrap_or(entries.len()), (key.to_owned(), value));
    }
}

const DEPENDENCY: [&str; 3] = ["condition", "restart", "required"];
const BUILD: [&str; 3] = ["context", "dockerfile", "dockerfile_inline"];
const HEALTH: [&str; 7] =
    ["test", "timeout", "interval", "retries", "start_period", "start_interval", "disable"];
const BLKIO: [&str; 6] = [
    "weight",
    "weight_device",
    "device_read_bps",
    "device_read_iops",
    "device_write_bps",
    "device_write_iops",
];
const REQUEST: [&str; 5] = ["capabilities", "driver", "count", "device_ids", "options"];
const WATCH: [&str; 3] = ["path", "action", "target"];
const DEPLOY: [&str; 9] = [
    "mode",
    "replicas",
    "labels",
    "update_config",
    "rollback_config",
    "resources",
    "restart_policy",
    "placement",
    "endpoint_mode",
];
const RESERVATIONS: [&str; 5] = ["cpus", "memory", "pids", "devices", "generic_resources"];
const GRANT: [&str; 5] = ["source", "target", "uid", "gid", "mode"];
/// The elements of a list.
fn list(node: Option<&mut Node>) -> impl Iterator<Item = &mut Node> {
    let items = match node {
        Some(Node { kind: NodeKind::List(items), .. }) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut()
}

fn variables(node: &mut Node, key: &str, variables: Vec<Variable>) {
    if variables.is_empty() {
        return;
    }
    let mut entries: Vec<(String, Node)> = variables
        .into_iter()
        .map(|variable| {
            let kind = variable.value.as_ref().map_or(NodeKind::Null, Long::long);
            (variable.name.as_str().to_owned(), Node { kind, origin: Some(variable.origin) })
        })
        .collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    replace(node, key, NodeKind::Map(entries));
}

/// A command line as its words: Compose splits it, and runs no shell.
fn command(node: &mut Node, key: &str, command: Option<&Command>) {
    let Some(Command::Line(line)) = command else { return };
    let Some(attribute) = node.get_mut(key).filter(|node| node.as_text().is_some()) else { return };
    if let Ok(split) = split(&line.mapped) {
        let word = |word: &lint_parser::text::mapped::Mapped| Node {
            kind: NodeKind::Text(word.text().to_owned()),
            origin: Some(line.origin),
        };
        attribute.kind = NodeKind::List(split.words.iter().map(word).collect());
    }
}

fn health(node: &mut Node, spec: &ast::service::Service) {
    let Some(health) = &spec.healthcheck else { return };
    if let Some(test) = node.get_mut("healthcheck").and_then(|health| health.get_mut("test"))
        && let Some(Command::Line(line)) = health.value.test.as_deref().map(|test| &test.value)
    {
        let word = |text: &str| Node { kind: NodeKind::Text(text.to_owned()), origin: Some(line.origin) };
        test.kind = NodeKind::List(vec![word("CMD-SHELL"), word(line.as_str())]);
    }
    if let Some(health) = node.get_mut("healthcheck")
        && health.get("test").is_some_and(|test| test.kind == NodeKind::List(Vec::new()))
    {
        health.remove("test");
    }
}

fn hooks(node: &mut Node, spec: &ast::service::Service) {
    for (key, hooks) in
        [("pre_start", &spec.pre_start), ("post_start", &spec.post_start), ("pre_stop", &spec.pre_stop)]
    {
        let written = hooks.iter().flat_map(|hooks| &hooks.value.items);
        for (item, hook) in list(node.get_mut(key)).zip(written) {
            command(item, "command", hook.value.command.as_deref().map(|field| &field.value));
        }
    }
}

fn develop(node: &mut Node, spec: &ast::service::Service, paths: &Paths<'_>) {
    let watches = spec.develop.as_deref().and_then(|develop| develop.value.watch.as_deref());
    let Some(develop) = node.get_mut("develop") else { return };
    let written = watches.into_iter().flat_map(|watches| &watches.value.items);
    for (node, watch) in list(develop.get_mut("watch")).zip(written) {
        if let Some(path) = node.get_mut("path") {
            paths.resolve(path);
        }
        order(node, &WATCH);
        if let (Some(hook), Some(exec)) = (&watch.value.exec, node.get_mut("exec")) {
            command(exec, "command", hook.value.command.as_deref().map(|field| &field.value));
        }
    }
}

/// Hosts stand in the order of their names, and the addresses of one in theirs.
fn sort_hosts(node: Option<&mut Node>) {
    if let Some(Node { kind: NodeKind::List(hosts), .. }) = node {
        hosts.sort_by_cached_key(|host| host.as_text().map(str::to_owned));
    }
}

fn build(build: &mut Node, service: &Service, paths: &Paths<'_>) {
    let written = service.spec.build.as_deref().map(|build| &build.value);
    match build.get_mut("context") {
        Some(context) => paths.resolve(context),
        // What is written as nothing has no default.
        None if written.is_none_or(|build| build.context.is_none()) => {
            // The directory of the project that has the service, which another may include.
            let mut context = Node { origin: Some(service.key), ..Node::text(".") };
            paths.resolve(&mut context);
            build.set("context", Node { origin: None, ..context });
        }
        None => {}
    }
    if written.is_none_or(|build| build.dockerfile.is_none() && build.dockerfile_inline.is_none()) {
        build.set("dockerfile", Node::text("Dockerfile"));
    }
    order(build, &BUILD);
    if let Some(Node { kind: NodeKind::Map(args), .. }) = build.get_mut("args") {
        for (name, value) in args.iter_mut().filter(|(_, value)| value.kind == NodeKind::Null) {
            if let Some(text) = service.variables.get(name) {
                *value = Node { kind: text.long(), origin: Some(text.origin) };
            }
        }
        // An argument that nothing sets is not passed.
        args.retain(|(_, value)| value.kind != NodeKind::Null);
        if args.is_empty() {
            build.remove("args");
        }
    }
    if let Some(Node { kind: NodeKind::Map(contexts), .. }) = build.get_mut("additional_contexts") {
        for (_, context) in contexts.iter_mut() {
            if context.kind == NodeKind::Null {
                context.kind = NodeKind::Text(String::new());
            }
            let is_path = context.as_text().is_some_and(|text| !text.starts_with("service:"));
            if is_path {
                paths.resolve(context);
            }
        }
    }
    if let Some(ssh) = build.get_mut("ssh")
        && let NodeKind::Map(keys) = &ssh.kind
    {
        let key = |(name, path): &(String, Node)| {
            let text = path.as_text().map_or_else(|| name.clone(), |path| format!("{name}={path}"));
            Node { kind: NodeKind::Text(text), origin: path.origin }
        };
        ssh.kind = NodeKind::List(keys.iter().map(key).collect());
    }
    fill_empty(build.get_mut("labels"));
    sort_hosts(build.get_mut("extra_hosts"));
    collapse_limits(build.get_mut("ulimits"));
}

/// A limit that was written as one number, which is both limits, is that number; but for 0, which is no number to
/// Compose.
fn collapse_limits(node: Option<&mut Node>) {
    let Some(Node { kind: NodeKind::Map(limits), .. }) = node else { return };
    for (_, limit) in limits {
        let part = |key| limit.get(key).cloned();
        if let (Some(soft), Some(hard)) = (part("soft"), part("hard"))
            && soft.origin == hard.origin
            && soft.kind != NodeKind::Integer(0)
        {
            *limit = soft;
        }
    }
}

/// Attributes that are nothing, and so are not there.
fn emptied(node: &mut Node, service: &Service) {
    let is_null =
        |key: &str| service.value.get(key).is_some_and(|entry| matches!(entry.value.kind, ValueKind::Null));
    for key in ["develop", "deploy"] {
        if is_null(key) {
            node.remove(key);
        }
    }
    // A server without a name is none.
    if let Some(Node { kind: NodeKind::List(servers), .. }) = node.get_mut("dns") {
        servers.retain(|server| server.as_text() != Some(""));
    }
    for key in ["dns", "gpus"] {
        if node.get(key).is_some_and(|list| list.kind == NodeKind::List(Vec::new())) {
            node.remove(key);
        }
    }
    if let Some(Node { kind: NodeKind::Text(policy), .. }) = node.get_mut("pull_policy")
        && policy == "if_not_present"
    {
        "missing".clone_into(policy);
    }
}

/// Numbers that Compose keeps in other units.
fn numbers(node: &mut Node) {
    if let Some(Node { kind, .. }) = node.get_mut("mem_swappiness")
        && let NodeKind::Integer(value) = kind
    {
        *kind = NodeKind::Text(value.to_string());
    }
}

/// The service of a link: `service` or `service:alias`.
fn linked_service(link: &str) -> &str {
    match link.split_once(':') {
        Some((service, alias)) if !alias.contains(':') => service,
        _ => link,
    }
}

/// What a service waits for: what it says, and the services whose namespaces, mounts or links it has.
fn dependencies(project: &Project, service: &Service, node: &mut Node) {
    let spec = &service.spec;
    let mut dependencies = match node.remove("depends_on").map(|node| (node.kind, node.origin)) {
        Some((NodeKind::Map(entries), origin)) => (entries, origin),
        _ => (Vec::new(), None),
    };
    for (_, dependency) in &mut dependencies.0 {
        if dependency.kind == NodeKind::Null {
            dependency.kind = NodeKind::Map(Vec::new());
        }
        if dependency.get("condition").is_none() {
            dependency.set("condition", Node::text("service_started"));
        }
        if dependency.get("required").is_none() {
            dependency.set("required", Node::made(NodeKind::Bool(true)));
        }
        order(dependency, &DEPENDENCY);
    }
    let mut imply = |name: &str, restart: bool| {
        if project.service(name).is_none() || dependencies.0.iter().any(|(known, _)| known == name) {
            return;
        }
        let mut entry = vec![("condition".to_owned(), Node::text("service_started"))];
        if restart {
            entry.push(("restart".to_owned(), Node::made(NodeKind::Bool(true))));
        }
        entry.push(("required".to_owned(), Node::made(NodeKind::Bool(true))));
        dependencies.0.push((name.to_owned(), Node::made(NodeKind::Map(entry))));
    };
    for link in spec.links.iter().flat_map(|links| links.value.iter()) {
        imply(linked_service(link.as_str()), true);
    }
    let pid = spec.pid.as_deref().and_then(|pid| pid.value.as_ref());
    let modes = [&spec.network_mode, &spec.ipc].into_iter().filter_map(|m| m.as_deref()).map(|m| &m.value);
    let uts = spec.uts.as_deref().map(|field| &field.value);
    for mode in modes.chain(pid).chain(uts) {
        if let Some(name) = mode.as_str().strip_prefix("service:") {
            imply(name, true);
        }
    }
    for from in spec.volumes_from.iter().flat_map(|list| list.value.iter()) {
        if !from.as_str().starts_with("container:") {
            imply(from.as_str().split(':').next().unwrap_or_default(), false);
        }
    }
    if !dependencies.0.is_empty() {
        dependencies.0.sort_by(|(one, _), (other, _)| one.cmp(other));
        add(node, "depends_on", Node { kind: NodeKind::Map(dependencies.0), origin: dependencies.1 });
    }
}

fn networks(node: &mut Node, service: &Service) {
    let spec = &service.spec;
    if node.get("networks").is_none() && spec.network_mode.is_none() && spec.provider.is_none() {
        let default = ("default".to_owned(), Node::made(NodeKind::Null));
        add(node, "networks", Node::made(NodeKind::Map(vec![default])));
    }
    for key in ["networks", "models"] {
        let written = service.value.get(key).map(|entry| &entry.value);
        let is_mapping = |name: &str| {
            let value = written.and_then(|section| section.get(name)).map(|entry| &entry.value.kind);
            matches!(value, Some(ValueKind::Mapping(_)))
        };
        let Some(Node { kind: NodeKind::Map(used), .. }) = node.get_mut(key) else { continue };
        for (name, entry) in used {
            if entry.kind == NodeKind::Map(Vec::new()) && !is_mapping(name) {
                entry.kind = NodeKind::Null;
            }
        }
    }
}

/// How many containers there are, which `deploy` says as well where it is written.
fn scale(node: &mut Node) {
    let Some(scale) = node.get("scale").cloned() else { return };
    if let Some(deploy) = node.get_mut("deploy").filter(|deploy| deploy.get("replicas").is_none()) {
        deploy.set("replicas", scale);
    }
}

/// Parts of `deploy` that are no pointers to Compose: empty ones are left out.
fn deploy(node: Option<&mut Node>) {
    let Some(deploy) = node else { return };
    fill_empty(deploy.get_mut("labels"));
    for key in ["resources", "placement"] {
        if deploy.get(key).is_some_and(|node| node.kind == NodeKind::Map(Vec::new())) {
            deploy.remove(key);
        }
    }
    order(deploy, &DEPLOY);
    for key in ["limits", "reservations"] {
        if let Some(resources) = deploy.get_mut("resources").and_then(|resources| resources.get_mut(key)) {
            order(resources, &RESERVATIONS);
        }
    }
    for key in ["update_config", "rollback_config"] {
        for time in ["delay", "monitor"] {
            if let Some(config) = deploy.get_mut(key)
                && config.get(time).and_then(Node::as_text) == Some("0s")
            {
                config.remove(time);
            }
        }
    }
}
