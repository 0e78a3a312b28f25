//! What a project takes of its host, of which there is one.

use std::collections::BTreeSet;
use std::net::IpAddr;

use lint_parser::compose::ast::field::{Attribute, Field, Text};
use lint_parser::compose::ast::resource::External;
use lint_parser::compose::ast::scalar::PortRange;
use lint_parser::compose::value::{Certainty, Origin};

use crate::files::{file_name, join};
use crate::finding::label::Place;
use crate::model::kit::names::full_name;
use crate::model::project::Project;
use crate::model::project::names::normalised_name;
use crate::model::project::ports::{HostAddress, published};
use crate::model::project::service::Service;

/// How much of one kind is kept of a project. Real ones have some dozens.
const MOST: usize = 500;

/// What a project takes of its host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims {
    /// The files it is made of, those that it includes among them.
    pub files: BTreeSet<String>,
    /// The files that are named when it is started.
    pub(super) started: Vec<String>,
    /// Its directory.
    pub(super) directory: String,
    /// Its name, and where that is written, if it is.
    pub name: Option<(String, Option<Place>)>,
    /// Its services that a plain start starts.
    pub services: Vec<ClaimedService>,
    /// The ports of the host that they publish.
    pub ports: Vec<ClaimedPort>,
    /// The containers that have a name of their own.
    pub containers: Vec<Claimed>,
    /// The volumes that it makes, by their names in the engine.
    pub volumes: Vec<Claimed>,
    /// The networks that it makes, likewise.
    pub networks: Vec<Claimed>,
    /// The networks that somebody else is to make.
    pub(super) outer_networks: BTreeSet<String>,
    /// The volumes that somebody else is to make.
    pub(super) outer_volumes: BTreeSet<String>,
    /// The containers of others that it refers to.
    pub(super) outer_containers: BTreeSet<String>,
}

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedService {
    /// Its name.
    pub name: String,
    /// Where that is written.
    pub place: Place,
    /// What it runs: the directory that is built, or the image.
    pub(super) runs: Option<String>,
}

/// A name that only one can have.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// The name.
    pub name: String,
    /// Where it is written.
    pub place: Place,
    /// The service.
    pub service: Option<String>,
    /// Where a comment speaks of it too.
    pub scopes: Vec<Place>,
    /// Whether the project's name is a part of it.
    pub is_derived: bool,
}

/// A port of the host.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedPort {
    /// The port, or a range of them.
    pub range: PortRange,
    /// `tcp` where nothing is said.
    pub protocol: String,
    /// The address of the host; `None` for every one.
    pub(super) address: Option<IpAddr>,
    /// Where it is written, and by whom.
    pub claimed: Claimed,
    /// Whether a variable may say another one.
    pub is_default: bool,
}

impl ClaimedPort {
    /// The first port that both take.
    #[must_use]
    pub fn meets(&self, other: &Self) -> Option<u64> {
        let first = self.range.first.max(other.range.first);
        let is_same = first <= self.range.last.min(other.range.last) && self.protocol == other.protocol;
        let is_there = match (self.address, other.address) {
            (Some(one), Some(two)) => {
                one == two
                    || (one.is_ipv4() == two.is_ipv4() && (one.is_unspecified() || two.is_unspecified()))
            }
            _ => true,
        };
        (is_same && is_there).then_some(u64::from(first))
    }
}

