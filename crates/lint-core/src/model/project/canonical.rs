//! A project as `docker compose config` prints it: long syntax, names and defaults written out, what nothing
//! uses left out.
//!
//! Two things differ, both on purpose. Paths stay relative to the project's directory, as with
//! `--no-path-resolution`: where that directory lies on this machine is nothing the files say. And services of every
//! profile are there, as with `--profile '*'`, because all of them are judged.

mod elements;
mod paths;
mod service;

use std::collections::BTreeSet;

use lint_parser::compose::ast::field::{Attribute, Map, Text};
use lint_parser::compose::ast::resource::External;
use lint_parser::compose::ast::scalar::number_text;
use lint_parser::compose::long::{Long, Node, NodeKind, as_written};
use lint_parser::compose::value::Origin;

use crate::model::project::canonical::elements::order;
use crate::model::project::canonical::paths::Paths;
use crate::model::project::effective::Project;
use crate::model::project::used::Used;

/// The project in canonical form. `name` is its name where neither the files nor `ProjectFiles` give one: Compose
/// takes that of the directory ([`normalised_name`](crate::model::project::names::normalised_name)).
///
/// ```
/// use std::collections::BTreeMap;
/// use lint_core::project::{Project, ProjectFiles, canonical, normalised_name};
/// use lint_core::report::project::yaml;
///
/// let files = BTreeMap::from([("compose.yaml".to_owned(), "services: {web: {image: nginx}}\n".to_owned())]);
/// let project = Project::load(&ProjectFiles::new(["compose.yaml"]), &files);
/// let tree = canonical(&project, &normalised_name("My App"));
/// assert!(yaml(&tree, &|_| None).starts_with("name: myapp\nservices:\n  web:\n"));
/// ```
#[must_use]
pub fn canonical(project: &Project, name: &str) -> Node {
    let spec = &project.spec;
    let name = match &project.name {
        Some(text) if !text.mapped.is_empty() => {
            // The name of a directory is written nowhere.
            let origin = Some(text.origin).filter(|origin| *origin != Origin::default());
            Node { kind: NodeKind::Text(text.as_str().to_owned()), origin }
        }
        _ => Node::text(name),
    };
    let paths = Paths::new(project);
    let used = Used::of(project);
    let mut services: Vec<(String, Node)> = project
        .services
        .iter()
        .map(|service| (service.name.to_string(), service::canonical(project, service, &paths)))
        .collect();
    services.sort_by(|(one, _), (other, _)| one.cmp(other));

    let mut sections = Resources { project: name.as_text().unwrap_or_default().to_owned(), paths: &paths };
    let networks = sections.section(&spec.networks, &used.networks, |network| {
        (network.name.as_deref().map(|f| &f.value), network.external.as_deref().map(|f| &f.value))
    });
    let networks = with_default(networks, &used.networks, &sections.project);
    let volumes = sections.section(&spec.volumes, &used.volumes, |volume| {
        (volume.name.as_deref().map(|f| &f.value), volume.external.as_deref().map(|f| &f.value))
    });
    let secrets = sections.section(&spec.secrets, &used.secrets, |secret| {
        (secret.name.as_deref().map(|f| &f.value), secret.external.as_deref().map(|f| &f.value))
    });
    let configs = sections.section(&spec.configs, &used.configs, |config| {
        (config.name.as_deref().map(|f| &f.value), config.external.as_deref().map(|f| &f.value))
    });
    let models = spec.models.as_ref().map(|models| models.value.long());
    let models = match models {
        Some(NodeKind::Map(entries)) => {
            entries.into_iter().filter(|(n, _)| used.models.contains(n)).collect()
        }
        _ => Vec::new(),
    };

    let mut root =
        vec![("name".to_owned(), name), ("services".to_owned(), Node::made(NodeKind::Map(services)))];
    for (key, entries) in [
        ("networks", networks),
        ("volumes", volumes),
        ("secrets", secrets),
        ("configs", configs),
        ("models", models),
    ] {
        if !entries.is_empty() {
            root.push((key.to_owned(), Node::made(NodeKind::Map(entries))));
        }
    }
    let mut extensions: Vec<_> =
        spec.rest.extensions.iter().map(|entry| (entry.key.to_string(), as_written(&entry.value))).collect();
    extensions.sort_by(|(one, _), (other, _)| one.cmp(other));
    root.extend(extensions);
    Node::made(NodeKind::Map(root))
}

