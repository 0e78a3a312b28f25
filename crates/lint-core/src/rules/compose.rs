//! What a Compose service is given, or denied.

use crate::rule::rule::Rule;

mod daemon_without_tls;
mod disabled_healthcheck;
mod disabled_logging;
mod duplicate_key;
mod exposed_data_store;
mod hardcoded_secret;
mod image_without_digest;
mod inline_file_on_read_only_service;
mod insecure_registry;
mod invalid_compose;
mod loose_file_mode;
mod new_privileges_allowed;
mod port_on_all_interfaces;
mod privileged_host_port;
mod privileged_service;
mod secret_in_build_argument;
mod secret_in_command;
mod secret_in_environment;
mod ssh_server_in_container;
mod unbounded_restart;
mod unencrypted_overlay_network;
mod unlimited_cpu;
mod unlimited_memory;
mod unlimited_pids;
mod unpinned_image;
mod untrusted_registry;
mod writable_root_filesystem;

pub(crate) static RULES: &[&Rule] = &[
    &daemon_without_tls::RULE,
    &disabled_healthcheck::RULE,
    &disabled_logging::RULE,
    &duplicate_key::RULE,
    &exposed_data_store::RULE,
    &hardcoded_secret::RULE,
    &image_without_digest::RULE,
    &inline_file_on_read_only_service::RULE,
    &insecure_registry::RULE,
    &invalid_compose::RULE,
    &loose_file_mode::RULE,
    &new_privileges_allowed::RULE,
    &port_on_all_interfaces::RULE,
    &privileged_host_port::RULE,
    &privileged_service::RULE,
    &secret_in_build_argument::RULE,
    &secret_in_command::RULE,
    &secret_in_environment::RULE,
    &ssh_server_in_container::RULE,
    &unbounded_restart::RULE,
    &unencrypted_overlay_network::RULE,
    &unlimited_cpu::RULE,
    &unlimited_memory::RULE,
    &unlimited_pids::RULE,
    &unpinned_image::RULE,
    &untrusted_registry::RULE,
    &writable_root_filesystem::RULE,
];
