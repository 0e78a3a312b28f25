//! A project as one would draw it: who is in which network, what the network outside reaches, who is root, what of the host is in reach.
//! It is no verdict. The audit shows it beside its findings.

use crate::finding::label::Place;

/// A Compose project.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// Its files, in order.
    pub files: Vec<String>,
    /// Its networks, in the order of the files; `default` is one where a service is in it.
    pub networks: Vec<Network>,
    /// Its services.
    pub services: Vec<Service>,
}

/// A network of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// What the project calls it.
    pub name: String,
    /// Whether it is cut off from the world.
    pub internal: bool,
    /// Whether others may be in it: it is there already.
    pub external: bool,
}

/// A service of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Where that is written.
    pub place: Place,
    /// What it runs: an image, or the Dockerfile that makes one.
    pub runs: String,
    /// Who its program runs as.
    pub user: User,
    /// Whether it is privileged.
    pub privileged: bool,
    /// Whether it is in the host's own network.
    pub in_host_network: bool,
    /// The networks that it is in.
    pub networks: Vec<String>,
    /// What it publishes.
    pub ports: Vec<Port>,
    /// What it sees of the host.
    pub mounts: Vec<Mount>,
}

/// Who a container's program runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum User {
    Root,
    NotRoot,
    /// The files do not say.
    Unknown,
}

/// A published port.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Port {
    /// As `8080 → 80`.
    pub shown: String,
    /// Whether every address of the host has it.
    pub everywhere: bool,
}

/// A part of the host that a container sees.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// The path, as people write it.
    pub path: String,
    /// Whether the container may write there.
    pub writable: bool,
    /// Whether whoever has it commands the host, or reads its secrets: the engine's socket, `/etc`, somebody's home.
    pub reaches_host: bool,
}
