//! Finding the things of a project by their names, without walking the lists each time: rules ask for every
//! mount of every service.

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Attribute, Map, Named};
use lint_parser::compose::ast::network::Network;
use lint_parser::compose::ast::resource::{Config, Secret, Volume};

use crate::model::project::service::Service;

/// Where in their lists the things of a project are, by name.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    services: HashMap<Arc<str>, usize>,
    containers: HashMap<String, usize>,
    networks: HashMap<Arc<str>, usize>,
    volumes: HashMap<Arc<str>, usize>,
    secrets: HashMap<Arc<str>, usize>,
    configs: HashMap<Arc<str>, usize>,
}

impl Lookup {
    /// Notes where everything is.
    pub(super) fn new(spec: &ast::Project, services: &[Service]) -> Self {
        let mut lookup = Self {
            services: HashMap::with_capacity(services.len()),
            containers: HashMap::new(),
            networks: positions(&spec.networks),
            volumes: positions(&spec.volumes),
            secrets: positions(&spec.secrets),
            configs: positions(&spec.configs),
        };
        for (at, service) in services.iter().enumerate() {
            lookup.services.insert(Arc::clone(&service.name), at);
            if let Some(name) = &service.spec.container_name {
                lookup.containers.entry(name.value.as_str().to_owned()).or_insert(at);
            }
        }
        lookup
    }

    /// The service of that name.
    pub(super) fn service<'p>(&self, services: &'p [Service], name: &str) -> Option<&'p Service> {
        services.get(*self.services.get(name)?)
    }

    /// The service whose container has that name.
    pub(super) fn container<'p>(&self, services: &'p [Service], name: &str) -> Option<&'p Service> {
        services.get(*self.containers.get(name)?)
    }

    /// The top-level network of that name.
    pub(super) fn network<'p>(&self, spec: &'p ast::Project, name: &str) -> Option<&'p Named<Network>> {
        spec.networks.as_ref()?.value.entries.get(*self.networks.get(name)?)
    }

    /// The top-level volume of that name.
    pub(super) fn volume<'p>(&self, spec: &'p ast::Project, name: &str) -> Option<&'p Named<Volume>> {
        spec.volumes.as_ref()?.value.entries.get(*self.volumes.get(name)?)
    }

    /// The top-level secret of that name.
    pub(super) fn secret<'p>(&self, spec: &'p ast::Project, name: &str) -> Option<&'p Named<Secret>> {
        spec.secrets.as_ref()?.value.entries.get(*self.secrets.get(name)?)
    }

    /// The top-level config of that name.
    pub(super) fn config<'p>(&self, spec: &'p ast::Project, name: &str) -> Option<&'p Named<Config>> {
        spec.configs.as_ref()?.value.entries.get(*self.configs.get(name)?)
    }
}

fn positions<T>(section: &Attribute<Map<T>>) -> HashMap<Arc<str>, usize> {
    let entries = section.iter().flat_map(|section| &section.value.entries).enumerate();
    entries.map(|(at, entry)| (Arc::clone(&entry.name), at)).collect()
}
