//! Administrative interfaces that a service opens without a password.

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::Origin;
use lint_parser::image::ImageReference;

use crate::model::known::open_databases::opened_by;
use crate::model::project::service::Service;
use crate::model::project::variables::Variable;

/// An interface that asks nobody for a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInterface {
    /// What it is, in a message.
    pub name: &'static str,
    /// The ports of the container it answers on.
    pub ports: Vec<u16>,
    /// What opens it.
    pub origin: Origin,
}

/// The words of a service's command, each with its place.
fn words(service: &Service) -> Vec<(String, Origin)> {
    let parts = [&service.spec.entrypoint, &service.spec.command];
    let mut found = Vec::new();
    for part in parts.into_iter().flatten() {
        let mut add = |text: &Text| {
            if !text.is_unknown() {
                let words = text.as_str().split_whitespace().map(|word| word.trim_matches(['"', '\'']));
                found.extend(words.map(|word| (word.to_owned(), text.origin)));
            }
        };
        match &part.value {
            Command::Null => {}
            Command::Line(line) => add(line),
            Command::Words(list) => list.iter().for_each(add),
        }
    }
    found
}

/// What a service opens, as its command and its environment show.
#[must_use]
pub fn opened(service: &Service, image: Option<&ImageReference>) -> Vec<OpenInterface> {
    let name = image.map(ImageReference::normalized_name).unwrap_or_default();
    let runs = |part: &str| name.contains(part);
    let words = words(service);
    let environment = service.environment();
    let variables = known(&environment);
    let mut found = Vec::new();
    let mut add = |name, ports: Vec<u16>, origin| {
        if !found.iter().any(|known: &OpenInterface| known.name == name) {
            found.push(OpenInterface { name, ports, origin });
        }
    };
    for (word, origin) in &words {
        if is_on(word, "--api.insecure") && (runs("traefik") || name.is_empty()) {
            add("Traefik's API", vec![traefik_port(&words)], *origin);
        }
        if is_on(word, "--web.enable-admin-api") && runs("prometheus") {
            add("Prometheus' admin API", vec![9090], *origin);
        }
        let flag = word.rsplit('.').next().unwrap_or_default();
        if word.starts_with('-')
            && matches!(flag, "token=" | "token=''" | "token=\"\"")
            && words.iter().any(|(word, _)| word.contains("jupyter") || word.contains("start-notebook"))
        {
            add("Jupyter", vec![8888], *origin);
        }
        if let Some(port) = jmx(word, &words) {
            add("JMX", vec![port], *origin);
        }
    }
    // With a user and a password in its configuration, phpMyAdmin logs everybody in.
    let variable = |names: [&str; 2]| environment.iter().find(|one| names.contains(&one.name.as_str()));
    let login = variable(["PMA_USER", "PMA_USER_FILE"]).and(variable(["PMA_PASSWORD", "PMA_PASSWORD_FILE"]));
    if let Some(password) = login.filter(|_| runs("phpmyadmin")) {
        add("phpMyAdmin", vec![80, 443], password.origin);
    }
    for (variable, value, origin) in &variables {
        let on = matches!(value.to_ascii_lowercase().as_str(), "true" | "1" | "yes" | "on");
        match *variable {
            "TRAEFIK_API_INSECURE" if on || value.is_empty() => add("Traefik's API", vec![8080], *origin),
            "KONG_ADMIN_LISTEN" if runs("kong") => add("Kong's admin API", listeners(value), *origin),
            "CADDY_ADMIN" if runs("caddy") => add("Caddy's admin endpoint", listeners(value), *origin),
            "GF_AUTH_ANONYMOUS_ORG_ROLE" if value.eq_ignore_ascii_case("admin") => {
                let anonymous = variables.iter().any(|(name, value, _)| {
                    *name == "GF_AUTH_ANONYMOUS_ENABLED" && value.eq_ignore_ascii_case("true")
                });
                if anonymous {
                    add("Grafana", vec![3000], *origin);
                }
            }
            // Kafka's start script switches authentication off when it is told a port and nothing else.
            "KAFKA_JMX_PORT" | "JMX_PORT" if runs("kafka") => {
                let has_options = variables.iter().any(|(name, ..)| *name == "KAFKA_JMX_OPTS");
                if let (Ok(port), false) = (value.parse(), has_options) {
                    add("JMX", vec![port], *origin);
                }
            }
            _ => {
                let options: Vec<_> =
                    value.split_whitespace().map(|word| (word.to_owned(), *origin)).collect();
                if let Some(port) = options.iter().find_map(|(word, _)| jmx(word, &options)) {
                    add("JMX", vec![port], *origin);
                }
            }
        }
    }
    found
}

