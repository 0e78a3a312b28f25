//! What Compose's JSON says of what is not there and its YAML leaves out, and the other way round.

use serde_json::{Map, Value};

/// Adds commands that are the image's own, and parts that are empty; takes away limits that are 0.
pub(super) fn say(project: &mut Value) {
    entries(project.get_mut("services"), &mut |service| {
        set(service, &["command", "entrypoint"], &Value::Null);
        for hooks in ["post_start", "pre_stop"] {
            elements(service.get_mut(hooks), &mut |hook| set(hook, &["command"], &Value::Null));
        }
        if let Some(deploy) = service.get_mut("deploy") {
            set(deploy, &["resources", "placement"], &empty());
        }
        let watches = service.get_mut("develop").and_then(|develop| develop.get_mut("watch"));
        elements(watches, &mut |watch| {
            set(watch, &["exec"], &empty());
            if let Some(hook) = watch.get_mut("exec") {
                set(hook, &["command"], &Value::Null);
            }
        });
        entries(service.get_mut("ulimits"), &mut without_zeros);
        entries(service.get_mut("build").and_then(|build| build.get_mut("ulimits")), &mut without_zeros);
    });
    entries(project.get_mut("networks"), &mut |network| set(network, &["ipam"], &empty()));
}

fn empty() -> Value {
    Value::Object(Map::new())
}

fn entries(section: Option<&mut Value>, work: &mut dyn FnMut(&mut Value)) {
    for entry in section.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        work(entry);
    }
}

fn elements(list: Option<&mut Value>, work: &mut dyn FnMut(&mut Value)) {
    for element in list.and_then(Value::as_array_mut).into_iter().flatten() {
        work(element);
    }
}

/// Adds attributes where they are not there.
fn set(value: &mut Value, keys: &[&str], absent: &Value) {
    if let Value::Object(attributes) = value {
        for key in keys {
            attributes.entry(*key).or_insert_with(|| absent.clone());
        }
    }
}

fn without_zeros(limit: &mut Value) {
    if let Value::Object(limit) = limit {
        limit.retain(|key, value| !(matches!(key.as_str(), "soft" | "hard") && *value == 0));
    }
}

#[cfg(test)]
mod tests {
    use super::say;
    use serde_json::json;

    /// As `docker compose config --format json` prints it.
    #[test]
    fn absent_parts() {
        let mut project = json!({
            "services": {"a": {
                "deploy": {},
                "post_start": [{"user": "x"}],
                "develop": {"watch": [{"path": "."}]},
                "ulimits": {"nofile": {"soft": 1, "hard": 0}, "core": 5},
            }},
            "networks": {"n": {"name": "n"}, "broken": 1},
        });
        say(&mut project);
        assert_eq!(
            project,
            json!({
                "services": {"a": {
                    "command": null,
                    "entrypoint": null,
                    "deploy": {"resources": {}, "placement": {}},
                    "post_start": [{"user": "x", "command": null}],
                    "develop": {"watch": [{"path": ".", "exec": {"command": null}}]},
                    "ulimits": {"nofile": {"soft": 1}, "core": 5},
                }},
                "networks": {"n": {"name": "n", "ipam": {}}, "broken": 1},
            })
        );
    }
}
