//! What the network can reach.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod admin_interface_without_password;
mod component_profiling;
mod daemon_iptables_disabled;
mod daemon_without_tls;
mod database_without_password;
mod default_bridge_network;
mod exposed_component;
mod exposed_data_store;
mod external_ips;
mod host_network_build;
mod ingress_snippet;
mod insecure_api_port;
mod inter_container_communication;
mod kubelet_read_only_port;
mod missing_network_policy;
mod open_etcd;
mod open_network_policy;
mod port_on_all_interfaces;
mod privileged_host_port;
mod probe_of_another_host;
mod ssh_server_in_container;
mod unchecked_client_certificates;
mod unencrypted_overlay_network;
mod unexposed_port;
mod unverified_api_server;
mod unverified_kubelet;
mod userland_proxy_enabled;
mod weak_component_tls;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Network);

pub(super) static RULES: &[&Rule] = &[
    &admin_interface_without_password::RULE,
    &component_profiling::RULE,
    &daemon_iptables_disabled::RULE,
    &daemon_without_tls::RULE,
    &database_without_password::RULE,
    &default_bridge_network::RULE,
    &exposed_component::RULE,
    &exposed_data_store::RULE,
    &external_ips::RULE,
    &host_network_build::RULE,
    &ingress_snippet::RULE,
    &insecure_api_port::RULE,
    &inter_container_communication::RULE,
    &kubelet_read_only_port::RULE,
    &missing_network_policy::RULE,
    &open_etcd::RULE,
    &open_network_policy::RULE,
    &port_on_all_interfaces::RULE,
    &privileged_host_port::RULE,
    &probe_of_another_host::RULE,
    &ssh_server_in_container::RULE,
    &unchecked_client_certificates::RULE,
    &unencrypted_overlay_network::RULE,
    &unexposed_port::RULE,
    &unverified_api_server::RULE,
    &unverified_kubelet::RULE,
    &userland_proxy_enabled::RULE,
    &weak_component_tls::RULE,
];