impl Claims {
    /// What a project takes; `None` of one that is not known whole, or that no command line of Compose's starts.
    #[must_use]
    pub fn of(project: &Project) -> Option<Self> {
        let is_whole = !project.opaque && !project.services.iter().any(|service| service.fragment);
        if !project.input.is_compose() || project.input.is_stack || !is_whole || project.shadowed_by.is_some()
        {
            return None;
        }
        let name = name_of(project);
        let mut claims = Self {
            files: project.files.iter().chain(&project.included).cloned().collect(),
            started: project.files.clone(),
            directory: project.directory.clone(),
            ..Self::default()
        };
        let started = project.services.iter().filter(|service| is_started(service));
        for service in started.take(MOST) {
            claims.service(project, service);
        }
        let prefix = name.as_ref().map(|(name, _)| name.as_str());
        let volumes = project.spec.volumes.iter().flat_map(|map| &map.value.entries);
        for volume in volumes.take(MOST) {
            let spec = &volume.field.value;
            // What has a driver of its own may well be somewhere else.
            let is_local = spec.driver.as_ref().is_none_or(|driver| driver.value.as_str() == "local");
            let made = resource(project, (&volume.name, &volume.field), &spec.name, &spec.external, prefix);
            match made {
                Resource::Made(claimed) if is_local => claims.volumes.push(claimed),
                Resource::Outer(name) => {
                    claims.outer_volumes.insert(name);
                }
                Resource::Made(_) | Resource::Unknown => {}
            }
        }
        let networks = project.spec.networks.iter().flat_map(|map| &map.value.entries);
        for network in networks.take(MOST) {
            let spec = &network.field.value;
            match resource(project, (&network.name, &network.field), &spec.name, &spec.external, prefix) {
                Resource::Made(claimed) => claims.networks.push(claimed),
                Resource::Outer(name) => {
                    claims.outer_networks.insert(name);
                }
                Resource::Unknown => {}
            }
        }
        claims.name = name;
        Some(claims)
    }

    /// Whether it takes something that another project could take too.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key<'_>> {
        let ports = self.ports.iter().flat_map(|port| {
            let last = port.range.last.min(port.range.first.saturating_add(99));
            (port.range.first..=last).map(|port| Key::Port(u64::from(port)))
        });
        let containers = self.containers.iter().map(|claimed| Key::Container(&claimed.name));
        let volumes = self.volumes.iter().map(|claimed| Key::Volume(&claimed.name));
        let networks = self.networks.iter().map(|claimed| Key::Network(&claimed.name));
        let name = self.name.iter().map(|(name, _)| Key::Project(name));
        ports.chain(containers).chain(volumes).chain(networks).chain(name)
    }

    fn service(&mut self, project: &Project, service: &Service) {
        let spec = &service.spec;
        let scopes: Vec<Place> = service.keys.iter().map(|&key| project.place(key)).collect();
        let claimed = |name: String, origin: Origin| Claimed {
            name,
            place: project.place(origin),
            service: Some(service.name.to_string()),
            scopes: scopes.clone(),
            is_derived: false,
        };
        for port in published(service).into_iter().take(MOST) {
            let Some(range) = port.published.filter(|range| range.first > 0) else { continue };
            // Of a range the engine takes the first that is free.
            let is_chosen = port.target.is_none_or(|target| target.count() != range.count());
            if is_chosen || port.address == HostAddress::AllUnlessSet {
                continue;
            }
            let address = port.port.host_ip.as_ref().filter(|ip| !ip.value.as_str().is_empty());
            let address = address.map(|ip| ip.value.as_str().parse::<IpAddr>());
            let Ok(address) = address.transpose() else { continue };
            let protocol = port.port.protocol.as_ref().map_or("tcp", |protocol| protocol.value.as_str());
            let place = project.place(port.origin);
            self.ports.push(ClaimedPort {
                range,
                protocol: protocol.to_ascii_lowercase(),
                address,
                is_default: place.file.slice(place.span).contains('$'),
                claimed: claimed(range.first.to_string(), port.origin),
            });
        }
        if let Some(name) = spec.container_name.as_ref().filter(|name| is_fixed(&name.value)) {
            self.containers.push(claimed(name.value.as_str().to_owned(), name.origin));
        }
        let others = [&spec.network_mode, &spec.ipc].into_iter().flatten().map(|field| &field.value);
        let others = others.chain(spec.pid.iter().filter_map(|pid| pid.value.as_ref()));
        let others = others.chain(spec.volumes_from.iter().flat_map(|list| list.value.iter()));
        let others = others.filter_map(|text| text.as_str().strip_prefix("container:"));
        let linked = spec.external_links.iter().flat_map(|list| list.value.iter()).map(Text::as_str);
        let others = others.chain(linked).filter_map(|text| text.split(':').next());
        self.outer_containers.extend(others.map(str::to_owned));
        let built = spec.build.as_ref().and_then(|build| {
            let context = match &build.value.context {
                Some(context) => project.path(&context.value)?,
                None => project.sources.get(build.key.source)?.directory.clone(),
            };
            let dockerfile = build.value.dockerfile.as_ref().map_or("", |file| file.value.as_str());
            Some(join(&context, dockerfile))
        });
        let image = spec.image.as_ref().filter(|image| !image.value.is_unknown());
        let pulled = image.and_then(|image| {
            let reference = lint_parser::image::parse(&image.value.mapped).ok()?;
            Some(full_name(&reference).split(['@']).next().unwrap_or_default().to_owned())
        });
        self.services.push(ClaimedService {
            name: service.name.to_string(),
            place: project.place(service.key),
            runs: built.or(pulled),
        });
    }
}

