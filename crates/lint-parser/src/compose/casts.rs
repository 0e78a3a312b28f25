//! What Compose makes of texts before it looks at anything else: numbers and booleans, in each file by itself.
//!
//! A text that says no such value is refused even where a later file replaces it, or nothing uses it: a service that
//! only stands in a file for another one to be extended.

use crate::compose::ast::scalar::Decimal;
use crate::compose::lower::cast::{FromScalar, cast_text};
use crate::compose::lower::collections::string_text;
use crate::compose::lower::{LowerError, Lowering, Path};
use crate::compose::value::{Value, ValueKind};

/// What a text becomes.
#[derive(Clone, Copy, Debug)]
enum Cast {
    Integer,
    Number,
    Boolean,
}

type Rule = (&'static [&'static str], Cast);

/// The places, from the top of the file; `*` is any name, and any element of a list.
const CASTS: [Rule; 40] = [
    (&["services", "*", "cpu_count"], Cast::Integer),
    (&["services", "*", "cpu_percent"], Cast::Number),
    (&["services", "*", "cpu_period"], Cast::Integer),
    (&["services", "*", "cpu_quota"], Cast::Integer),
    (&["services", "*", "cpu_rt_period"], Cast::Integer),
    (&["services", "*", "cpu_rt_runtime"], Cast::Integer),
    (&["services", "*", "cpu_shares"], Cast::Integer),
    (&["services", "*", "cpus"], Cast::Number),
    (&["services", "*", "deploy", "placement", "max_replicas_per_node"], Cast::Integer),
    (&["services", "*", "deploy", "replicas"], Cast::Integer),
    (&["services", "*", "deploy", "restart_policy", "max_attempts"], Cast::Integer),
    (&["services", "*", "deploy", "rollback_config", "max_failure_ratio"], Cast::Number),
    (&["services", "*", "deploy", "rollback_config", "parallelism"], Cast::Integer),
    (&["services", "*", "deploy", "update_config", "max_failure_ratio"], Cast::Number),
    (&["services", "*", "deploy", "update_config", "parallelism"], Cast::Integer),
    (&["services", "*", "healthcheck", "disable"], Cast::Boolean),
    (&["services", "*", "healthcheck", "retries"], Cast::Integer),
    (&["services", "*", "init"], Cast::Boolean),
    (&["services", "*", "oom_kill_disable"], Cast::Boolean),
    (&["services", "*", "oom_score_adj"], Cast::Integer),
    (&["services", "*", "pids_limit"], Cast::Integer),
    (&["services", "*", "ports", "*", "target"], Cast::Integer),
    (&["services", "*", "privileged"], Cast::Boolean),
    (&["services", "*", "read_only"], Cast::Boolean),
    (&["services", "*", "scale"], Cast::Integer),
    (&["services", "*", "stdin_open"], Cast::Boolean),
    (&["services", "*", "tty"], Cast::Boolean),
    (&["services", "*", "ulimits", "*"], Cast::Integer),
    (&["services", "*", "ulimits", "*", "hard"], Cast::Integer),
    (&["services", "*", "ulimits", "*", "soft"], Cast::Integer),
    (&["services", "*", "volumes", "*", "read_only"], Cast::Boolean),
    (&["services", "*", "volumes", "*", "volume", "nocopy"], Cast::Boolean),
    (&["networks", "*", "attachable"], Cast::Boolean),
    (&["networks", "*", "enable_ipv4"], Cast::Boolean),
    (&["networks", "*", "enable_ipv6"], Cast::Boolean),
    (&["networks", "*", "internal"], Cast::Boolean),
    (&["networks", "*", "external"], Cast::Boolean),
    (&["volumes", "*", "external"], Cast::Boolean),
    (&["secrets", "*", "external"], Cast::Boolean),
    (&["configs", "*", "external"], Cast::Boolean),
];

/// What Compose refuses in the texts of a document whose variables are replaced. The messages are those of
/// [`lower`](crate::compose::lower::lower), which refuses the same values where they take effect.
#[must_use]
pub fn refused_casts(document: &Value) -> Vec<LowerError> {
    let mut cx = Lowering::default();
    walk(document, Path::ROOT, &CASTS, &mut cx);
    cx.errors
}

/// The depth is that of the longest path.
fn walk(value: &Value, at: Path<'_>, rules: &[Rule], cx: &mut Lowering) {
    let below = |key: &str| -> Vec<Rule> {
        let fits = |(path, cast): &Rule| {
            let (first, rest) = path.split_first()?;
            (*first == "*" || *first == key).then_some((rest, *cast))
        };
        rules.iter().filter_map(fits).collect()
    };
    match &value.kind {
        ValueKind::Mapping(mapping) => {
            for entry in mapping.entries.iter().filter(|entry| !entry.value.is_reset()) {
                let rules = below(&entry.key);
                if !rules.is_empty() {
                    walk(&entry.value, at.key(&entry.key), &rules, cx);
                }
            }
        }
        ValueKind::Sequence(items) => {
            let rules = below("*");
            for (index, item) in items.iter().enumerate().filter(|_| !rules.is_empty()) {
                walk(item, at.index(index), &rules, cx);
            }
        }
        ValueKind::Scalar(_) => {
            if let Some((_, cast)) = rules.iter().find(|(path, _)| path.is_empty()) {
                refuse(value, at, *cast, cx);
            }
        }
        ValueKind::Null => {}
    }
}

fn refuse(value: &Value, at: Path<'_>, cast: Cast, cx: &mut Lowering) {
    let Some(text) = string_text(value) else { return };
    match cast {
        Cast::Integer => drop(cast_text::<i64>(text, at, cx, i64::from_scalar)),
        Cast::Number => drop(cast_text::<Decimal>(text, at, cx, Decimal::from_scalar)),
        Cast::Boolean => drop(cast_text::<bool>(text, at, cx, bool::from_scalar)),
    }
}

#[cfg(test)]
mod tests {
    use super::refused_casts;
    use crate::compose::read::read;
    use crate::compose::value::SourceId;

    /// Each was put to `docker compose config`, which says the same after "error while interpolating".
    #[test]
    fn texts_that_are_no_such_value() {
        let text = "services:\n  a: {tty: maybe, cpus: 1_0, scale: '0x1', init: yes, shm_size: x}\n  \
                    b: {ports: [{target: 80-82}, x], ulimits: {c: x, d: {soft: '1', hard: y}}}\n\
                    x: {tty: maybe}\nsecrets: {s: {external: ''}}\n";
        let documents = read(&crate::yaml::parse(text).tree, SourceId(0)).tree;
        let errors: Vec<String> =
            refused_casts(&documents[0]).into_iter().map(|error| error.message).collect();
        assert_eq!(
            errors,
            [
                "services.a.tty: invalid boolean: maybe",
                "services.a.scale: parsing \"0x1\": invalid syntax",
                "services.b.ports.0.target: parsing \"80-82\": invalid syntax",
                "services.b.ulimits.c: parsing \"x\": invalid syntax",
                "services.b.ulimits.d.hard: parsing \"y\": invalid syntax",
                "secrets.s.external: invalid boolean: ",
            ]
        );
    }
}
