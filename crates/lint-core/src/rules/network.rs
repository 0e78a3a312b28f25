//! What the network can reach.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod admin_interface_without_password;
mod daemon_iptables_disabled;
mod daemon_without_tls;
mod database_without_password;
mod default_bridge_network;
mod exposed_data_store;
mod host_network_build;
mod inter_container_communication;
mod port_on_all_interfaces;
mod privileged_host_port;
mod ssh_server_in_container;
mod unencrypted_overlay_network;
mod unexposed_port;
mod userland_proxy_enabled;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Network);

pub(super) static RULES: &[&Rule] = &[
    &admin_interface_without_password::RULE,
    &daemon_iptables_disabled::RULE,
    &daemon_without_tls::RULE,
    &database_without_password::RULE,
    &default_bridge_network::RULE,
    &exposed_data_store::RULE,
    &host_network_build::RULE,
    &inter_container_communication::RULE,
    &port_on_all_interfaces::RULE,
    &privileged_host_port::RULE,
    &ssh_server_in_container::RULE,
    &unencrypted_overlay_network::RULE,
    &unexposed_port::RULE,
    &userland_proxy_enabled::RULE,
];
