//! What a Compose service is given, or denied.

use crate::rule::rule::Rule;

mod added_capability;
mod apparmor_disabled;
mod dangerous_capability;
mod default_bridge_network;
mod docker_group_granted;
mod duplicate_key;
mod engine_socket_exposed;
mod foreign_cgroup_parent;
mod host_cgroup_namespace;
mod host_device_exposed;
mod host_ipc_namespace;
mod host_network;
mod host_network_build;
mod host_pid_namespace;
mod host_user_namespace;
mod host_uts_namespace;
mod invalid_compose;
mod new_privileges_allowed;
mod privileged_build;
mod privileged_exec;
mod privileged_service;
mod root_exec;
mod seccomp_disabled;
mod selinux_disabled;
mod sensitive_host_mount;
mod shared_mount_propagation;
mod system_paths_unmasked;
mod undropped_capabilities;
mod unknown_capability;
mod writable_docker_host_file;
mod writable_root_filesystem;
mod writable_system_mount;

pub(crate) static RULES: &[&Rule] = &[
    &added_capability::RULE,
    &apparmor_disabled::RULE,
    &dangerous_capability::RULE,
    &default_bridge_network::RULE,
    &docker_group_granted::RULE,
    &duplicate_key::RULE,
    &engine_socket_exposed::RULE,
    &foreign_cgroup_parent::RULE,
    &host_cgroup_namespace::RULE,
    &host_device_exposed::RULE,
    &host_ipc_namespace::RULE,
    &host_network::RULE,
    &host_network_build::RULE,
    &host_pid_namespace::RULE,
    &host_user_namespace::RULE,
    &host_uts_namespace::RULE,
    &invalid_compose::RULE,
    &new_privileges_allowed::RULE,
    &privileged_build::RULE,
    &privileged_exec::RULE,
    &privileged_service::RULE,
    &root_exec::RULE,
    &seccomp_disabled::RULE,
    &selinux_disabled::RULE,
    &sensitive_host_mount::RULE,
    &shared_mount_propagation::RULE,
    &system_paths_unmasked::RULE,
    &undropped_capabilities::RULE,
    &unknown_capability::RULE,
    &writable_docker_host_file::RULE,
    &writable_root_filesystem::RULE,
    &writable_system_mount::RULE,
];
