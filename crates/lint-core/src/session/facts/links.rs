//! What a Compose file refers to: services, stages, files, and what stands under other sections.

use lint_parser::compose::ast::field::{Field, Named, Text};
use lint_parser::compose::value::Origin;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::{Node, NodeKind};

use crate::files::{directory, join};
use crate::finding::label::Place;
use crate::model::container::{Container, Image};
use crate::model::project::service::Service;
use crate::session::facts::here::Here;
use crate::session::facts::yaml::key;
use crate::session::facts::{Facts, beginning};

/// Opens a file that somebody refers to.
pub(super) type Open<'a> = &'a dyn Fn(&str) -> Option<SourceFile>;

/// What a service refers to.
pub(super) fn of_service(here: &Here<'_>, container: &Container<'_>, open: Open<'_>, facts: &mut Facts) {
    let Some(service) = container.service.map(|of| of.service) else { return };
    build(here, service, container, facts);
    services(here, service, facts);
    resources(here, service, facts);
    let spec = &service.spec;
    let files =
        spec.env_file.iter().flat_map(|files| files.value.iter()).filter_map(|file| file.path.as_ref());
    let files =
        files.map(|path| &path.value).chain(spec.label_file.iter().flat_map(|files| files.value.iter()));
    for text in files {
        if let (Some(span), Some(path)) = (here.span(text.origin), here.project.path(text))
            && let Some(file) = open(&path)
        {
            facts.link(span, beginning(&file));
        }
    }
}

/// The Dockerfile and the stage that a service builds.
fn build(here: &Here<'_>, service: &Service, container: &Container<'_>, facts: &mut Facts) {
    let Some(build) = &service.spec.build else { return };
    let (Image::Built { plan, .. } | Image::NoTarget { plan }) = &container.image else { return };
    let file = &plan.dockerfile.file;
    let stage = plan.target_stage().map(|stage| Place::new(file, stage.from_span));
    let whole = stage.clone().unwrap_or_else(|| beginning(file));
    let mut link = |text: &Option<Box<Field<Text>>>, target: &Place| {
        if let Some(span) = text.as_ref().and_then(|text| here.span(text.value.origin)) {
            facts.link(span, target.clone());
        }
    };
    if !plan.dockerfile.inline {
        link(&build.value.context, &whole);
        link(&build.value.dockerfile, &whole);
    }
    if let Some(stage) = &stage {
        link(&build.value.target, stage);
    }
    // Arguments lead to where the Dockerfile declares them.
    for pair in build.value.args.iter().flat_map(|args| &args.value.items) {
        let declared = plan.dockerfile.tree.instructions.iter().find_map(|instruction| {
            let lint_parser::dockerfile::ast::InstructionKind::Arg(pairs) = &instruction.kind else {
                return None;
            };
            pairs.iter().find(|declared| declared.key.text() == pair.name.as_str())
        });
        if let (Some(span), Some(declared)) = (here.span(pair.name.origin), declared) {
            facts.link(span, Place::new(file, declared.key.span()));
        }
    }
}

/// Other services.
fn services(here: &Here<'_>, service: &Service, facts: &mut Facts) {
    let spec = &service.spec;
    let mut link = |origin: Origin, name: &str| {
        if let (Some(span), Some(other)) = (here.span(origin), here.project.service(name)) {
            facts.link(span, here.project.place(other.key));
        }
    };
    for (name, dependency) in spec.depends_on.iter().flat_map(|map| map.value.iter()) {
        link(dependency.key, name);
    }
    let before_colon = |text: &Text| text.as_str().split(':').next().unwrap_or_default().to_owned();
    for text in spec.links.iter().flat_map(|links| links.value.iter()) {
        link(text.origin, &before_colon(text));
    }
    for text in spec.volumes_from.iter().flat_map(|from| from.value.iter()) {
        link(text.origin, &before_colon(text));
    }
    let modes = [
        spec.network_mode.as_ref().map(|mode| &mode.value),
        spec.pid.as_ref().and_then(|pid| pid.value.as_ref()),
        spec.ipc.as_ref().map(|ipc| &ipc.value),
    ];
    for mode in modes.into_iter().flatten() {
        if let Some(name) = mode.as_str().strip_prefix("service:") {
            link(mode.origin, name);
        }
    }
}

