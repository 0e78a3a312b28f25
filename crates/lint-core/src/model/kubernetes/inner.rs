//! The configuration of components that stands as a text in an object.

use std::sync::Arc;

use lint_parser::compose::value::Value;

use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::recognise::split;
use crate::model::kubernetes::texts::documents_in;
use crate::model::kubernetes::tree::{at, entries, list, string_at, text};

/// Groups of the configuration of Kubernetes itself.
const CONFIGURATIONS: [&str; 5] = [
    "kubeadm.k8s.io",
    "kubelet.config.k8s.io",
    "kubeproxy.config.k8s.io",
    "audit.k8s.io",
    "apiserver.config.k8s.io",
];

/// The configuration of components that an object carries as text. Other manifests in a ConfigMap are somebody else's to apply.
#[must_use]
pub fn configurations(object: &Object) -> Vec<Object> {
    match (object.group.as_str(), object.kind.as_str()) {
        ("", "ConfigMap") => {
            let data = at(&object.value, &["data"]).map_or(&[][..], |data| entries(data));
            data.iter()
                .map(|entry| &entry.value)
                .filter(|value| may_be_one(value))
                .flat_map(|value| of(object, value))
                .collect()
        }
        ("kind.x-k8s.io", "Cluster") => {
            let nodes =
                list(&object.value, "nodes").iter().flat_map(|node| list(node, "kubeadmConfigPatches"));
            let patches = list(&object.value, "kubeadmConfigPatches").iter().chain(nodes);
            let found = patches.flat_map(|patch| of(object, patch));
            found.map(|inner| Object { is_patch_of_kind: true, ..inner }).collect()
        }
        _ => Vec::new(),
    }
}

fn may_be_one(value: &Value) -> bool {
    text(value)
        .is_some_and(|text| text.contains("kind:") && CONFIGURATIONS.iter().any(|group| text.contains(group)))
}

fn of(object: &Object, outer: &Arc<Value>) -> Vec<Object> {
    let documents = documents_in(outer);
    let objects = documents.iter().filter_map(|value| {
        if string_at(value, &["apiVersion"]).is_none() && object.kind == "Cluster" {
            return Object::of_kubeadm_patch(&object.files, value);
        }
        let (group, _) = split(string_at(value, &["apiVersion"])?)?;
        CONFIGURATIONS.contains(&group).then(|| Object::of(&object.files, value)).flatten()
    });
    objects.collect()
}
