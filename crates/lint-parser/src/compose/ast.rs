//! The typed view of a Compose file or of an effective project: every attribute of the Compose
//! specification, each with its provenance.
//!
//! Short and long syntaxes are one type that remembers which of them was written. An attribute that is written but
//! is not of its type is `None`, has an error, and is kept in the `rest` of its mapping. Merging, defaults
//! and references between services are not this module's business.

pub(crate) mod attributes;
pub mod build;
pub mod deploy;
pub mod field;
pub mod lifecycle;
pub mod mount;
pub mod network;
pub mod pairs;
pub mod resource;
pub mod scalar;
pub mod service;

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Anything, List, Map, Text};
use crate::compose::ast::network::Network;
use crate::compose::ast::resource::{Config, Include, Model, Secret, Volume};
use crate::compose::ast::service::Service;

attributes! {
    /// A Compose file, or a project made of several.
    pub struct Project {
        /// The version of a format that is no more; Compose ignores it.
        version: Text,
        /// The project's name; that of its directory when absent.
        name: Text,
        /// Other Compose files.
        include: List<Include>,
        /// The services.
        services: Map<Service> => resources,
        /// The AI models.
        models: Map<Model> => resources,
        /// The networks.
        networks: Map<Network> => resources,
        /// The volumes.
        volumes: Map<Volume> => resources,
        /// The secrets.
        secrets: Map<Secret> => resources,
        /// The configs.
        configs: Map<Config> => resources,
        /// Jobs, which the specification is about to have and Compose does not know yet.
        jobs: Map<Anything>,
    }
}
