//! What a project looks like, gathered while it is judged.

use std::collections::HashSet;

use lint_parser::compose::ast::scalar::PortRange;

use crate::model::build::user::UserKind;
use crate::model::container::step_down::StepDown;
use crate::model::container::{Container, Image};
use crate::model::project::Project;
use crate::model::project::host_mounts::host_mounts;
use crate::model::project::namespaces::{Namespace, in_host};
use crate::model::project::ports::{HostAddress, PublishedPort, published};
use crate::model::project::service::Service;
use crate::report::picture;

/// The most of a service's ports and mounts that are drawn: real ones have a few.
const MOST: usize = 50;

/// The project without its services.
pub(in crate::engine) fn of_project(project: &Project) -> picture::Picture {
    let networks = project.spec.networks.iter().flat_map(|networks| &networks.value.entries);
    let networks = networks.map(|network| {
        let spec = &network.field.value;
        picture::Network {
            name: network.name.to_string(),
            internal: spec.internal.as_ref().is_some_and(|internal| internal.value.is(true)),
            external: spec.external.is_some(),
        }
    });
    picture::Picture { files: project.files.clone(), networks: networks.collect(), services: Vec::new() }
}

/// A service and the container that it starts.
pub(in crate::engine) fn of_service(
    project: &Project,
    service: &Service,
    container: &Container<'_>,
) -> picture::Service {
    let mounts = host_mounts(project, service);
    let mut seen = HashSet::new();
    let mounts = mounts.iter().map(|mount| picture::Mount {
        path: mount.source.shown(),
        writable: mount.read_only == Some(false),
        reaches_host: mount.source.engine_socket().is_some()
            || mount.source.sensitivity().is_some()
            || mount.source.docker_host_file().is_some(),
    });
    picture::Service {
        name: service.name.to_string(),
        place: project.place(service.key),
        runs: runs(&container.image),
        user: user(container),
        privileged: service.spec.privileged.as_ref().is_some_and(|privileged| privileged.value.is(true)),
        in_host_network: in_host(project, service, Namespace::Network).is_some(),
        networks: networks(service),
        ports: published(service).iter().take(MOST).map(port).collect(),
        mounts: mounts.filter(|mount| seen.insert(mount.path.clone())).take(MOST).collect(),
    }
}

fn runs(image: &Image) -> String {
    match image {
        Image::Named { reference, .. } => reference.clone(),
        Image::Built { plan, .. } | Image::NoTarget { plan } => plan.dockerfile.file.name().to_owned(),
        Image::Unreadable { path, .. } => path.clone(),
        Image::Unknown => String::new(),
    }
}

fn user(container: &Container<'_>) -> picture::User {
    let steps_down = matches!(container.user.step_down, StepDown::Yes { .. });
    if container.root_user().is_some() {
        picture::User::Root
    } else if container.user.kind == UserKind::NotRoot || steps_down {
        picture::User::NotRoot
    } else {
        picture::User::Unknown
    }
}

fn networks(service: &Service) -> Vec<String> {
    match (&service.spec.networks, &service.spec.network_mode) {
        (Some(networks), _) => {
            networks.value.entries.iter().map(|network| network.name.to_string()).collect()
        }
        (None, Some(_)) => Vec::new(),
        (None, None) => vec!["default".to_owned()],
    }
}

fn port(port: &PublishedPort<'_>) -> picture::Port {
    let everywhere = port.address != HostAddress::One;
    let address = match &port.port.host_ip {
        Some(ip) if !everywhere => format!("{}:", ip.value.as_str()),
        _ => String::new(),
    };
    let number = |ports: Option<PortRange>| match ports {
        Some(PortRange { first, last }) if first == last => first.to_string(),
        Some(PortRange { first, last }) => format!("{first}-{last}"),
        None => "?".to_owned(),
    };
    let protocol = if port.is_tcp() { "" } else { "/udp" };
    let shown = format!("{address}{} → {}{protocol}", number(port.published), number(port.target));
    picture::Port { shown, everywhere }
}
