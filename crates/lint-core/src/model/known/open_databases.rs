//! Settings that let anybody into a database without a password.

/// Whose setting it is, and what it must say.
struct Setting {
    name: &'static str,
    value: Says,
    /// What it opens, in a message.
    opens: &'static str,
}

enum Says {
    /// A word for yes.
    Yes,
    /// A word for no.
    No,
    /// One of these.
    One(&'static [&'static str]),
}

const fn yes(name: &'static str, opens: &'static str) -> Setting {
    Setting { name, value: Says::Yes, opens }
}

const fn no(name: &'static str, opens: &'static str) -> Setting {
    Setting { name, value: Says::No, opens }
}

/// Read in the images' entrypoints and documentation.
const SETTINGS: [Setting; 27] = [
    yes("ALLOW_ANONYMOUS_LOGIN", "ZooKeeper"),
    yes("ALLOW_EMPTY_PASSWORD", "the database"),
    yes("ALLOW_NONE_AUTHENTICATION", "etcd"),
    yes("ARANGO_NO_AUTH", "ArangoDB"),
    yes("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "Weaviate"),
    Setting {
        name: "CASSANDRA_AUTHENTICATOR",
        value: Says::One(&["allowallauthenticator"]),
        opens: "Cassandra",
    },
    yes("CLICKHOUSE_ALLOW_EMPTY_PASSWORD", "ClickHouse"),
    yes("CLICKHOUSE_SKIP_USER_SETUP", "ClickHouse"),
    yes("DISABLE_SECURITY_PLUGIN", "OpenSearch"),
    no("INFLUXDB_HTTP_AUTH_ENABLED", "InfluxDB"),
    yes("MARIADB_ALLOW_EMPTY_PASSWORD", "MariaDB"),
    yes("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MariaDB"),
    no("ME_CONFIG_BASICAUTH", "mongo-express"),
    yes("MONGODB_ALLOW_EMPTY_PASSWORD", "MongoDB"),
    yes("MYSQL_ALLOW_EMPTY_PASSWORD", "MySQL"),
    yes("MYSQL_ALLOW_EMPTY_ROOT_PASSWORD", "MySQL"),
    Setting { name: "NEO4J_AUTH", value: Says::One(&["none"]), opens: "Neo4j" },
    no("NEO4J_dbms_security_auth__enabled", "Neo4j"),
    no("NEO4J_server_security_auth__enabled", "Neo4j"),
    yes("PGSQL_ALLOW_EMPTY_PASSWORD", "PostgreSQL"),
    Setting { name: "POSTGRES_HOST_AUTH_METHOD", value: Says::One(&["trust"]), opens: "PostgreSQL" },
    yes("POSTGRESQL_ALLOW_EMPTY_PASSWORD", "PostgreSQL"),
    yes("REDIS_ALLOW_EMPTY_PASSWORD", "Redis"),
    yes("VALKEY_ALLOW_EMPTY_PASSWORD", "Valkey"),
    yes("SURREAL_UNAUTHENTICATED", "SurrealDB"),
    yes("plugins.security.disabled", "OpenSearch"),
    no("xpack.security.enabled", "Elasticsearch"),
];

/// What an environment variable opens to whoever reaches it, if it opens anything.
#[must_use]
pub fn opened_by(name: &str, value: &str) -> Option<&'static str> {
    // `initdb` writes the method into `pg_hba.conf`.
    if name == "POSTGRES_INITDB_ARGS" {
        let mut words = value.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let joined = ["--auth=trust", "--auth-host=trust", "-Atrust"].contains(&word);
            let apart = matches!(word, "-A" | "--auth" | "--auth-host") && words.peek() == Some(&"trust");
            if joined || apart {
                return Some("PostgreSQL");
            }
        }
        return None;
    }
    let setting = SETTINGS.iter().find(|setting| setting.name == name)?;
    let value = value.trim().to_ascii_lowercase();
    let opens = match setting.value {
        Says::Yes => matches!(value.as_str(), "yes" | "true" | "1" | "y" | "on"),
        Says::No => matches!(value.as_str(), "no" | "false" | "0" | "off"),
        Says::One(values) => values.contains(&value.as_str()),
    };
    opens.then_some(setting.opens)
}

/// Whether a variable gives the database a password after all, so that what allows an empty one allows nothing.
#[must_use]
pub fn is_password(name: &str) -> bool {
    let allows = name.contains("ALLOW") || name.contains("DISABLE");
    !allows
        && (name.ends_with("PASSWORD") || name.ends_with("PASSWORD_FILE") || name.ends_with("PASSWORD_HASH"))
}

/// Whether an empty password is what the setting allows, rather than no password at all.
#[must_use]
pub fn allows_empty(name: &str) -> bool {
    name.contains("ALLOW_EMPTY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_decide() {
        for (name, value, opens) in [
            ("POSTGRES_HOST_AUTH_METHOD", "trust", Some("PostgreSQL")),
            ("POSTGRES_HOST_AUTH_METHOD", "md5", None),
            ("POSTGRES_INITDB_ARGS", "--data-checksums -A trust", Some("PostgreSQL")),
            ("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256", None),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "Yes", Some("MySQL")),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "", None),
            ("xpack.security.enabled", "false", Some("Elasticsearch")),
            ("xpack.security.enabled", "true", None),
            ("NEO4J_AUTH", "neo4j/secret", None),
        ] {
            assert_eq!(opened_by(name, value), opens, "{name}={value}");
        }
        assert!(is_password("REDIS_PASSWORD") && !is_password("ALLOW_EMPTY_PASSWORD"));
    }
}
