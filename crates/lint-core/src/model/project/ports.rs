//! The ports a service publishes on its host.

use std::net::IpAddr;

use lint_parser::compose::ast::field::Form;
use lint_parser::compose::ast::network::Port;
use lint_parser::compose::ast::scalar::PortRange;
use lint_parser::compose::value::Origin;

use crate::model::project::service::Service;

/// A published port, or a range of them.
#[derive(Clone, Copy, Debug)]
pub struct PublishedPort<'a> {
    /// As it is written.
    pub port: &'a Port,
    /// Where.
    pub origin: Origin,
    /// The addresses of the host it is published on.
    pub address: HostAddress,
    /// The ports in the container; `None` when that depends on a variable nobody sets.
    pub target: Option<PortRange>,
    /// The ports of the host; `None` when the engine chooses them or that depends on a variable nobody sets.
    pub published: Option<PortRange>,
}

/// The addresses of the host a port is published on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAddress {
    /// All of them: none is written, or `0.0.0.0`, or `::`.
    All,
    /// All of them unless a variable that nothing sets says otherwise: `${BIND_IP}:80:80`.
    AllUnlessSet,
    /// One.
    One,
}

impl PublishedPort<'_> {
    /// Whether it is TCP, the protocol of a port that names none.
    #[must_use]
    pub fn is_tcp(&self) -> bool {
        self.port.protocol.as_ref().is_none_or(|protocol| protocol.value.as_str().eq_ignore_ascii_case("tcp"))
    }
}

/// The ports a service publishes. None for a service that has no network of its own: `host` publishes
/// everything by itself, `none` nothing, and the engine refuses ports in another's network.
#[must_use]
pub fn published(service: &Service) -> Vec<PublishedPort<'_>> {
    let mode = service.spec.network_mode.as_ref().map(|mode| &mode.value);
    let elsewhere = mode.is_some_and(|mode| {
        let name = mode.as_str();
        mode.is_unknown()
            || matches!(name, "host" | "none")
            || name.starts_with("service:")
            || name.starts_with("container:")
    });
    if elsewhere || service.spec.provider.is_some() {
        return Vec::new();
    }
    let items = service.spec.ports.iter().flat_map(|ports| &ports.value.items);
    items
        .map(|item| PublishedPort {
            port: &item.value,
            origin: item.origin,
            address: address(&item.value),
            target: item.value.target.as_ref().and_then(|target| target.value.known().copied()),
            published: item.value.published.as_ref().and_then(|ports| ports.value.known().copied()),
        })
        .collect()
}

fn address(port: &Port) -> HostAddress {
    match &port.host_ip {
        Some(ip) if ip.value.is_unknown() => HostAddress::AllUnlessSet,
        Some(ip) if ip.value.as_str().is_empty() => HostAddress::All,
        Some(ip) => match ip.value.as_str().parse::<IpAddr>() {
            Ok(ip) if ip.is_unspecified() => HostAddress::All,
            _ => HostAddress::One,
        },
        // A variable in front of `80:80` that nobody sets has left nothing, or a lone colon.
        None => match &port.form {
            Form::Short(text) if text.is_unknown() => HostAddress::AllUnlessSet,
            _ => HostAddress::All,
        },
    }
}
