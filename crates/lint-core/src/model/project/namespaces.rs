//! Which services live in a namespace of the host, by themselves or because they join one that does.

use std::collections::HashSet;

use lint_parser::compose::ast::field::{Field, Named, Text};
use lint_parser::compose::ast::network::Network;
use lint_parser::compose::value::Origin;

use crate::model::project::effective::Project;
use crate::model::project::service::Service;

/// A namespace that a service can share with another service or with the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// `network_mode`, and networks that are the host's.
    Network,
    /// `pid`
    Pid,
    /// `ipc`
    Ipc,
}

/// How a service comes into a namespace of the host.
#[derive(Clone, Debug)]
pub struct InHost<'p> {
    /// Where the service says so: `host`, `service:other`, the network's name.
    pub origin: Origin,
    /// Where it takes that from.
    pub via: Option<Origin>,
    /// The services it joins, one after the other; the last one is in the host's namespace. Empty when the
    /// service itself is.
    pub through: Vec<&'p Service>,
    /// Where the last of them says `host`, or the network is declared; the same as `origin` when the service
    /// itself says it.
    pub host: Origin,
}

/// How many services are followed: each joins the next.
const MAX_CHAIN: usize = 32;

/// How the service comes into the host's namespace; `None` when it does not, or when that is not known.
#[must_use]
pub fn in_host<'p>(project: &'p Project, service: &'p Service, namespace: Namespace) -> Option<InHost<'p>> {
    let mut seen = HashSet::from([&*service.name]);
    let mut through: Vec<&'p Service> = Vec::new();
    let mut current = service;
    let mut first: Option<(Origin, Option<Origin>)> = None;
    loop {
        let Some((text, origin, via)) = written(current, namespace) else {
            if namespace != Namespace::Network {
                return None;
            }
            let (origin, via, host) = host_network(project, current)?;
            let (origin, via) = first.unwrap_or((origin, via));
            return Some(InHost { origin, via, through, host });
        };
        if text.is_unknown() {
            return None;
        }
        let (start, start_via) = *first.get_or_insert((origin, via));
        if text.as_str() == "host" {
            return Some(InHost { origin: start, via: start_via, through, host: origin });
        }
        current = joined(project, text.as_str())?;
        if through.len() >= MAX_CHAIN || !seen.insert(&current.name) {
            return None;
        }
        through.push(current);
    }
}

fn written(service: &Service, namespace: Namespace) -> Option<(&Text, Origin, Option<Origin>)> {
    let of = |field: &'_ Field<Text>| (field.origin, field.via);
    match namespace {
        Namespace::Network => {
            let field = service.spec.network_mode.as_deref()?;
            Some((&field.value, of(field).0, of(field).1))
        }
        Namespace::Ipc => {
            let field = service.spec.ipc.as_deref()?;
            Some((&field.value, of(field).0, of(field).1))
        }
        Namespace::Pid => {
            let field = service.spec.pid.as_deref()?;
            Some((field.value.as_ref()?, field.origin, field.via))
        }
    }
}

/// The service that `service:name` or `container:name` names.
fn joined<'p>(project: &'p Project, mode: &str) -> Option<&'p Service> {
    match mode.split_once(':')? {
        ("service", name) => project.service(name),
        ("container", name) => project.container(name),
        _ => None,
    }
}

/// A network of the service that is the host's own: the engine's network called `host` is no network but the
/// host's namespace, and so is whatever uses the driver of that name.
fn host_network(project: &Project, service: &Service) -> Option<(Origin, Option<Origin>, Origin)> {
    let Some(networks) = &service.spec.networks else {
        // Who names no network is in the one called `default`.
        let network = project.network("default").filter(|network| is_host_network(network))?;
        return Some((network.field.key, network.field.via, network.field.key));
    };
    for joined in &networks.value.entries {
        let Some(network) = project.network(&joined.name) else { continue };
        if is_host_network(network) {
            let via = joined.field.via.or(networks.via);
            return Some((joined.field.key, via, network.field.key));
        }
    }
    None
}

fn is_host_network(network: &Named<Network>) -> bool {
    let spec = &network.field.value;
    let says_host = |text: &Text| !text.is_unknown() && text.as_str() == "host";
    let by_driver = spec.driver.as_ref().is_some_and(|driver| says_host(&driver.value));
    let external = spec.external.as_ref().is_some_and(|field| field.value.is_external() == Some(true));
    let old_name = spec.external.as_ref().and_then(|field| field.value.name.as_ref());
    let by_name = match spec.name.as_ref().or(old_name) {
        Some(name) => says_host(&name.value),
        None => &*network.name == "host",
    };
    by_driver || (external && by_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileError;
    use crate::model::project::group::ProjectFiles;
    use crate::model::project::load::load;
    use lint_parser::text::source::SourceFile;

    fn chain(text: &str, service: &str) -> Option<Vec<String>> {
        let files = ProjectFiles::new(["compose.yaml"]);
        let project = load(&files, &|name| match name {
            "compose.yaml" => Ok(SourceFile::new(name, text)),
            _ => Err(FileError::NotFound),
        });
        let service = project.service(service).expect("it is there");
        let found = in_host(&project, service, Namespace::Pid)?;
        Some(found.through.iter().map(|service| service.name.to_string()).collect())
    }

    #[test]
    fn chains_end_at_the_host_or_nowhere() {
        let text = "\
services:
  a: { image: x, pid: 'service:b' }
  b: { image: x, pid: 'container:c-1' }
  c: { image: x, container_name: c-1, pid: host }
  d: { image: x, pid: 'service:e' }
  e: { image: x, pid: 'service:d' }
  self: { image: x, pid: 'service:self' }
  null: { image: x, pid: null }
  lost: { image: x, pid: 'service:nobody' }
  odd: { image: x, pid: 'host:c' }
";
        assert_eq!(chain(text, "a"), Some(vec!["b".to_owned(), "c".to_owned()]));
        assert_eq!(chain(text, "c"), Some(vec![]));
        for service in ["d", "e", "self", "null", "lost", "odd"] {
            assert_eq!(chain(text, service), None, "{service}");
        }
    }
}
