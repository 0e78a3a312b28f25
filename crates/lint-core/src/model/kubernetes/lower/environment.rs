//! The variables of a container, as far as they are written.

use std::sync::Arc;

use lint_parser::compose::value::{Certainty, Scalar, ScalarKind, Value, ValueKind};

use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::lower::make::{self, Map};
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{self, get, list, string_at};

pub(super) fn add(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>, cluster: &Cluster) {
    let mut variables = Map::default();
    let mut first = None;
    // `env` comes before `envFrom`, wherever it is written.
    for source in list(container.value, "envFrom") {
        let prefix = string_at(source, &["prefix"]).unwrap_or_default();
        let Some(name) = string_at(source, &["configMapRef", "name"]) else { continue };
        let maps = cluster.named("ConfigMap", name, pod.object.namespace.as_deref());
        // A value of another file has no place here.
        let here =
            maps.into_iter().find(|map| map.file_of(map.value.origin) == pod.object.file_of(source.origin));
        let Some(data) = here.and_then(|map| get(&map.value, "data")) else { continue };
        for entry in tree::entries(data) {
            first.get_or_insert(source.origin);
            let key = format!("{prefix}{}", entry.key);
            variables.set(&key, entry.key_origin, plain(&entry.value));
        }
    }
    for variable in list(container.value, "env") {
        let (Some(name), Some(at)) = (string_at(variable, &["name"]), get(variable, "name")) else {
            continue;
        };
        first.get_or_insert(variable.origin);
        let value = match get(variable, "value") {
            Some(value) => plain(value),
            None if get(variable, "valueFrom").is_some() => make::unknown(variable.origin),
            None => make::text("", at.origin),
        };
        variables.set(name, at.origin, value);
    }
    if let Some(origin) = first {
        service.set("environment", origin, variables.finish(origin));
    }
}

/// A literal. What refers to another variable, or is filled in later, is none.
fn plain(value: &Arc<Value>) -> Arc<Value> {
    let Some(said) = value.as_scalar() else { return make::unknown(value.origin) };
    let text = said.text.text();
    let is_open = text.contains("$(") && !text.contains("$$(") || tree::is_placeholder(text);
    let certainty = if is_open { Certainty::Unknown } else { Certainty::Known };
    let scalar = Scalar { text: said.text.clone(), kind: ScalarKind::String, certainty };
    Arc::new(Value { origin: value.origin, kind: ValueKind::Scalar(scalar), mark: None })
}
