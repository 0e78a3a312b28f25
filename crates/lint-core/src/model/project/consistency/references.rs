//! Names of services and resources that a service refers to.

use std::collections::HashSet;

use lint_parser::compose::ast::field::{Item, List, Text};
use lint_parser::compose::ast::mount::FileGrant;
use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::{Origin, Value, ValueKind};

use crate::model::project::consistency::{Index, known};
use crate::model::project::effective::Project;
use crate::model::project::fault::{About, Fault};
use crate::model::project::service::Service;
use lint_parser::text::near::closest;

/// How many names are compared with all others to find what was meant.
const MAX_SUGGESTIONS: usize = 50;

/// A top-level section, by the names it declares.
struct Section<'p> {
    key: &'static str,
    names: HashSet<&'p str>,
}

/// What a project declares.
struct Declared<'p> {
    networks: Section<'p>,
    volumes: Section<'p>,
    secrets: Section<'p>,
    configs: Section<'p>,
    models: Section<'p>,
}

impl<'p> Section<'p> {
    fn new(value: &'p Value, key: &'static str) -> Self {
        let names = match value.get(key).map(|entry| &entry.value.kind) {
            Some(ValueKind::Mapping(mapping)) => mapping.entries.iter().map(|entry| &*entry.key).collect(),
            _ => HashSet::new(),
        };
        Self { key, names }
    }
}

pub(super) fn check(project: &Project, index: &Index<'_>, faults: &mut Vec<Fault>) {
    if project.opaque {
        return;
    }
    let section = |key| Section::new(&project.value, key);
    let declared = Declared {
        networks: section("networks"),
        volumes: section("volumes"),
        secrets: section("secrets"),
        configs: section("configs"),
        models: section("models"),
    };
    let mut suggestions = 0;
    for service in &project.services {
        let mut refer = Referrer { service, faults, suggestions: &mut suggestions };
        refer.resources(&declared);
        refer.services(index);
    }
}

/// A service of the project that another one needs.
pub(super) struct Need<'s> {
    pub(super) name: &'s str,
    /// Where it is named.
    pub(super) origin: Origin,
    /// Whether the other does without.
    pub(super) optional: bool,
    /// How it needs it.
    pub(super) how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    DependsOn,
    /// `links` and `volumes_from`.
    Uses,
    /// `network_mode`, `ipc`, `pid` and their like.
    Namespace(&'static str),
}

/// The services a service needs, as far as they are known.
pub(super) fn needs(service: &Service) -> Vec<Need<'_>> {
    let spec = &service.spec;
    let mut needs = Vec::new();
    for named in spec.depends_on.iter().flat_map(|map| &map.value.entries) {
        let required = named.field.value.required.as_ref();
        let optional = required.is_some_and(|required| !required.value.is(true));
        needs.push(Need { name: &named.name, origin: named.field.key, optional, how: How::DependsOn });
    }
    for text in spec.links.iter().flat_map(|list| list.value.iter()) {
        needs.extend(need(text, known(text).map(before_colon), How::Uses));
    }
    for text in spec.volumes_from.iter().flat_map(|list| list.value.iter()) {
        let name = known(text).filter(|text| !text.starts_with("container:")).map(before_colon);
        needs.extend(need(text, name, How::Uses));
    }
    let namespaces = [
        ("network_mode", spec.network_mode.as_deref().map(|field| &field.value)),
        ("ipc", spec.ipc.as_deref().map(|field| &field.value)),
        ("pid", spec.pid.as_deref().and_then(|field| field.value.as_ref())),
        ("uts", spec.uts.as_deref().map(|field| &field.value)),
    ];
    for (attribute, text) in namespaces {
        let Some(text) = text else { continue };
        let name = known(text).and_then(|text| text.strip_prefix("service:"));
        needs.extend(need(text, name, How::Namespace(attribute)));
    }
    needs
}

/// `db:database` links to `db`.
fn before_colon(text: &str) -> &str {
    text.split_once(':').map_or(text, |(name, _)| name)
}

/// A need for the service that a part of a text names.
fn need<'s>(text: &'s Text, name: Option<&'s str>, how: How) -> Option<Need<'s>> {
    let name = name?;
    let start = if matches!(how, How::Namespace(_)) { text.as_str().len() - name.len() } else { 0 };
    Some(Need { name, origin: text.origin_of(start..start + name.len()), optional: false, how })
}

struct Referrer<'a> {
    service: &'a Service,
    faults: &'a mut Vec<Fault>,
    suggestions: &'a mut usize,
}