/// What only one can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'c> {
    Port(u64),
    Container(&'c str),
    Volume(&'c str),
    Network(&'c str),
    Project(&'c str),
}

/// Whether a plain start starts a service.
fn is_started(service: &Service) -> bool {
    let spec = &service.spec;
    let is_none = |count: Option<i64>| count == Some(0);
    let replicas = spec.deploy.as_ref().and_then(|deploy| deploy.value.replicas.as_ref());
    service.profiles().next().is_none()
        && spec.provider.is_none()
        && !is_none(spec.scale.as_ref().and_then(|scale| scale.value.value))
        && !is_none(replicas.and_then(|replicas| replicas.value.value))
}

/// The name of a project: what is written, else that of its directory.
fn name_of(project: &Project) -> Option<(String, Option<Place>)> {
    match &project.name {
        Some(name) if name.is_unknown() || name.as_str().is_empty() => None,
        Some(name) => {
            let is_written = name.origin != Origin::default();
            let place = is_written.then(|| project.place(name.origin));
            Some((name.as_str().to_owned(), place))
        }
        None => {
            let directory = file_name(&project.directory);
            // Where hidden directories name projects (`.devcontainer`), whoever starts them gives them another name.
            let is_plain = !directory.is_empty() && !directory.starts_with('.');
            let name = normalised_name(directory);
            (is_plain && !name.is_empty()).then_some((name, None))
        }
    }
}

enum Resource {
    Made(Claimed),
    Outer(String),
    Unknown,
}

fn resource<T>(
    project: &Project,
    (key, field): (&str, &Field<T>),
    name: &Attribute<Text>,
    external: &Attribute<External>,
    prefix: Option<&str>,
) -> Resource {
    let outer = external.as_ref().and_then(|external| external.value.name.as_ref());
    let written = name.as_ref().or(outer);
    let is_outer = external.as_ref().map(|external| external.value.is_external());
    match (is_outer, written) {
        (Some(None), _) => Resource::Unknown,
        (_, Some(name)) if name.value.is_unknown() => Resource::Unknown,
        (Some(Some(true)), Some(name)) => Resource::Outer(name.value.as_str().to_owned()),
        (Some(Some(true)), None) => Resource::Outer(key.to_owned()),
        (_, Some(name)) if !is_fixed(&name.value) => Resource::Unknown,
        (_, Some(name)) => Resource::Made(Claimed {
            name: name.value.as_str().to_owned(),
            place: project.place(name.origin),
            service: None,
            scopes: vec![project.place(field.key)],
            is_derived: false,
        }),
        (_, None) => match prefix {
            Some(prefix) => Resource::Made(Claimed {
                name: format!("{prefix}_{key}"),
                place: project.place(field.key),
                service: None,
                scopes: Vec::new(),
                is_derived: true,
            }),
            None => Resource::Unknown,
        },
    }
}

/// Whether a name is the same whoever starts the project.
fn is_fixed(name: &Text) -> bool {
    name.certainty == Certainty::Known && !name.as_str().is_empty()
}
