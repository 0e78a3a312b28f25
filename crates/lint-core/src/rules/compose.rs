//! What a Compose service is given, or denied.

use crate::rule::rule::Rule;

mod added_capability;
mod apparmor_disabled;
mod daemon_without_tls;
mod dangerous_capability;
mod default_bridge_network;
mod dependency_never_healthy;
mod depends_on_completed_restart;
mod disabled_healthcheck;
mod disabled_logging;
mod docker_group_granted;
mod dollar_in_command;
mod duplicate_key;
mod engine_socket_exposed;
mod env_key_not_interpolated;
mod exposed_data_store;
mod foreign_cgroup_parent;
mod hardcoded_secret;
mod healthcheck_none_string;
mod host_cgroup_namespace;
mod host_device_exposed;
mod host_ipc_namespace;
mod host_network;
mod host_network_build;
mod host_pid_namespace;
mod host_user_namespace;
mod host_uts_namespace;
mod image_without_digest;
mod inline_file_on_read_only_service;
mod insecure_registry;
mod invalid_compose;
mod invalid_container_name;
mod limits_refused_by_engine;
mod loose_file_mode;
mod new_privileges_allowed;
mod obsolete_version;
mod override_appends_ports;
mod port_conflict;
mod port_on_all_interfaces;
mod ports_ignored_by_host_network;
mod privileged_build;
mod privileged_exec;
mod privileged_host_port;
mod privileged_service;
mod refused_by_network_mode;
mod restart_shadowed_by_deploy;
mod root_exec;
mod seccomp_disabled;
mod secret_in_build_argument;
mod secret_in_command;
mod secret_in_environment;
mod selinux_disabled;
mod sensitive_host_mount;
mod several_documents;
mod shadowed_mount;
mod shared_mount_propagation;
mod single_letter_volume;
mod ssh_server_in_container;
mod start_interval_without_start_period;
mod system_paths_unmasked;
mod two_config_files;
mod unbounded_restart;
mod undropped_capabilities;
mod unencrypted_overlay_network;
mod unknown_capability;
mod unknown_mount_option;
mod unknown_namespace;
mod unknown_restart_policy;
mod unlimited_cpu;
mod unlimited_memory;
mod unlimited_pids;
mod unpinned_image;
mod unquoted_environment_number;
mod unset_variable;
mod untrusted_registry;
mod unused_resource;
mod writable_docker_host_file;
mod writable_root_filesystem;
mod writable_system_mount;
mod yaml11_boolean;

pub(crate) static RULES: &[&Rule] = &[
    &added_capability::RULE,
    &apparmor_disabled::RULE,
    &daemon_without_tls::RULE,
    &dangerous_capability::RULE,
    &default_bridge_network::RULE,
    &dependency_never_healthy::RULE,
    &depends_on_completed_restart::RULE,
    &disabled_healthcheck::RULE,
    &disabled_logging::RULE,
    &docker_group_granted::RULE,
    &dollar_in_command::RULE,
    &duplicate_key::RULE,
    &engine_socket_exposed::RULE,
    &env_key_not_interpolated::RULE,
    &exposed_data_store::RULE,
    &foreign_cgroup_parent::RULE,
    &hardcoded_secret::RULE,
    &healthcheck_none_string::RULE,
    &host_cgroup_namespace::RULE,
    &host_device_exposed::RULE,
    &host_ipc_namespace::RULE,
    &host_network::RULE,
    &host_network_build::RULE,
    &host_pid_namespace::RULE,
    &host_user_namespace::RULE,
    &host_uts_namespace::RULE,
    &image_without_digest::RULE,
    &inline_file_on_read_only_service::RULE,
    &insecure_registry::RULE,
    &invalid_compose::RULE,
    &invalid_container_name::RULE,
    &limits_refused_by_engine::RULE,
    &loose_file_mode::RULE,
    &new_privileges_allowed::RULE,
    &obsolete_version::RULE,
    &override_appends_ports::RULE,
    &port_conflict::RULE,
    &port_on_all_interfaces::RULE,
    &ports_ignored_by_host_network::RULE,
    &privileged_build::RULE,
    &privileged_exec::RULE,
    &privileged_host_port::RULE,
    &privileged_service::RULE,
    &refused_by_network_mode::RULE,
    &restart_shadowed_by_deploy::RULE,
    &root_exec::RULE,
    &seccomp_disabled::RULE,
    &secret_in_build_argument::RULE,
    &secret_in_command::RULE,
    &secret_in_environment::RULE,
    &selinux_disabled::RULE,
    &sensitive_host_mount::RULE,
    &several_documents::RULE,
    &shadowed_mount::RULE,
    &shared_mount_propagation::RULE,
    &single_letter_volume::RULE,
    &ssh_server_in_container::RULE,
    &start_interval_without_start_period::RULE,
    &system_paths_unmasked::RULE,
    &two_config_files::RULE,
    &unbounded_restart::RULE,
    &undropped_capabilities::RULE,
    &unencrypted_overlay_network::RULE,
    &unknown_capability::RULE,
    &unknown_mount_option::RULE,
    &unknown_namespace::RULE,
    &unknown_restart_policy::RULE,
    &unlimited_cpu::RULE,
    &unlimited_memory::RULE,
    &unlimited_pids::RULE,
    &unpinned_image::RULE,
    &unquoted_environment_number::RULE,
    &unset_variable::RULE,
    &untrusted_registry::RULE,
    &unused_resource::RULE,
    &writable_docker_host_file::RULE,
    &writable_root_filesystem::RULE,
    &writable_system_mount::RULE,
    &yaml11_boolean::RULE,
];
