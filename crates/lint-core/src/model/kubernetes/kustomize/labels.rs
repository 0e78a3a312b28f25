//! `labels`, `commonLabels` and `commonAnnotations`: what network policies and Services select pods by.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Value};

use super::{mapping, with};
use crate::model::kubernetes::tree::{self, boolean_at, entries, get, list, string_at};

/// Where kinds have the template of a pod.
const TEMPLATES: [&[&str]; 2] = [&["spec", "template"], &["spec", "jobTemplate", "spec", "template"]];

/// Adds the labels and annotations of a kustomization to its objects.
pub(super) fn add(root: &Arc<Value>, objects: &mut [Arc<Value>]) {
    let pairs = |value: Option<&Arc<Value>>| value.map_or(Vec::new(), |value| entries(value).to_vec());
    let common = pairs(get(root, "commonLabels"));
    let annotations = pairs(get(root, "commonAnnotations"));
    for object in objects.iter_mut() {
        *object = labelled(object, &common, true, true);
        for item in list(root, "labels") {
            let selects = boolean_at(item, &["includeSelectors"]) == Some(true);
            let of_pods = selects || boolean_at(item, &["includeTemplates"]) == Some(true);
            *object = labelled(object, &pairs(get(item, "pairs")), of_pods, selects);
        }
        *object = joined(object, &["metadata", "annotations"], &annotations);
        for template in TEMPLATES.iter().filter(|path| tree::at(object, path).is_some()).collect::<Vec<_>>() {
            let path = [template, &["metadata", "annotations"][..]].concat();
            *object = joined(object, &path, &annotations);
        }
    }
}

fn labelled(object: &Arc<Value>, pairs: &[Entry], of_pods: bool, selects: bool) -> Arc<Value> {
    let mut object = joined(object, &["metadata", "labels"], pairs);
    if of_pods {
        for template in TEMPLATES {
            if tree::at(&object, template).is_some() {
                object = joined(&object, &[template, &["metadata", "labels"][..]].concat(), pairs);
            }
        }
    }
    if selects {
        let path: &[&str] = match string_at(&object, &["kind"]).unwrap_or_default() {
            "Service" | "ReplicationController" => &["spec", "selector"],
            "NetworkPolicy" => &["spec", "podSelector", "matchLabels"],
            "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "PodDisruptionBudget" => {
                &["spec", "selector", "matchLabels"]
            }
            _ => return object,
        };
        // A policy for all pods stays one.
        if tree::at(&object, path).is_some() {
            object = joined(&object, path, pairs);
        }
    }
    object
}

/// The object with entries added at the end of a path, which is made where it is not there.
fn joined(value: &Arc<Value>, path: &[&str], pairs: &[Entry]) -> Arc<Value> {
    if pairs.is_empty() {
        return Arc::clone(value);
    }
    match path.split_first() {
        None => {
            let add = |value: Arc<Value>, pair: &Entry| {
                with(&value, &pair.key, pair.key_origin, Arc::clone(&pair.value))
            };
            pairs.iter().fold(Arc::clone(value), add)
        }
        Some((first, rest)) => {
            let inner = get(value, first).cloned().unwrap_or_else(|| mapping(Vec::new(), value.origin));
            let inner = joined(&inner, rest, pairs);
            with(value, first, inner.origin, Arc::clone(&inner))
        }
    }
}