/// The default network, which is there when a service is in it, whether or not somebody declared it.
fn with_default(
    mut networks: Vec<(String, Node)>,
    used: &BTreeSet<String>,
    project: &str,
) -> Vec<(String, Node)> {
    if used.contains("default") && !networks.iter().any(|(name, _)| name == "default") {
        let name = ("name".to_owned(), Node::text(format!("{project}_default")));
        networks.push(("default".to_owned(), Node::made(NodeKind::Map(vec![name]))));
        networks.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    networks
}

struct Resources<'p> {
    project: String,
    paths: &'p Paths<'p>,
}

impl Resources<'_> {
    /// The entries of a section that something uses, with their names in the engine.
    fn section<T: Long>(
        &mut self,
        section: &Attribute<Map<T>>,
        used: &BTreeSet<String>,
        parts: impl for<'t> Fn(&'t T) -> (Option<&'t Text>, Option<&'t External>),
    ) -> Vec<(String, Node)> {
        let Some(section) = section else { return Vec::new() };
        let mut entries: Vec<(String, Node)> = Vec::new();
        for entry in section.value.entries.iter().filter(|entry| used.contains(&*entry.name)) {
            let field = &entry.field;
            let (name, external) = parts(&field.value);
            let old_name = external.and_then(|external| external.name.as_deref()).map(|field| &field.value);
            let is_external = external.is_some_and(|external| external.is_external() != Some(false));
            let mut node = Node { kind: field.value.long(), origin: Some(field.origin) };
            let external_node = node.remove("external");
            if is_external {
                let origin = external_node.and_then(|node| node.origin);
                node.set("external", Node { kind: NodeKind::Bool(true), origin });
            }
            let name = match name.or(old_name) {
                Some(name) => Node { kind: name.long(), origin: Some(name.origin) },
                None if is_external => Node::text(&*entry.name),
                None => Node::text(format!("{}_{}", self.project, entry.name)),
            };
            node.remove("name");
            // A name that is empty is a name to Compose, and then is not printed.
            if let NodeKind::Map(attributes) = &mut node.kind
                && name.as_text() != Some("")
            {
                attributes.insert(0, ("name".to_owned(), name));
            }
            self.finish(&mut node);
            entries.push((entry.name.to_string(), node));
        }
        let invalid = section.value.invalid.iter();
        entries.extend(invalid.map(|entry| (entry.key.to_string(), as_written(&entry.value))));
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries
    }

    /// Labels without a text are empty, and files and devices are paths.
    fn finish(&self, node: &mut Node) {
        fill_empty(node.get_mut("labels"));
        if let Some(file) = node.get_mut("file") {
            self.paths.resolve(file);
        }
        if let Some(ipam) = node.get_mut("ipam") {
            // Compose has no place for them.
            ipam.remove("options");
            if let Some(Node { kind: NodeKind::List(subnets), .. }) = ipam.get_mut("config") {
                for subnet in subnets {
                    order(subnet, &["subnet", "gateway", "ip_range", "aux_addresses"]);
                }
            }
        }
        order(node, &NETWORK);
        if node.get("ipam").is_some_and(|ipam| ipam.kind == NodeKind::Map(Vec::new())) {
            node.remove("ipam");
        }
        if let Some(options) = node.get_mut("driver_opts") {
            let is =
                |key: &str, says: &str| options.get(key).and_then(Node::as_text).is_some_and(|t| t == says);
            let is_bind =
                options.get("o").and_then(Node::as_text).is_some_and(|o| o.split(',').any(|o| o == "bind"))
                    || is("type", "bind");
            if let (true, Some(device)) = (is_bind, options.get_mut("device")) {
                self.paths.resolve(device);
            }
        }
    }
}

/// The attributes of networks, volumes, secrets and configs, as Compose lists them.
const NETWORK: [&str; 10] = [
    "name",
    "driver",
    "driver_opts",
    "ipam",
    "external",
    "internal",
    "attachable",
    "labels",
    "enable_ipv4",
    "enable_ipv6",
];

/// A number or a switch that Compose keeps as a text.
fn text(node: &mut Node) {
    node.kind = match &node.kind {
        NodeKind::Integer(number) => NodeKind::Text(number.to_string()),
        NodeKind::Float(number) => NodeKind::Text(number_text(number.0)),
        NodeKind::Bool(switch) => NodeKind::Text(switch.to_string()),
        kind => kind.clone(),
    };
}

/// Labels and options that are a name alone are empty texts.
fn fill_empty(node: Option<&mut Node>) {
    if let Some(Node { kind: NodeKind::Map(entries), .. }) = node {
        for (_, value) in entries.iter_mut().filter(|(_, value)| value.kind == NodeKind::Null) {
            value.kind = NodeKind::Text(String::new());
        }
    }
}
