//! A strategic merge patch: mappings are merged, and so are lists whose items have a name of their own.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Value, ValueKind};

use crate::model::kubernetes::kinds::is_built_in;
use crate::model::kubernetes::recognise::split;
use crate::model::kubernetes::tree::{get, string_at, text};

/// How deep a patch is followed.
const MOST_DEEP: usize = 64;

/// The `spec` of a pod with a patch over it.
#[must_use]
pub fn pod_patched(spec: &Arc<Value>, patch: &Arc<Value>) -> Arc<Value> {
    merged(spec, patch, "", true, 0)
}

/// An object with a patch over it; `None` where the patch deletes it. What the API of Kubernetes does not have is patched as JSON: its
/// lists are replaced.
#[must_use]
pub fn patched(object: &Arc<Value>, patch: &Arc<Value>) -> Option<Arc<Value>> {
    if string_at(patch, &["$patch"]) == Some("delete") {
        return None;
    }
    let version = string_at(object, &["apiVersion"]).unwrap_or_default();
    let merges = split(version).is_some_and(|(group, _)| is_built_in(group));
    Some(merged(object, patch, "", merges, 0))
}

/// The key that tells the items of a list apart.
fn key_of(list: &str) -> &'static [&'static str] {
    match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "secrets"
        | "resourceClaims"
        | "webhooks" => &["name"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "ports" => &["containerPort", "port"],
        "hostAliases" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey"],
        _ => &[],
    }
}

fn merged(base: &Arc<Value>, patch: &Arc<Value>, key: &str, merges: bool, depth: usize) -> Arc<Value> {
    if depth > MOST_DEEP || string_at(patch, &["$patch"]) == Some("replace") {
        return without_directives(patch);
    }
    match (&base.kind, &patch.kind) {
        (ValueKind::Mapping(old), ValueKind::Mapping(new)) => {
            let mut entries: Vec<Entry> = old.entries.clone();
            for entry in new.entries.iter().filter(|entry| !entry.key.starts_with('$')) {
                let at = entries.iter().position(|known| known.key == entry.key);
                match (at, &entry.value.kind) {
                    (Some(at), ValueKind::Null) => {
                        entries.remove(at);
                    }
                    (None, ValueKind::Null) => {}
                    (Some(at), _) => {
                        if let Some(known) = entries.get_mut(at) {
                            known.value = merged(&known.value, &entry.value, &entry.key, merges, depth + 1);
                        }
                    }
                    (None, _) => {
                        entries.push(Entry { value: without_directives(&entry.value), ..entry.clone() })
                    }
                }
            }
            Arc::new(Value { kind: ValueKind::Mapping(Mapping { entries }), ..(**base).clone() })
        }
        (ValueKind::Sequence(old), ValueKind::Sequence(new)) if merges && !key_of(key).is_empty() => {
            let mut items = old.clone();
            if new.iter().any(|item| string_at(item, &["$patch"]) == Some("replace")) {
                items.clear();
            }
            for item in new {
                let same = key_of(key).iter().find_map(|name| {
                    let own = text(get(item, name)?)?;
                    Some(items.iter().position(|known| get(known, name).and_then(|v| text(v)) == Some(own)))
                });
                match (same.flatten(), string_at(item, &["$patch"])) {
                    (Some(at), Some("delete")) => {
                        items.remove(at);
                    }
                    (None, Some(_)) => {}
                    (Some(at), _) => {
                        if let Some(known) = items.get_mut(at) {
                            *known = merged(known, item, "", merges, depth + 1);
                        }
                    }
                    (None, None) => items.push(without_directives(item)),
                }
            }
            Arc::new(Value { kind: ValueKind::Sequence(items), ..(**base).clone() })
        }
        _ => without_directives(patch),
    }
}

/// What a patch says, without what it says to whoever applies it.
fn without_directives(value: &Arc<Value>) -> Arc<Value> {
    match &value.kind {
        ValueKind::Mapping(mapping) if mapping.entries.iter().any(|entry| entry.key.starts_with('$')) => {
            let entries =
                mapping.entries.iter().filter(|entry| !entry.key.starts_with('$')).cloned().collect();
            Arc::new(Value { kind: ValueKind::Mapping(Mapping { entries }), ..(**value).clone() })
        }
        _ => Arc::clone(value),
    }
}
