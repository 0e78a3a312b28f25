//! The ports of databases, caches, brokers and engines, and the images that show which of them a container runs.

use lint_parser::compose::ast::scalar::PortRange;
use lint_parser::image::ImageReference;

use crate::model::known::image_facts;
use crate::model::known::image_roles::is_proxy;

/// A data store that listens on a port by itself, over TCP.
struct Store {
    port: u16,
    /// Whose port it is, in a message.
    whose: &'static str,
    /// Parts of the names of images that run it.
    images: &'static [&'static str],
    /// Whether many other programs use the port, so that only the image tells.
    shared: bool,
}

const fn own(port: u16, whose: &'static str, images: &'static [&'static str]) -> Store {
    Store { port, whose, images, shared: false }
}

const fn shared(port: u16, whose: &'static str, images: &'static [&'static str]) -> Store {
    Store { port, whose, images, shared: true }
}

const AMQP: &[&str] = &["rabbit", "activemq", "artemis", "qpid", "lavinmq", "amqp"];
const CASSANDRA: &[&str] = &["cassandra", "scylla"];
const ELASTIC: &[&str] = &["elastic", "opensearch", "opendistro", "elk", "wazuh-indexer"];
const ENGINE: &[&str] = &["docker", "dind", "socket-proxy", "socat"];
const ETCD: &[&str] = &["etcd"];
const KAFKA: &[&str] = &["kafka", "redpanda", "fast-data-dev"];
const MONGO: &[&str] = &["mongo", "percona", "ferretdb"];
const MYSQL: &[&str] = &["mysql", "maria", "percona", "mroonga"];
const NEO4J: &[&str] = &["neo4j", "memgraph"];
const POSTGRES: &[&str] =
    &["postgres", "postgis", "pg", "timescale", "supabase", "citus", "alloydb", "crate", "spilo"];
const REDIS: &[&str] = &["redis", "valkey", "keydb", "dragonfly", "garnet", "kvrocks", "falkordb"];

/// By port. Not here: MQTT (1883), which devices in the same network are meant to reach.
const STORES: [Store; 60] = [
    own(1433, "Microsoft SQL Server", &["mssql", "sql", "azure-sql-edge"]),
    own(1521, "Oracle Database", &["oracle", "database"]),
    own(2181, "ZooKeeper", &["zookeeper", "kafka", "fast-data-dev", "clickhouse-keeper", "solr", "hbase"]),
    own(2375, "the Docker Engine API", ENGINE),
    own(2376, "the Docker Engine API", ENGINE),
    own(2379, "etcd", ETCD),
    own(2380, "etcd", ETCD),
    own(3050, "Firebird", &["firebird"]),
    shared(2424, "OrientDB", &["orientdb"]),
    shared(3000, "Aerospike", &["aerospike"]),
    own(3306, "MySQL or MariaDB", MYSQL),
    shared(3301, "Tarantool", &["tarantool"]),
    shared(4000, "TiDB", &["tidb"]),
    own(4222, "NATS", &["nats"]),
    shared(4646, "Nomad's API", &["nomad"]),
    own(5432, "PostgreSQL", POSTGRES),
    own(5672, "an AMQP broker", AMQP),
    own(5984, "CouchDB", &["couch"]),
    own(6333, "Qdrant", &["qdrant"]),
    own(6334, "Qdrant", &["qdrant"]),
    own(6379, "Redis", REDIS),
    shared(6650, "Pulsar", &["pulsar"]),
    own(7199, "Cassandra's JMX", CASSANDRA),
    own(7474, "Neo4j", NEO4J),
    own(7687, "Neo4j", NEO4J),
    own(7700, "Meilisearch", &["meili"]),
    shared(8000, "SurrealDB", &["surrealdb"]),
    shared(8000, "DynamoDB", &["dynamodb"]),
    shared(8000, "Chroma", &["chroma"]),
    own(8086, "InfluxDB", &["influx"]),
    shared(8080, "Dgraph", &["dgraph"]),
    shared(8080, "Weaviate", &["weaviate"]),
    shared(8108, "Typesense", &["typesense"]),
    shared(8123, "ClickHouse", &["clickhouse"]),
    shared(8182, "the Gremlin server", &["janusgraph", "gremlin"]),
    shared(8428, "VictoriaMetrics", &["victoria-metrics"]),
    shared(8500, "Consul's API", &["consul"]),
    own(8529, "ArangoDB", &["arango"]),
    shared(8812, "QuestDB", &["questdb"]),
    shared(8983, "Solr", &["solr"]),
    shared(9000, "ClickHouse", &["clickhouse"]),
    shared(9000, "QuestDB", &["questdb"]),
    shared(9080, "Dgraph", &["dgraph"]),
    own(9042, "Cassandra", CASSANDRA),
    own(9092, "Kafka", KAFKA),
    own(9160, "Cassandra", CASSANDRA),
    own(9200, "Elasticsearch or OpenSearch", ELASTIC),
    own(9300, "Elasticsearch or OpenSearch", ELASTIC),
    own(11211, "Memcached", &["memcache"]),
    own(15672, "RabbitMQ's management", &["rabbit"]),
    own(19530, "Milvus", &["milvus"]),
    own(26257, "CockroachDB", &["cockroach"]),
    own(27017, "MongoDB", MONGO),
    own(27018, "MongoDB", MONGO),
    own(27019, "MongoDB", MONGO),
    own(28015, "RethinkDB", &["rethink"]),
    own(33060, "MySQL", MYSQL),
    shared(50000, "Db2", &["db2"]),
    own(61616, "ActiveMQ", &["activemq", "artemis"]),
    shared(61613, "ActiveMQ", &["activemq", "artemis"]),
];

/// Images that listen on the port of a data store and are none.
const OTHERS: [&str; 12] = [
    "ocis",
    "opencloud",
    "grafana",
    "prometheus",
    "portainer",
    "keycloak",
    "nextcloud",
    "jenkins",
    "sonarqube",
    "gitea",
    "gitlab",
    "exporter",
];

/// Whose port it is in the container, if that of a data store, broker or engine API. The image decides where its name
/// tells what it runs; of one that tells nothing, the port does.
#[must_use]
pub fn data_store(ports: PortRange, image: Option<&ImageReference>) -> Option<(u16, &'static str)> {
    let name = image.map(ImageReference::normalized_name);
    let path = name.as_deref().and_then(|name| name.split_once('/')).map_or("", |(_, path)| path);
    let runs = |store: &Store| store.images.iter().any(|part| path.contains(part));
    let is_other = image.is_some_and(|image| is_something_else(image, path));
    let mut stores = STORES.iter().filter(|store| ports.contains(store.port));
    let store = stores.find(|store| runs(store) || !store.shared && !is_other)?;
    Some((store.port, store.whose))
}

/// Whether the name of an image tells that it runs a data store, a broker or an engine.
#[must_use]
pub fn is_data_store(image: &ImageReference) -> bool {
    let name = image.normalized_name();
    let path = name.split_once('/').map_or("", |(_, path)| path);
    let runs = |store: &Store| store.images.iter().any(|part| path.contains(part));
    STORES.iter().any(runs) && !OTHERS.iter().any(|other| path.contains(other))
}

/// Whether it is known what the image runs, and that is no data store in front of which, or as which, the port makes sense.
fn is_something_else(image: &ImageReference, path: &str) -> bool {
    let facts = image.effective_tag().and_then(|tag| image_facts::lookup(&image.normalized_name(), tag));
    let serves = facts.and_then(|facts| facts.exposes()).is_some_and(|mut ports| ports.next().is_some());
    OTHERS.iter().any(|other| path.contains(other)) || serves && !is_proxy(image)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::image::parse;
    use lint_parser::text::mapped::Mapped;

    fn store(port: u16, image: &str) -> Option<&'static str> {
        let image = parse(&Mapped::verbatim(image, 0)).expect(image);
        data_store(PortRange { first: port, last: port }, Some(&image)).map(|(_, whose)| whose)
    }

    #[test]
    fn ranges_find_their_members() {
        assert_eq!(data_store(PortRange { first: 5000, last: 5500 }, None), Some((5432, "PostgreSQL")));
        assert_eq!(data_store(PortRange { first: 80, last: 80 }, None), None);
    }

    #[test]
    fn the_image_decides_where_it_is_known() {
        assert_eq!(store(8123, "clickhouse/clickhouse-server:25.3"), Some("ClickHouse"));
        assert_eq!(store(8123, "homeassistant/home-assistant:2026.1"), None);
        assert_eq!(store(9000, "portainer/portainer-ce:2.27"), None);
        assert_eq!(store(9200, "owncloud/ocis:7"), None);
        assert_eq!(store(9200, "acme/search:1"), Some("Elasticsearch or OpenSearch"));
        assert_eq!(store(6379, "wordpress:6"), None);
        assert_eq!(store(3306, "haproxy:3.2"), Some("MySQL or MariaDB"), "in front of one");
        assert_eq!(store(3306, "docker.io/arm64v8/mariadb:11"), Some("MySQL or MariaDB"));
    }
}