/// A flag of a database's server that opens it: its name, the values that do, parts of the names of images, and whose it is.
type Unlocking = (&'static str, &'static [&'static str], &'static [&'static str], &'static str);

const UNLOCKING: [Unlocking; 6] = [
    ("--insecure", &["true"], &["cockroach"], "CockroachDB"),
    ("--noauth", &["true"], &["mongo"], "MongoDB"),
    ("--protected-mode", &["no"], &["redis", "valkey", "keydb"], "Redis"),
    ("--server.authentication", &["false"], &["arango"], "ArangoDB"),
    ("--skip-grant-tables", &["true", "1", "on"], &["mysql", "maria", "percona"], "MySQL or MariaDB"),
    ("--unauthenticated", &["true"], &["surrealdb"], "SurrealDB"),
];

/// The flags of a service's command that let anybody into its database: each with whose it is and where it stands.
#[must_use]
pub fn unlocked(service: &Service, image: Option<&ImageReference>) -> Vec<(String, &'static str, Origin)> {
    let name = image.map(ImageReference::normalized_name).unwrap_or_default();
    let words = words(service);
    // A password beside it closes what the flag opens.
    if words.iter().any(|(word, _)| word.starts_with("--requirepass")) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, (word, origin)) in words.iter().enumerate() {
        let next = words.get(at + 1).map(|(word, _)| word.as_str()).filter(|word| !word.starts_with('-'));
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, value),
            None => (word.as_str(), next.unwrap_or("true")),
        };
        let opens = UNLOCKING.iter().find(|(known, values, images, _)| {
            // `--insecure` says enough by itself, whatever comes after it.
            let is_alone = values.contains(&"true") && !word.contains('=');
            *known == flag
                && (is_alone || values.contains(&value))
                && images.iter().any(|part| name.contains(part))
        });
        if let Some((_, _, _, whose)) = opens {
            found.push((flag.to_owned(), *whose, *origin));
        }
        // `-E xpack.security.enabled=false`, `-Expack.security.enabled=false`
        let setting = word.strip_prefix("-E").filter(|rest| !rest.is_empty()).or(Some(word.as_str()));
        if let Some((setting, value)) = setting.and_then(|setting| setting.split_once('='))
            && name.contains("search")
            && let Some(whose) = opened_by(setting, value)
        {
            found.push((setting.to_owned(), whose, *origin));
        }
    }
    found
}

fn known(environment: &[Variable]) -> Vec<(&str, &str, Origin)> {
    let known = environment.iter().filter_map(|variable| {
        let value = variable.value.as_ref().filter(|value| !value.is_unknown())?;
        Some((variable.name.as_str(), value.as_str(), variable.origin))
    });
    known.collect()
}

/// Whether a word is a flag that is switched on.
fn is_on(word: &str, flag: &str) -> bool {
    let (name, value) = word.split_once('=').unwrap_or((word, "true"));
    name.eq_ignore_ascii_case(flag) && matches!(value.to_ascii_lowercase().as_str(), "true" | "1")
}

/// The port of Traefik's entry point `traefik`, on which the insecure API answers.
fn traefik_port(words: &[(String, Origin)]) -> u16 {
    let mut values = words.iter().filter_map(|(word, _)| {
        let (flag, value) = word.split_once('=')?;
        flag.eq_ignore_ascii_case("--entrypoints.traefik.address").then_some(value)
    });
    values.next().and_then(|address| address.rsplit_once(':')?.1.parse().ok()).unwrap_or(8080)
}

/// The port of JMX that a word opens with authentication switched off.
fn jmx(word: &str, all: &[(String, Origin)]) -> Option<u16> {
    const PREFIX: &str = "-Dcom.sun.management.jmxremote.";
    if !word.eq_ignore_ascii_case("-Dcom.sun.management.jmxremote.authenticate=false") {
        return None;
    }
    all.iter().find_map(|(word, _)| word.strip_prefix(PREFIX)?.strip_prefix("port=")?.parse().ok())
}

/// The ports of a list of addresses that others than the container itself reach.
fn listeners(value: &str) -> Vec<u16> {
    let addresses = value.split(',').filter_map(|address| address.split_whitespace().next());
    let open = addresses.filter(|address| {
        let host = address.rsplit_once(':').map_or("", |(host, _)| host);
        !host.starts_with("127.") && host != "localhost" && host != "[::1]"
    });
    open.filter_map(|address| address.rsplit_once(':')?.1.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_listeners_count() {
        assert_eq!(listeners("127.0.0.1:8001, 0.0.0.0:8444 http2 ssl"), [8444]);
        assert_eq!(listeners("off"), [0_u16; 0]);
        assert_eq!(listeners(":2019"), [2019]);
        assert_eq!(listeners("[::]:8001"), [8001]);
    }

    #[test]
    fn flags_are_on_with_and_without_a_value() {
        assert!(is_on("--api.insecure", "--api.insecure") && is_on("--API.insecure=True", "--api.insecure"));
        assert!(!is_on("--api.insecure=false", "--api.insecure") && !is_on("--api", "--api.insecure"));
    }
}
