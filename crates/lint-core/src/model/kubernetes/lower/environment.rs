//! The variables of a container, as far as they are written: in the pod, and in the ConfigMaps and Secrets that are at hand.

use std::sync::Arc;

use lint_parser::compose::value::{Certainty, Entry, Origin, Scalar, ScalarKind, SourceId, Value, ValueKind};
use lint_parser::text::source::SourceFile;

use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::lower::make::{self, Map};
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{self, get, list, string_at};

/// Adds the variables; `files` are those that values may stand in, to which the files of other objects come.
pub(super) fn add(
    service: &mut Map,
    pod: &Pod<'_>,
    container: &PodContainer<'_>,
    cluster: &Cluster,
    files: &mut Vec<SourceFile>,
) {
    let mut variables = Map::default();
    let mut first = None;
    let mut others = Others { pod, cluster, files };
    // `env` comes before `envFrom`, wherever it is written.
    for source in list(container.value, "envFrom") {
        let prefix = string_at(source, &["prefix"]).unwrap_or_default();
        for (reference, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
            let Some(name) = string_at(source, &[reference, "name"]) else { continue };
            for (object, entry) in others.entries(kind, name) {
                first.get_or_insert(source.origin);
                let key = format!("{prefix}{}", entry.key);
                let value = others.taken(object, entry);
                variables.set_via(&key, others.placed(object, entry.key_origin), value, Some(source.origin));
            }
        }
    }
    for variable in list(container.value, "env") {
        let (Some(name), Some(at)) = (string_at(variable, &["name"]), get(variable, "name")) else {
            continue;
        };
        first.get_or_insert(variable.origin);
        match (get(variable, "value"), get(variable, "valueFrom")) {
            (Some(value), _) => variables.set(name, at.origin, plain(value, value.origin)),
            (None, Some(from)) => match others.referred(from) {
                Some((key, value)) => variables.set_via(name, key, value, Some(variable.origin)),
                None => variables.set(name, at.origin, make::unknown(variable.origin)),
            },
            (None, None) => variables.set(name, at.origin, make::text("", at.origin)),
        }
    }
    if let Some(origin) = first {
        service.set("environment", origin, variables.finish(origin));
    }
}

/// The objects that variables are taken from.
struct Others<'o, 'a> {
    pod: &'o Pod<'a>,
    cluster: &'o Cluster,
    files: &'o mut Vec<SourceFile>,
}

impl<'o> Others<'o, '_> {
    /// What a ConfigMap or Secret holds; nothing where several may be meant.
    fn entries(&self, kind: &str, name: &str) -> Vec<(&'o Object, &'o Entry)> {
        let namespace = self.pod.object.namespace.as_deref();
        let mut found = self.cluster.named(kind, name, namespace).filter(|object| object.group.is_empty());
        let (Some(object), None) = (found.next(), found.next()) else { return Vec::new() };
        let parts = ["data", "stringData"].into_iter().filter_map(|key| get(&object.value, key));
        parts.flat_map(|part| tree::entries(part)).map(|entry| (object, entry)).collect()
    }

    /// What a variable is that takes one key: where that stands, and its value.
    fn referred(&mut self, from: &Value) -> Option<(Origin, Arc<Value>)> {
        let name = string_at(from, &["configMapKeyRef", "name"])?;
        let key = string_at(from, &["configMapKeyRef", "key"])?;
        let (object, entry) =
            self.entries("ConfigMap", name).into_iter().find(|(_, entry)| &*entry.key == key)?;
        Some((self.placed(object, entry.key_origin), self.taken(object, entry)))
    }

    /// A value of a ConfigMap. What a Secret holds is told of the Secret.
    fn taken(&mut self, object: &Object, entry: &Entry) -> Arc<Value> {
        let origin = self.placed(object, entry.value.origin);
        match object.kind.as_str() {
            "Secret" => make::unknown(origin),
            _ => plain(&entry.value, origin),
        }
    }

    /// The same place, in the numbers of the pod's files.
    fn placed(&mut self, object: &Object, origin: Origin) -> Origin {
        let Some(file) = object.files.get(origin.source.0 as usize) else { return origin };
        let known = self.files.iter().position(|own| own.name() == file.name());
        let index = known.unwrap_or_else(|| {
            self.files.push(file.clone());
            self.files.len() - 1
        });
        Origin { source: SourceId(u32::try_from(index).unwrap_or(u32::MAX)), ..origin }
    }
}

/// A literal. What refers to another variable, or is filled in later, is none.
fn plain(value: &Arc<Value>, origin: Origin) -> Arc<Value> {
    let Some(said) = value.as_scalar() else { return make::unknown(origin) };
    let text = said.text.text();
    let is_open = text.contains("$(") && !text.contains("$$(") || tree::is_placeholder(text);
    let certainty = if is_open { Certainty::Unknown } else { Certainty::Known };
    let scalar = Scalar { text: said.text.clone(), kind: ScalarKind::String, certainty };
    Arc::new(Value { origin, kind: ValueKind::Scalar(scalar), mark: None })
}
