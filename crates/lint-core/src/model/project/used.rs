//! What services use of a project's networks, volumes, secrets, configs and models.

use std::collections::BTreeSet;

/// The names of what is used.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Networks; `default` too, where a service says nothing of networks.
    pub networks: BTreeSet<String>,
    /// Volumes.
    pub volumes: BTreeSet<String>,
    /// Volumes of a cluster.
    pub cluster_volumes: BTreeSet<String>,
    /// Secrets, of services and of builds.
    pub secrets: BTreeSet<String>,
    /// Configs that services see as files.
    pub configs: BTreeSet<String>,
    /// Configs with the credentials of services.
    pub credentials: BTreeSet<String>,
    /// AI models.
    pub models: BTreeSet<String>,
}

impl Used {
    /// Adds what others use.
    pub fn extend(&mut self, other: Self) {
        self.networks.extend(other.networks);
        self.volumes.extend(other.volumes);
        self.cluster_volumes.extend(other.cluster_volumes);
        self.secrets.extend(other.secrets);
        self.configs.extend(other.configs);
        self.models.extend(other.models);
    }
}
