//! A Compose file that `docker stack deploy` is given: Swarm hears less of it than Compose does.

use lint_parser::compose::value::Origin;

use crate::files::file_name;
use crate::model::project::Project;
use crate::model::project::service::Service;

/// What becomes of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Swarm passes it by: it would have protected.
    LostProtection,
    /// Swarm passes it by.
    NoEffect,
    /// `docker stack deploy` refuses the file.
    Refused,
}

/// The attributes of a service that Swarm does not hear.
const UNHEARD: [(&str, Fate); 27] = [
    ("security_opt", Fate::LostProtection),
    ("tmpfs", Fate::LostProtection),
    ("cgroup", Fate::NoEffect),
    ("cgroup_parent", Fate::NoEffect),
    ("devices", Fate::NoEffect),
    ("ipc", Fate::NoEffect),
    ("network_mode", Fate::NoEffect),
    ("pid", Fate::NoEffect),
    ("privileged", Fate::NoEffect),
    ("shm_size", Fate::NoEffect),
    ("userns_mode", Fate::NoEffect),
    ("cpu_quota", Fate::Refused),
    ("cpu_shares", Fate::Refused),
    ("cpus", Fate::Refused),
    ("cpuset", Fate::Refused),
    ("extends", Fate::Refused),
    ("gpus", Fate::Refused),
    ("group_add", Fate::Refused),
    ("mem_limit", Fate::Refused),
    ("mem_reservation", Fate::Refused),
    ("memswap_limit", Fate::Refused),
    ("pids_limit", Fate::Refused),
    ("platform", Fate::Refused),
    ("profiles", Fate::Refused),
    ("pull_policy", Fate::Refused),
    ("runtime", Fate::Refused),
    ("volumes_from", Fate::Refused),
];

/// Whether a file is called what stacks are called: `docker-stack.yml`, `compose.stack.yaml`.
#[must_use]
pub fn is_named_so(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
    let is_suffixed = |name: &str| {
        stem.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    // `elk-stack.yml` is a stack of programs, and `stack.yml` is often given to Compose.
    is_suffixed("docker-stack")
        || stem.split(['.', '-', '_']).any(|part| part == "swarm")
        || ["docker-compose.stack", "docker-compose-stack", "compose.stack"].contains(&stem)
}

impl Project {
    /// Whether a service has an attribute that Swarm does not hear.
    pub(crate) fn has_unheard_by_swarm(&self) -> bool {
        self.input.is_compose()
            && self.services.iter().any(|service| service.unheard_by_swarm().next().is_some())
    }

    /// Whether it says what only Swarm reads: where the replicas of a service go, how they are found. What has to be built is none.
    pub(crate) fn is_like_a_stack(&self) -> bool {
        let is_of_swarm = |service: &Service| {
            let deploy = service.value.get("deploy").map(|deploy| &deploy.value);
            let says = |key: &str| deploy.and_then(|deploy| deploy.get(key)).is_some();
            let mode = deploy.and_then(|deploy| deploy.get("mode")?.value.as_scalar());
            says("placement")
                || says("endpoint_mode")
                || says("rollback_config")
                || mode.is_some_and(|mode| mode.text.text() == "global")
        };
        let is_built = |service: &Service| service.spec.image.is_none();
        self.input.is_compose()
            && self.services.iter().any(is_of_swarm)
            && !self.services.iter().any(is_built)
    }

    /// Takes away what Swarm does not hear: the containers are those that it starts.
    pub(crate) fn deploy_as_stack(&mut self) {
        self.input.is_stack = true;
        for Service { spec, .. } in &mut self.services {
            spec.cgroup = None;
            spec.cgroup_parent = None;
            spec.devices = None;
            spec.ipc = None;
            spec.network_mode = None;
            spec.pid = None;
            spec.privileged = None;
            spec.security_opt = None;
            spec.tmpfs = None;
            spec.userns_mode = None;
        }
    }
}

impl Service {
    /// The attributes that Swarm does not hear, with their places.
    pub(crate) fn unheard_by_swarm(&self) -> impl Iterator<Item = (&'static str, Fate, Origin)> {
        UNHEARD.iter().filter_map(|(name, fate)| Some((*name, *fate, self.value.get(name)?.key_origin)))
    }
}