impl Referrer<'_> {
    fn undefined<'n>(
        &mut self,
        origin: Origin,
        message: String,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> &mut Fault {
        *self.suggestions += 1;
        let meant = if *self.suggestions <= MAX_SUGGESTIONS { closest(name, names) } else { None };
        let fault = Fault::new(About::Undefined, origin, message).of(&self.service.name);
        self.faults.push(fault.with_suggestion(meant));
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    /// A name that a section of the project must declare.
    fn resource(&mut self, what: &str, section: &Section<'_>, name: &str, origin: Origin) {
        if section.names.contains(name) {
            return;
        }
        let message = format!("service \"{}\" refers to undefined {what} {name}", self.service.name);
        let fault = self.undefined(origin, message, name, section.names.iter().copied());
        fault.help.get_or_insert_with(|| match name {
            "" => format!("say under `source` which of the top-level `{}` it is", section.key),
            _ => format!("declare it under the top-level `{}`", section.key),
        });
    }

    fn grants(&mut self, what: &str, section: &Section<'_>, grants: Option<&List<FileGrant>>) {
        for Item { value: grant, origin } in grants.into_iter().flat_map(|list| &list.items) {
            let (name, origin) = match grant.source.as_deref() {
                Some(source) => (known(&source.value), source.value.origin),
                // One that names none asks for the one without a name.
                None => (grant.rest.invalid("source").is_none().then_some(""), *origin),
            };
            if let Some(name) = name {
                self.resource(what, section, name, origin);
            }
        }
    }

    fn resources(&mut self, declared: &Declared<'_>) {
        let service = self.service;
        for named in service.spec.networks.iter().flat_map(|map| &map.value.entries) {
            if &*named.name != "default" {
                self.resource("network", &declared.networks, &named.name, named.field.key);
            }
        }
        for mount in service.spec.volumes.iter().flat_map(|list| list.value.iter()) {
            let is_volume = mount.kind.as_ref().is_some_and(|kind| kind.value.is(MountType::Volume));
            let Some(source) = mount.source.as_ref().filter(|_| is_volume) else { continue };
            if let Some(name) = known(&source.value).filter(|name| !name.is_empty()) {
                self.resource("volume", &declared.volumes, name, source.value.origin);
            }
        }
        self.grants("secret", &declared.secrets, service.spec.secrets.as_deref().map(|list| &list.value));
        self.grants("config", &declared.configs, service.spec.configs.as_deref().map(|list| &list.value));
        let build = service.spec.build.as_deref().map(|build| &build.value);
        let secrets = build.and_then(|build| build.secrets.as_deref()).map(|list| &list.value);
        self.grants("build secret", &declared.secrets, secrets);
        for named in service.spec.models.iter().flat_map(|map| &map.value.entries) {
            self.resource("model", &declared.models, &named.name, named.field.key);
        }
    }

    fn services(&mut self, index: &Index<'_>) {
        let service = self.service;
        for need in needs(service) {
            let Some(needed) = index.get(need.name) else {
                let message = match need.how {
                    How::Namespace(attribute) => {
                        format!("service \"{}\" not found for {attribute} 'service:{}'", need.name, need.name)
                    }
                    _ => {
                        format!("service \"{}\" depends on undefined service \"{}\"", service.name, need.name)
                    }
                };
                self.undefined(need.origin, message, need.name, index.keys().copied());
                continue;
            };
            self.profile(&need, needed);
        }
        let build = service.spec.build.as_deref().map(|build| &build.value);
        let contexts = build.and_then(|build| build.additional_contexts.as_ref());
        for pair in contexts.iter().flat_map(|pairs| &pairs.value.items) {
            let Some(text) = &pair.value else { continue };
            let Some(name) = known(text).and_then(|text| text.strip_prefix("service:")) else { continue };
            let context = pair.name.as_str();
            match index.get(name) {
                None => {
                    let message = format!(
                        "service \"{}\" declares unknown service \"{name}\" as additional contexts {context}",
                        service.name
                    );
                    self.undefined(text.origin, message, name, index.keys().copied());
                }
                Some(other) if other.spec.build.is_none() && other.complete => {
                    let message = format!(
                        "service \"{}\" declares non-buildable service \"{name}\" as additional contexts {context}",
                        service.name
                    );
                    let fault = Fault::new(About::Conflict, text.origin, message).of(&service.name);
                    self.faults.push(fault.with_label(other.key, "has no `build`"));
                }
                Some(_) => {}
            }
        }
    }

    /// A service that is started only by profiles that do not start this one.
    fn profile(&mut self, need: &Need<'_>, needed: &Service) {
        let mut profiles = needed.profiles().peekable();
        if need.optional || profiles.peek().is_none() || needed.starts_with(self.service) {
            return;
        }
        let names: Vec<&str> = profiles.map(Text::as_str).collect();
        let message = format!(
            "service \"{}\" is required by \"{}\" but is disabled unless one of its profiles is chosen: {}",
            needed.name,
            self.service.name,
            names.join(", ")
        );
        let fault = Fault::new(About::Conflict, need.origin, message).of(&self.service.name);
        let label = needed.spec.profiles.as_ref().map_or(needed.key, |profiles| profiles.key);
        self.faults.push(fault.with_label(label, "its profiles"));
    }
}
