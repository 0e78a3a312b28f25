//! What separates a container from the host and from others.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod apparmor_disabled;
mod created_host_path;
mod daemon_seccomp_unconfined;
mod engine_socket_exposed;
mod experimental_daemon;
mod host_cgroup_namespace;
mod host_device_exposed;
mod host_ipc_namespace;
mod host_network;
mod host_pid_namespace;
mod host_user_namespace;
mod host_uts_namespace;
mod loose_socket_mode;
mod loosened_tmpfs;
mod missing_seccomp_profile;
mod namespace_without_pod_security;
mod seccomp_default_off;
mod seccomp_disabled;
mod selinux_disabled;
mod sensitive_host_mount;
mod shared_mount_propagation;
mod shared_process_namespace;
mod system_directory_workdir;
mod system_paths_unmasked;
mod tampered_node;
mod unmounted_host_path;
mod unsafe_sysctl;
mod world_writable_path;
mod writable_docker_host_file;
mod writable_root_filesystem;
mod writable_system_mount;
mod wrong_socket_owner;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Isolation);

pub(super) static RULES: &[&Rule] = &[
    &apparmor_disabled::RULE,
    &created_host_path::RULE,
    &daemon_seccomp_unconfined::RULE,
    &engine_socket_exposed::RULE,
    &experimental_daemon::RULE,
    &host_cgroup_namespace::RULE,
    &host_device_exposed::RULE,
    &host_ipc_namespace::RULE,
    &host_network::RULE,
    &host_pid_namespace::RULE,
    &host_user_namespace::RULE,
    &host_uts_namespace::RULE,
    &loose_socket_mode::RULE,
    &loosened_tmpfs::RULE,
    &missing_seccomp_profile::RULE,
    &namespace_without_pod_security::RULE,
    &seccomp_default_off::RULE,
    &seccomp_disabled::RULE,
    &selinux_disabled::RULE,
    &sensitive_host_mount::RULE,
    &shared_mount_propagation::RULE,
    &shared_process_namespace::RULE,
    &system_directory_workdir::RULE,
    &system_paths_unmasked::RULE,
    &tampered_node::RULE,
    &unmounted_host_path::RULE,
    &unsafe_sysctl::RULE,
    &world_writable_path::RULE,
    &writable_docker_host_file::RULE,
    &writable_root_filesystem::RULE,
    &writable_system_mount::RULE,
    &wrong_socket_owner::RULE,
];
