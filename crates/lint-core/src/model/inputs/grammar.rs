//! The flags of `docker run` and of its kin in Podman: how each is written, and the attribute of a service it is.

mod others;

pub(super) use crate::model::inputs::flag::Flag;
use crate::model::inputs::flag::READ_ONLY_TMPFS;
use others::{
    BAKE, BAKE_LETTERS, BUILD, BUILD_LETTERS, COMPOSE_EXEC, COMPOSE_LETTERS, COMPOSE_LETTERS_OF_EXEC,
    COMPOSE_RUN, EXEC, EXEC_LETTERS,
};

/// The letters of `docker run`.
pub(super) const LETTERS: &[(char, &str)] = &[
    ('a', "attach"),
    ('c', "cpu-shares"),
    ('d', "detach"),
    ('e', "env"),
    ('h', "hostname"),
    ('i', "interactive"),
    ('l', "label"),
    ('m', "memory"),
    ('p', "publish"),
    ('P', "publish-all"),
    ('q', "quiet"),
    ('t', "tty"),
    ('u', "user"),
    ('v', "volume"),
    ('w', "workdir"),
];

/// The flags of `docker run` and `podman run`.
pub(super) const RUN: &[(&str, Flag)] = &[
    ("add-host", Flag::Item("extra_hosts")),
    ("annotation", Flag::Item("annotations")),
    ("arch", Flag::Skip),
    ("attach", Flag::Skip),
    ("authfile", Flag::Skip),
    ("blkio-weight", Flag::Skip),
    ("blkio-weight-device", Flag::Skip),
    ("cap-add", Flag::Item("cap_add")),
    ("cap-drop", Flag::Item("cap_drop")),
    ("cert-dir", Flag::Skip),
    ("cgroup-conf", Flag::Skip),
    ("cgroup-parent", Flag::Text("cgroup_parent")),
    ("cgroupns", Flag::Text("cgroup")),
    ("cgroups", Flag::Skip),
    ("chrootdirs", Flag::Skip),
    ("cidfile", Flag::Skip),
    ("conmon-pidfile", Flag::Skip),
    ("cpu-count", Flag::Skip),
    ("cpu-percent", Flag::Skip),
    ("cpu-period", Flag::Number("cpu_period")),
    ("cpu-quota", Flag::Number("cpu_quota")),
    ("cpu-rt-period", Flag::Skip),
    ("cpu-rt-runtime", Flag::Skip),
    ("cpu-shares", Flag::Number("cpu_shares")),
    ("cpus", Flag::Number("cpus")),
    ("cpuset-cpus", Flag::Text("cpuset")),
    ("cpuset-mems", Flag::Skip),
    ("creds", Flag::Skip),
    ("decryption-key", Flag::Skip),
    ("detach", Flag::Detach),
    ("detach-keys", Flag::Skip),
    ("device", Flag::Item("devices")),
    ("device-cgroup-rule", Flag::Item("device_cgroup_rules")),
    ("device-read-bps", Flag::Skip),
    ("device-read-iops", Flag::Skip),
    ("device-write-bps", Flag::Skip),
    ("device-write-iops", Flag::Skip),
    ("disable-content-trust", Flag::Idle),
    ("dns", Flag::Item("dns")),
    ("dns-opt", Flag::Item("dns_opt")),
    ("dns-option", Flag::Item("dns_opt")),
    ("dns-search", Flag::Item("dns_search")),
    ("domainname", Flag::Text("domainname")),
    ("entrypoint", Flag::Entrypoint),
    ("env", Flag::Item("environment")),
    ("env-file", Flag::EnvFile),
    ("env-host", Flag::Idle),
    ("env-merge", Flag::Skip),
    ("expose", Flag::Item("expose")),
    ("gidmap", Flag::Skip),
    ("gpus", Flag::Gpus),
    ("group-add", Flag::Item("group_add")),
    ("group-entry", Flag::Skip),
    ("health-cmd", Flag::In("healthcheck", "test")),
    ("health-interval", Flag::In("healthcheck", "interval")),
    ("health-log-destination", Flag::Skip),
    ("health-max-log-count", Flag::Skip),
    ("health-max-log-size", Flag::Skip),
    ("health-on-failure", Flag::Skip),
    ("health-retries", Flag::In("healthcheck", "retries")),
    ("health-start-interval", Flag::In("healthcheck", "start_interval")),
    ("health-start-period", Flag::In("healthcheck", "start_period")),
    ("health-startup-cmd", Flag::Skip),
    ("health-startup-interval", Flag::Skip),
    ("health-startup-retries", Flag::Skip),
    ("health-startup-success", Flag::Skip),
    ("health-startup-timeout", Flag::Skip),
    ("health-timeout", Flag::In("healthcheck", "timeout")),
    ("hostname", Flag::Text("hostname")),
    ("hosts-file", Flag::Skip),
    ("hostuser", Flag::Skip),
    ("http-proxy", Flag::Idle),
    ("image-volume", Flag::Skip),
    ("init", Flag::Switch("init")),
    ("init-path", Flag::Skip),
    ("interactive", Flag::Terminal),
    ("io-maxbandwidth", Flag::Skip),
    ("io-maxiops", Flag::Skip),
    ("ip", Flag::Skip),
    ("ip6", Flag::Skip),
    ("ipc", Flag::Text("ipc")),
    ("isolation", Flag::Text("isolation")),
    ("kernel-memory", Flag::Skip),
    ("label", Flag::Item("labels")),
    ("label-file", Flag::Skip),
    ("link", Flag::Skip),
    ("link-local-ip", Flag::Skip),
    ("log-driver", Flag::In("logging", "driver")),
    ("log-opt", Flag::LogOption),
    ("mac-address", Flag::Skip),
    ("memory", Flag::Text("mem_limit")),
    ("memory-reservation", Flag::Text("mem_reservation")),
    ("memory-swap", Flag::Text("memswap_limit")),
    ("memory-swappiness", Flag::Number("mem_swappiness")),
    ("mount", Flag::Mount),
    ("name", Flag::Text("container_name")),
    ("net", Flag::Network),
    ("net-alias", Flag::Skip),
    ("network", Flag::Network),
    ("network-alias", Flag::Skip),
    ("no-healthcheck", Flag::NoHealthcheck),
    ("no-hostname", Flag::Idle),
    ("no-hosts", Flag::Idle),
    ("oom-kill-disable", Flag::Switch("oom_kill_disable")),
    ("oom-score-adj", Flag::Number("oom_score_adj")),
    ("os", Flag::Skip),
    ("passwd", Flag::Idle),
    ("passwd-entry", Flag::Skip),
    ("personality", Flag::Skip),
    ("pid", Flag::Text("pid")),
    ("pidfile", Flag::Skip),
    ("pids-limit", Flag::Number("pids_limit")),
    ("platform", Flag::Text("platform")),
    ("pod", Flag::Skip),
    ("pod-id-file", Flag::Skip),
    ("preserve-fd", Flag::Skip),
    ("preserve-fds", Flag::Skip),
    ("privileged", Flag::Switch("privileged")),
    ("publish", Flag::Item("ports")),
    ("publish-all", Flag::Idle),
    ("pull", Flag::Text("pull_policy")),
    ("quiet", Flag::Idle),
    ("rdt-class", Flag::Skip),
    ("read-only", Flag::Switch("read_only")),
    ("read-only-tmpfs", Flag::Switch(READ_ONLY_TMPFS)),
    ("replace", Flag::Idle),
    ("requires", Flag::Skip),
    ("restart", Flag::Text("restart")),
    ("retry", Flag::Skip),
    ("retry-delay", Flag::Skip),
    ("rm", Flag::Remove),
    ("rmi", Flag::Idle),
    ("rootfs", Flag::Idle),
    ("runtime", Flag::Text("runtime")),
    ("sdnotify", Flag::Skip),
    ("seccomp-policy", Flag::Skip),
    ("secret", Flag::Skip),
    ("security-opt", Flag::Item("security_opt")),
    ("shm-size", Flag::Text("shm_size")),
    ("shm-size-systemd", Flag::Skip),
    ("sig-proxy", Flag::Idle),
    ("stop-signal", Flag::Text("stop_signal")),
    ("stop-timeout", Flag::StopTimeout),
    ("storage-opt", Flag::Skip),
    ("subgidname", Flag::Skip),
    ("subuidname", Flag::Skip),
    ("sysctl", Flag::Item("sysctls")),
    ("systemd", Flag::Skip),
    ("timeout", Flag::Skip),
    ("tls-verify", Flag::Idle),
    ("tmpfs", Flag::Item("tmpfs")),
    ("tty", Flag::Terminal),
    ("tz", Flag::Skip),
    ("uidmap", Flag::Skip),
    ("ulimit", Flag::Ulimit),
    ("umask", Flag::Skip),
    ("unsetenv", Flag::Skip),
    ("unsetenv-all", Flag::Idle),
    ("use-api-socket", Flag::Switch("use_api_socket")),
    ("user", Flag::Text("user")),
    ("userns", Flag::Text("userns_mode")),
    ("uts", Flag::Text("uts")),
    ("variant", Flag::Skip),
    ("volume", Flag::Volume),
    ("volume-driver", Flag::Skip),
    ("volumes-from", Flag::Skip),
    ("workdir", Flag::Text("working_dir")),
];

