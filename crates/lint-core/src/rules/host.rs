//! How the Docker daemon of a host is set up.

use crate::rule::rule::Rule;

mod changed_base_device_size;
mod daemon_allows_new_privileges;
mod daemon_cgroup_parent;
mod daemon_iptables_disabled;
mod daemon_log_level;
mod daemon_seccomp_unconfined;
mod experimental_daemon;
mod inter_container_communication;
mod invalid_daemon_config;
mod legacy_storage_driver;
mod live_restore_disabled;
mod local_only_logging;
mod loose_socket_mode;
mod missing_authorization_plugin;
mod missing_default_ulimits;
mod root_daemon;
mod user_namespaces_disabled;
mod userland_proxy_enabled;
mod wrong_socket_owner;

pub(crate) static RULES: &[&Rule] = &[
    &changed_base_device_size::RULE,
    &daemon_allows_new_privileges::RULE,
    &daemon_cgroup_parent::RULE,
    &daemon_iptables_disabled::RULE,
    &daemon_log_level::RULE,
    &daemon_seccomp_unconfined::RULE,
    &experimental_daemon::RULE,
    &inter_container_communication::RULE,
    &invalid_daemon_config::RULE,
    &legacy_storage_driver::RULE,
    &live_restore_disabled::RULE,
    &local_only_logging::RULE,
    &loose_socket_mode::RULE,
    &missing_authorization_plugin::RULE,
    &missing_default_ulimits::RULE,
    &root_daemon::RULE,
    &user_namespaces_disabled::RULE,
    &userland_proxy_enabled::RULE,
    &wrong_socket_owner::RULE,
];
