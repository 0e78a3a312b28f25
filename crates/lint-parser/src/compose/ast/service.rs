//! A service: every attribute the Compose specification gives it.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::build::Build;
use crate::compose::ast::deploy::Deploy;
use crate::compose::ast::field::{AnyText, Cast, List, Map, Text};
use crate::compose::ast::lifecycle::{
    CredentialSpec, Dependency, Develop, EnvFile, Extends, Healthcheck, Hook, Provider, SecurityOpt,
};
use crate::compose::ast::mount::{Device, FileGrant, Gpus, Mount};
use crate::compose::ast::network::{Attachment, Port};
use crate::compose::ast::pairs::{BlkioConfig, Command, ExtraHosts, Logging, Pairs, Ulimit};
use crate::compose::ast::resource::ModelUse;
use crate::compose::ast::scalar::{ByteSize, CgroupNamespace, Decimal, FileMode, Nanoseconds};

attributes! {
    /// A service.
    pub struct Service {
        /// Annotations of the container.
        annotations: Pairs,
        /// Whether `up` shows its output; true when absent.
        attach: Cast<bool>,
        /// Limits on block devices.
        blkio_config: BlkioConfig,
        /// How its image is built.
        build: Build,
        /// Capabilities beyond the engine's own.
        cap_add: List<Text>,
        /// Capabilities taken away.
        cap_drop: List<Text>,
        /// Its cgroup namespace.
        cgroup: Cast<CgroupNamespace>,
        /// The parent of its cgroup.
        cgroup_parent: Text,
        /// What it runs instead of the image's `CMD`.
        command: Command,
        /// Configs it may read.
        configs: List<FileGrant>,
        /// The container's name; one of the project's and its own when absent.
        container_name: Text => container_name,
        /// Windows: processors.
        cpu_count: Cast<i64> => count,
        /// Windows: the part of all processors, in percent.
        cpu_percent: Cast<Decimal> => percent,
        /// The scheduler's period, in microseconds.
        cpu_period: Cast<i64> => number,
        /// The time in each period, in microseconds.
        cpu_quota: Cast<i64> => number,
        /// The real-time scheduler's period, in microseconds. The schema speaks of a duration too, which Compose
        /// does not take.
        cpu_rt_period: Cast<i64> => number,
        /// The real-time in each period, in microseconds.
        cpu_rt_runtime: Cast<i64> => number,
        /// Its weight among others; 1024 when absent.
        cpu_shares: Cast<i64> => number,
        /// Processors it may use, at most.
        cpus: Cast<Decimal>,
        /// Which processors it may use.
        cpuset: Text,
        /// The credentials of a Windows container.
        credential_spec: CredentialSpec,
        /// Services that must be there first.
        depends_on: Map<Dependency> => names_or_map,
        /// How it is deployed.
        deploy: Deploy,
        /// How it is developed.
        develop: Develop,
        /// Rules of the device cgroup: `c 1:3 mr`.
        device_cgroup_rules: List<Text> => distinct,
        /// Devices of the host.
        devices: List<Device>,
        /// Name servers.
        dns: List<Text> => one_or_list,
        /// Options of the resolver.
        dns_opt: List<Text>,
        /// Search domains.
        dns_search: List<Text> => one_or_list,
        /// The container's domain name.
        domainname: Text,
        /// What it runs instead of the image's `ENTRYPOINT`.
        entrypoint: Command,
        /// Files with environment variables.
        env_file: List<EnvFile> => env_files,
        /// Environment variables.
        environment: Pairs => environment,
        /// Ports other containers may use. It opens nothing.
        expose: List<AnyText> => exposed,
        /// The service it starts from.
        extends: Extends,
        /// Containers of other projects it is linked to.
        external_links: List<Text> => distinct,
        /// Lines of `/etc/hosts`.
        extra_hosts: ExtraHosts => distinct_hosts,
        /// GPUs.
        gpus: Gpus,
        /// Further groups of the process.
        group_add: List<AnyText> => groups,
        /// How the engine sees that it works.
        healthcheck: Healthcheck,
        /// The container's host name.
        hostname: Text,
        /// The image; with `build`, the name of the result.
        image: Text,
        /// Whether an init process runs as PID 1.
        init: Cast<bool>,
        /// Its IPC namespace: `host`, `private`, `shareable`, `none`, `service:name`, `container:name`.
        ipc: Text,
        /// The isolation of a Windows container.
        isolation: Text,
        /// Files with labels.
        label_file: List<Text> => one_or_list,
        /// Labels of the container.
        labels: Pairs,
        /// Services of the project it is linked to: `name`, `name:alias`.
        links: List<Text>,
        /// Where its output goes.
        logging: Logging,
        /// Its MAC address.
        mac_address: Text,
        /// Memory it may use, at most; 0 is no limit.
        mem_limit: Cast<ByteSize>,
        /// Memory it is promised.
        mem_reservation: Cast<ByteSize> => whole_size,
        /// How readily its memory is swapped out, 0 to 100.
        mem_swappiness: Cast<i64> => size_as_number,
        /// Memory and swap it may use, at most; -1 is no limit.
        memswap_limit: Cast<ByteSize>,
        /// AI models it uses.
        models: Map<ModelUse> => names_or_map,
        /// Its network namespace: `host`, `none`, `bridge`, `service:name`, `container:name`, a network.
        network_mode: Text,
        /// Networks it joins; `default` when absent.
        networks: Map<Attachment> => names_or_map,
        /// Whether the kernel spares it when memory runs out.
        oom_kill_disable: Cast<bool>,
        /// How readily the kernel kills it when memory runs out, -1000 to 1000.
        oom_score_adj: Cast<i64> => oom_score,
        /// Its PID namespace: `host`, `service:name`, `container:name`.
        pid: Option<Text> => nullable_text,
        /// Processes and threads it may have, at most; 0 and -1 are no limit.
        pids_limit: Cast<i64> => number,
        /// The platform of the image: `linux/amd64`.
        platform: Text,
        /// Ports it publishes.
        ports: List<Port>,
        /// Commands before it starts.
        pre_start: List<Hook>,
        /// Commands after it started.
        post_start: List<Hook> => hooks,
        /// Commands before it stops.
        pre_stop: List<Hook> => hooks,
        /// Whether it has all the host's devices and capabilities.
        privileged: Cast<bool>,
        /// The profiles it belongs to; always on when absent or empty.
        profiles: List<Text>,
        /// The program that provides it instead of a container.
        provider: Provider,
        /// When its image is pulled.
        pull_policy: Text => pull_policy,
        /// After how long its image is pulled again.
        pull_refresh_after: Text,
        /// Whether its root file system is read-only.
        read_only: Cast<bool>,
        /// When it is restarted: `no`, `always`, `on-failure`, `on-failure:5`, `unless-stopped`.
        restart: Text,
        /// The runtime of the engine: `runc`.
        runtime: Text,
        /// The number of containers; it must agree with `deploy.replicas`.
        scale: Cast<i64>,
        /// Secrets it may read.
        secrets: List<FileGrant>,
        /// Security options. The engine goes through them in order, and the last word wins.
        security_opt: List<SecurityOpt> => distinct,
        /// The size of `/dev/shm`.
        shm_size: Cast<ByteSize>,
        /// Whether standard input stays open.
        stdin_open: Cast<bool>,
        /// The time between the stop signal and the kill; 10 s when absent.
        stop_grace_period: Cast<Nanoseconds>,
        /// The stop signal; the image's own, or `SIGTERM`.
        stop_signal: Text,
        /// Options of the storage driver.
        storage_opt: Map<Option<AnyText>> => storage_options,
        /// Kernel parameters of its namespaces.
        sysctls: Pairs,
        /// File systems in memory: `/path`, `/path:options`.
        tmpfs: List<Text> => one_or_list,
        /// Whether it has a terminal.
        tty: Cast<bool>,
        /// Resource limits of its processes.
        ulimits: Map<Ulimit>,
        /// The file mode mask of the process.
        umask: Cast<FileMode>,
        /// Whether it gets the engine's socket and the user's registry credentials.
        use_api_socket: Cast<bool> => only_bool,
        /// Who runs the process: the image's own when absent.
        user: Text,
        /// Its user namespace: `host`.
        userns_mode: Text,
        /// Its UTS namespace: `host`.
        uts: Text,
        /// What is mounted.
        volumes: List<Mount>,
        /// Services or containers whose mounts it has too.
        volumes_from: List<Text> => distinct,
        /// The directory the process starts in.
        working_dir: Text,
    }
}
