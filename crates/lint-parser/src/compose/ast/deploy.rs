//! `deploy`: how many containers, how large, and what to do when they end.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Cast, List, Text};
use crate::compose::ast::mount::DeviceRequest;
use crate::compose::ast::pairs::Pairs;
use crate::compose::ast::scalar::{ByteSize, Decimal, Nanoseconds, UpdateOrder};

attributes! {
    /// `deploy`.
    pub struct Deploy {
        /// `replicated`, `global`, `replicated-job`, `global-job`.
        mode: Text,
        /// `vip` or `dnsrr`.
        endpoint_mode: Text,
        /// The number of containers.
        replicas: Cast<i64>,
        /// Labels of the service, not of its containers.
        labels: Pairs,
        /// How an update is undone.
        rollback_config: UpdateConfig,
        /// How an update is done.
        update_config: UpdateConfig,
        /// Limits and reservations. Compose heeds them without Swarm.
        resources: Resources,
        /// When a container is restarted. It wins over the service's `restart`.
        restart_policy: RestartPolicy,
        /// On which nodes.
        placement: Placement,
    }
    or null
}

attributes! {
    /// `update_config` and `rollback_config`.
    pub struct UpdateConfig {
        /// Containers at a time; 0 is all.
        parallelism: Cast<i64> => tasks,
        /// The pause between.
        delay: Cast<Nanoseconds>,
        /// `continue`, `rollback` or `pause`.
        failure_action: Text,
        /// How long a new container is watched.
        monitor: Cast<Nanoseconds>,
        /// Which part may fail, 0 to 1.
        max_failure_ratio: Cast<Decimal>,
        /// Which of old and new goes first.
        order: Cast<UpdateOrder>,
    }
}

attributes! {
    /// `resources`.
    pub struct Resources {
        /// What a container may not exceed.
        limits: ResourceLimits,
        /// What a container is promised.
        reservations: ResourceReservations,
    }
}

attributes! {
    /// `limits`.
    pub struct ResourceLimits {
        /// Processors.
        cpus: Cast<Decimal>,
        /// Memory. Compose wants a string.
        memory: Cast<ByteSize> => string_size,
        /// Processes and threads; 0 and -1 are unlimited.
        pids: Cast<i64>,
    }
}

attributes! {
    /// `reservations`.
    pub struct ResourceReservations {
        /// Processors.
        cpus: Cast<Decimal>,
        /// Memory. Compose wants a string.
        memory: Cast<ByteSize> => string_size,
        /// Other countable things.
        generic_resources: List<GenericResource>,
        /// Devices.
        devices: List<DeviceRequest> => capable_devices,
    }
}

attributes! {
    /// An element of `generic_resources`.
    pub struct GenericResource {
        /// The one kind there is.
        discrete_resource_spec: DiscreteResource,
    }
}

attributes! {
    /// `discrete_resource_spec`.
    pub struct DiscreteResource {
        /// The name of the thing.
        kind: Text,
        /// How many.
        value: Cast<i64> => number,
    }
}

attributes! {
    /// `restart_policy`.
    pub struct RestartPolicy {
        /// `none`, `on-failure` or `any`.
        condition: Text,
        /// The pause before.
        delay: Cast<Nanoseconds>,
        /// How often; for ever when absent.
        max_attempts: Cast<i64> => tasks,
        /// How long a container must live to count as started.
        window: Cast<Nanoseconds>,
    }
}

attributes! {
    /// `placement`.
    pub struct Placement {
        /// What a node must be.
        constraints: List<Text>,
        /// How to spread.
        preferences: List<PlacementPreference>,
        /// Containers per node.
        max_replicas_per_node: Cast<i64> => tasks,
    }
}

attributes! {
    /// An element of `preferences`.
    pub struct PlacementPreference {
        /// The node label to spread over.
        spread: Text,
    }
}
