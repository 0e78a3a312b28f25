//! Networks: the top-level resource, a service's place in it, and the ports it publishes.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Cast, Form, List, Map, Text};
use crate::compose::ast::pairs::{Options, Pairs};
use crate::compose::ast::resource::External;
use crate::compose::ast::scalar::PortRange;

attributes! {
    /// A top-level network.
    pub struct Network {
        /// Its name in the engine; `<project>_<key>` when absent.
        name: Text,
        /// Its driver: `bridge` when absent, `overlay`, `host`, `none`, a plugin.
        driver: Text,
        /// The driver's options.
        driver_opts: Options,
        /// Its addresses.
        ipam: Ipam,
        /// Whether it exists already.
        external: External,
        /// Whether it is cut off from the world.
        internal: Cast<bool>,
        /// Whether it has IPv4; true when absent.
        enable_ipv4: Cast<bool>,
        /// Whether it has IPv6.
        enable_ipv6: Cast<bool>,
        /// Whether single containers may join.
        attachable: Cast<bool>,
        /// Labels.
        labels: Pairs,
    }
    or null
}

attributes! {
    /// `ipam`.
    pub struct Ipam {
        /// The driver.
        driver: Text,
        /// The subnets.
        config: List<IpamConfig>,
        /// The driver's options.
        options: Map<Text>,
    }
}

attributes! {
    /// An element of `ipam.config`.
    pub struct IpamConfig {
        /// The subnet in CIDR form.
        subnet: Text,
        /// The part of it containers get addresses from.
        ip_range: Text,
        /// The gateway.
        gateway: Text,
        /// Addresses that are taken, by host name.
        aux_addresses: Map<Text>,
    }
}

attributes! {
    /// A service's place in a network.
    pub struct Attachment {
        /// Further names of the service.
        aliases: List<Text>,
        /// The name of the interface in the container.
        interface_name: Text,
        /// A fixed IPv4 address.
        ipv4_address: Text,
        /// A fixed IPv6 address.
        ipv6_address: Text,
        /// Link-local addresses.
        link_local_ips: List<Text>,
        /// A fixed MAC address.
        mac_address: Text,
        /// Options of the network's driver.
        driver_opts: Options,
        /// The order in which networks are joined, highest first.
        priority: Cast<i64> => only_number,
        /// Which network is the default gateway, highest first.
        gw_priority: Cast<i64> => only_number,
        /// Whether the service's own name is an alias.
        use_service_name_alias: Cast<bool>,
    }
    or null
}

attributes! {
    /// An element of `ports`.
    pub struct Port {
        /// A name for people.
        name: Text,
        /// `host` or `ingress`.
        mode: Text,
        /// The address of the host it is published on; every address when absent or empty. In the short
        /// syntax without the brackets of an IPv6 address.
        host_ip: Text,
        /// The port or, in the short syntax, the ports in the container.
        target: Cast<PortRange> => one_port,
        /// The port of the host, or the range to choose from; a random one when absent or empty.
        published: Cast<PortRange> => published_port,
        /// `tcp` when absent, `udp`, `sctp`.
        protocol: Text,
        /// The protocol spoken over it: `http`.
        app_protocol: Text,
    } plus {
        /// How it is written.
        form: Form,
    }
}
