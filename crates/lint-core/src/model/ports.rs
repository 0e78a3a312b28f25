//! The ports a service publishes on its host.

use std::net::IpAddr;

use lint_parser::compose::ast::field::Form;
use lint_parser::compose::ast::network::Port;
use lint_parser::compose::ast::scalar::PortRange;
use lint_parser::compose::value::Origin;

use crate::model::service::Service;

/// A published port, or a range of them.
#[derive(Clone, Copy, Debug)]
pub struct PublishedPort<'a> {
    /// As it is written.
    pub port: &'a Port,
    /// Where.
    pub origin: Origin,
    /// The addresses of the host it is published on.
    pub address: HostAddress,
    /// The ports in the container; `None` when that depends on a variable nobody sets.
    pub target: Option<PortRange>,
    /// The ports of the host; `None` when the engine chooses them or that depends on a variable nobody sets.
    pub published: Option<PortRange>,
}

/// The addresses of the host a port is published on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAddress {
    /// All of them: none is written, or `0.0.0.0`, or `::`.
    All,
    /// All of them unless a variable that nothing sets says otherwise: `${BIND_IP}:80:80`.
    AllUnlessSet,
    /// One.
    One,
}

impl PublishedPort<'_> {
    /// Whether it is TCP, the protocol of a port that names none.
    #[must_use]
    pub fn is_tcp(&self) -> bool {
        self.port.protocol.as_ref().is_none_or(|protocol| protocol.value.as_str().eq_ignore_ascii_case("tcp"))
    }
}

/// The ports a service publishes. None for a service that has no network of its own: `host` publishes
/// everything by itself, `none` nothing, and the engine refuses ports in another's network.
#[must_use]
pub fn published(service: &Service) -> Vec<PublishedPort<'_>> {
    let mode = service.spec.network_mode.as_ref().map(|mode| &mode.value);
    let elsewhere = mode.is_some_and(|mode| {
        let name = mode.as_str();
        mode.is_unknown()
            || matches!(name, "host" | "none")
            || name.starts_with("service:")
            || name.starts_with("container:")
    });
    if elsewhere || service.spec.provider.is_some() {
        return Vec::new();
    }
    let items = service.spec.ports.iter().flat_map(|ports| &ports.value.items);
    items
        .map(|item| PublishedPort {
            port: &item.value,
            origin: item.origin,
            address: address(&item.value),
            target: item.value.target.as_ref().and_then(|target| target.value.known().copied()),
            published: item.value.published.as_ref().and_then(|ports| ports.value.known().copied()),
        })
        .collect()
}

fn address(port: &Port) -> HostAddress {
    match &port.host_ip {
        Some(ip) if ip.value.is_unknown() => HostAddress::AllUnlessSet,
        Some(ip) if ip.value.as_str().is_empty() => HostAddress::All,
        Some(ip) => match ip.value.as_str().parse::<IpAddr>() {
            Ok(ip) if ip.is_unspecified() => HostAddress::All,
            _ => HostAddress::One,
        },
        // A variable in front of `80:80` that nobody sets has left nothing, or a lone colon.
        None => match &port.form {
            Form::Short(text) if text.is_unknown() => HostAddress::AllUnlessSet,
            _ => HostAddress::All,
        },
    }
}

/// Ports that databases, caches, brokers and engines listen on by themselves, over TCP, and whose they are.
///
/// Not here: ports that as many other programs use (8080, 9000, 8123, 50000), and MQTT (1883), which devices in
/// the same network are meant to reach.
const DATA_STORES: &[(u16, &str)] = &[
    (1433, "Microsoft SQL Server"),
    (1521, "Oracle Database"),
    (2181, "ZooKeeper"),
    (2375, "the Docker Engine API"),
    (2376, "the Docker Engine API"),
    (2379, "etcd"),
    (2380, "etcd"),
    (3050, "Firebird"),
    (3306, "MySQL or MariaDB"),
    (4222, "NATS"),
    (5432, "PostgreSQL"),
    (5672, "an AMQP broker"),
    (5984, "CouchDB"),
    (6333, "Qdrant"),
    (6334, "Qdrant"),
    (6379, "Redis"),
    (7199, "Cassandra's JMX"),
    (7474, "Neo4j"),
    (7687, "Neo4j"),
    (7700, "Meilisearch"),
    (8086, "InfluxDB"),
    (8529, "ArangoDB"),
    (9042, "Cassandra"),
    (9092, "Kafka"),
    (9160, "Cassandra"),
    (9200, "Elasticsearch or OpenSearch"),
    (9300, "Elasticsearch or OpenSearch"),
    (11211, "Memcached"),
    (15672, "RabbitMQ's management"),
    (19530, "Milvus"),
    (26257, "CockroachDB"),
    (27017, "MongoDB"),
    (27018, "MongoDB"),
    (27019, "MongoDB"),
    (28015, "RethinkDB"),
    (33060, "MySQL"),
    (61616, "ActiveMQ"),
];

/// Whose port it is in the container, if that of a data store, broker or engine API.
#[must_use]
pub fn data_store(ports: PortRange) -> Option<(u16, &'static str)> {
    DATA_STORES.iter().find(|(port, _)| ports.contains(*port)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_ranges_find_their_members() {
        assert!(DATA_STORES.is_sorted_by_key(|(port, _)| *port));
        assert_eq!(data_store(PortRange { first: 5000, last: 5500 }), Some((5432, "PostgreSQL")));
        assert_eq!(data_store(PortRange { first: 80, last: 80 }), None);
    }
}