/// The letters of `docker service create`.
pub(super) const SERVICE_LETTERS: &[(char, &str)] = &[
    ('d', "detach"),
    ('e', "env"),
    ('l', "label"),
    ('p', "publish"),
    ('q', "quiet"),
    ('t', "tty"),
    ('u', "user"),
    ('w', "workdir"),
];

/// The flags of `docker service create`.
pub(super) const SERVICE: &[(&str, Flag)] = &[
    ("cap-add", Flag::Item("cap_add")),
    ("cap-drop", Flag::Item("cap_drop")),
    ("config", Flag::Skip),
    ("constraint", Flag::Skip),
    ("container-label", Flag::Item("labels")),
    ("credential-spec", Flag::Skip),
    ("detach", Flag::Idle),
    ("dns", Flag::Item("dns")),
    ("dns-option", Flag::Item("dns_opt")),
    ("dns-search", Flag::Item("dns_search")),
    ("endpoint-mode", Flag::Skip),
    ("entrypoint", Flag::Entrypoint),
    ("env", Flag::Item("environment")),
    ("env-file", Flag::EnvFile),
    ("generic-resource", Flag::Skip),
    ("group", Flag::Item("group_add")),
    ("health-cmd", Flag::In("healthcheck", "test")),
    ("health-interval", Flag::In("healthcheck", "interval")),
    ("health-retries", Flag::In("healthcheck", "retries")),
    ("health-start-interval", Flag::In("healthcheck", "start_interval")),
    ("health-start-period", Flag::In("healthcheck", "start_period")),
    ("health-timeout", Flag::In("healthcheck", "timeout")),
    ("host", Flag::Item("extra_hosts")),
    ("hostname", Flag::Text("hostname")),
    ("init", Flag::Switch("init")),
    ("isolation", Flag::Text("isolation")),
    ("label", Flag::Skip),
    ("limit-cpu", Flag::Limit("cpus")),
    ("limit-memory", Flag::Limit("memory")),
    ("limit-pids", Flag::Limit("pids")),
    ("log-driver", Flag::In("logging", "driver")),
    ("log-opt", Flag::LogOption),
    ("max-concurrent", Flag::Skip),
    ("memory-swap", Flag::Skip),
    ("memory-swappiness", Flag::Skip),
    ("mode", Flag::Skip),
    ("mount", Flag::Mount),
    ("name", Flag::Text("container_name")),
    ("network", Flag::Network),
    ("no-healthcheck", Flag::NoHealthcheck),
    ("no-resolve-image", Flag::Idle),
    ("oom-score-adj", Flag::Number("oom_score_adj")),
    ("placement-pref", Flag::Skip),
    ("publish", Flag::Item("ports")),
    ("quiet", Flag::Idle),
    ("read-only", Flag::Switch("read_only")),
    ("replicas", Flag::Skip),
    ("replicas-max-per-node", Flag::Skip),
    ("reserve-cpu", Flag::Skip),
    ("reserve-memory", Flag::Skip),
    ("restart-condition", Flag::RestartCondition),
    ("restart-delay", Flag::Skip),
    ("restart-max-attempts", Flag::Skip),
    ("restart-window", Flag::Skip),
    ("rollback-delay", Flag::Skip),
    ("rollback-failure-action", Flag::Skip),
    ("rollback-max-failure-ratio", Flag::Skip),
    ("rollback-monitor", Flag::Skip),
    ("rollback-order", Flag::Skip),
    ("rollback-parallelism", Flag::Skip),
    ("secret", Flag::Skip),
    ("stop-grace-period", Flag::Text("stop_grace_period")),
    ("stop-signal", Flag::Text("stop_signal")),
    ("sysctl", Flag::Item("sysctls")),
    ("tty", Flag::Idle),
    ("ulimit", Flag::Ulimit),
    ("update-delay", Flag::Skip),
    ("update-failure-action", Flag::Skip),
    ("update-max-failure-ratio", Flag::Skip),
    ("update-monitor", Flag::Skip),
    ("update-order", Flag::Skip),
    ("update-parallelism", Flag::Skip),
    ("user", Flag::Text("user")),
    ("with-registry-auth", Flag::Idle),
    ("workdir", Flag::Text("working_dir")),
];

