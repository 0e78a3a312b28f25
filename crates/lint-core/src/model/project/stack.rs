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