/// Volumes, networks, secrets and configs.
fn resources(here: &Here<'_>, service: &Service, facts: &mut Facts) {
    fn target<T>(named: Option<&Named<T>>) -> Option<Origin> {
        named.map(|named| named.field.key)
    }
    let (project, spec) = (here.project, &service.spec);
    let mut link = |from: Origin, to: Option<Origin>| {
        if let (Some(span), Some(to)) = (here.span(from), to) {
            facts.link(span, project.place(to));
        }
    };
    for mount in spec.volumes.iter().flat_map(|volumes| volumes.value.iter()) {
        if let Some(source) = &mount.source {
            link(source.value.origin, target(project.volume(source.value.as_str())));
        }
    }
    for (name, attachment) in spec.networks.iter().flat_map(|networks| networks.value.iter()) {
        link(attachment.key, target(project.network(name)));
    }
    for grant in spec.secrets.iter().flat_map(|secrets| secrets.value.iter()) {
        if let Some(source) = &grant.source {
            link(source.value.origin, target(project.secret(source.value.as_str())));
        }
    }
    for grant in spec.configs.iter().flat_map(|configs| configs.value.iter()) {
        if let Some(source) = &grant.source {
            link(source.value.origin, target(project.config(source.value.as_str())));
        }
    }
}

/// The services that the services of a file extend. What is extended may be in no project: it is a key of the file that is
/// named, or of this one.
pub(super) fn of_extends(file: &SourceFile, root: &Node, open: Open<'_>, facts: &mut Facts) {
    let Some(NodeKind::Mapping(services)) = child(root, "services").map(|node| &node.kind) else { return };
    for extends in services.iter().filter_map(|service| child(&service.value, "extends")) {
        let (service, other) = match &extends.kind {
            NodeKind::Mapping(_) => (child(extends, "service"), child(extends, "file")),
            _ => (Some(extends), None),
        };
        let other = other.and_then(|other| scalars(other).pop());
        let opened = other.and_then(|(_, path)| open(&join(directory(file.name()), path)));
        if let (Some((span, _)), Some(opened)) = (other, &opened) {
            facts.link(span, beginning(opened));
        }
        let Some((span, name)) = service.and_then(|service| scalars(service).pop()) else { continue };
        let target = match (other, opened) {
            (None, _) => key_of_service(file, root, name),
            (Some(_), Some(opened)) => {
                let tree = yaml::parse(opened.text()).tree;
                let mut roots = tree.documents.iter().filter_map(|document| document.root.as_ref());
                roots.find_map(|root| key_of_service(&opened, root, name))
            }
            (Some(_), None) => None,
        };
        if let Some(target) = target {
            facts.link(span, target);
        }
    }
}

fn key_of_service(file: &SourceFile, root: &Node, name: &str) -> Option<Place> {
    let NodeKind::Mapping(services) = &child(root, "services")?.kind else { return None };
    let service = services.iter().find(|service| key(service) == Some(name))?;
    Some(Place::new(file, service.key.span))
}

/// The files that a file includes.
pub(super) fn of_includes(file: &SourceFile, root: &Node, open: Open<'_>, facts: &mut Facts) {
    let Some(NodeKind::Sequence(items)) = child(root, "include").map(|node| &node.kind) else { return };
    let mut paths: Vec<(Span, &str)> = Vec::new();
    for item in items {
        match child(item, "path") {
            Some(path) => paths.extend(scalars(path)),
            None => paths.extend(scalars(item)),
        }
    }
    for (span, path) in paths {
        if let Some(included) = open(&join(directory(file.name()), path)) {
            facts.link(span, beginning(&included));
        }
    }
}

fn scalars(node: &Node) -> Vec<(Span, &str)> {
    match &node.kind {
        NodeKind::Scalar(scalar) => vec![(node.span, scalar.text.text())],
        NodeKind::Sequence(items) => items.iter().flat_map(scalars).collect(),
        NodeKind::Mapping(_) | NodeKind::Alias(_) => Vec::new(),
    }
}

fn child<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let NodeKind::Mapping(entries) = &node.kind else { return None };
    entries.iter().find(|entry| key(entry) == Some(name)).map(|entry| &entry.value)
}