/// A list of flags, by name and by letter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    flags: &'static [(&'static str, Flag)],
    letters: &'static [(char, &'static str)],
}

impl Grammar {
    /// `docker run`, `docker create`, `podman run`.
    pub(super) const RUN: Self = Self { flags: RUN, letters: LETTERS };
    /// `docker service create`.
    pub(super) const SERVICE: Self = Self { flags: SERVICE, letters: SERVICE_LETTERS };
    /// `docker exec`
    pub(super) const EXEC: Self = Self { flags: EXEC, letters: EXEC_LETTERS };
    /// `docker compose exec`
    pub(super) const COMPOSE_EXEC: Self = Self { flags: COMPOSE_EXEC, letters: COMPOSE_LETTERS_OF_EXEC };
    /// `docker compose run`
    pub(super) const COMPOSE_RUN: Self = Self { flags: COMPOSE_RUN, letters: COMPOSE_LETTERS };
    /// `docker build`
    pub(super) const BUILD: Self = Self { flags: BUILD, letters: BUILD_LETTERS };
    /// `docker buildx bake`
    pub(super) const BAKE: Self = Self { flags: BAKE, letters: BAKE_LETTERS };

    /// The flag of that name.
    pub(super) fn named(self, name: &str) -> Option<Flag> {
        let at = self.flags.binary_search_by_key(&name, |(name, _)| name).ok()?;
        self.flags.get(at).map(|(_, flag)| *flag)
    }

    /// The flag of that letter.
    pub(super) fn lettered(self, letter: char) -> Option<Flag> {
        self.named(self.letters.iter().find(|(known, _)| *known == letter)?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_in_order_and_letters_are_flags() {
        let all = [
            Grammar::RUN,
            Grammar::SERVICE,
            Grammar::EXEC,
            Grammar::COMPOSE_EXEC,
            Grammar::COMPOSE_RUN,
            Grammar::BUILD,
            Grammar::BAKE,
        ];
        for grammar in all {
            assert!(grammar.flags.is_sorted_by_key(|(name, _)| *name));
            assert!(grammar.letters.iter().all(|(letter, _)| grammar.lettered(*letter).is_some()));
        }
    }
}
