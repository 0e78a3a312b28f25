//! Kinds whose containers do not stand in the template of a pod: workflows of Argo, tasks of Tekton. Their pods are put together.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Origin, Value, ValueKind};

use crate::model::kubernetes::tree::{at, get, items, list};

/// The pods of an object of such a kind: the way to each, and its `spec`.
#[must_use]
pub fn pods(group: &str, kind: &str, value: &Arc<Value>) -> Vec<(String, Arc<Value>)> {
    match (group, kind) {
        ("argoproj.io", "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate") => {
            argo(value, &["spec"])
        }
        ("argoproj.io", "CronWorkflow") => argo(value, &["spec", "workflowSpec"]),
        ("tekton.dev", "Task" | "ClusterTask") => task(value, &["spec"]).into_iter().collect(),
        ("tekton.dev", "TaskRun") => task(value, &["spec", "taskSpec"]).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Each template of a workflow is a pod.
fn argo(value: &Arc<Value>, path: &[&str]) -> Vec<(String, Arc<Value>)> {
    let Some(spec) = at(value, path) else { return Vec::new() };
    let templates = list(spec, "templates").iter().enumerate();
    let pods = templates.map(|(index, template)| {
        let own = ["container", "script"].iter().filter_map(|key| get(template, key));
        let set = items(at(template, &["containerSet", "containers"])).iter();
        let containers: Vec<_> = own.chain(set).chain(list(template, "sidecars")).cloned().collect();
        let volumes: Vec<_> =
            list(spec, "volumes").iter().chain(list(template, "volumes")).cloned().collect();
        let context = get(template, "securityContext").or_else(|| get(spec, "securityContext"));
        let token = get(template, "automountServiceAccountToken")
            .or_else(|| get(spec, "automountServiceAccountToken"));
        let mut parts = vec![("containers", sequence(containers, template.origin))];
        parts.push(("initContainers", sequence(list(template, "initContainers").to_vec(), template.origin)));
        parts.push(("volumes", sequence(volumes, spec.origin)));
        parts.extend(context.map(|context| ("securityContext", Arc::clone(context))));
        parts.extend(token.map(|token| ("automountServiceAccountToken", Arc::clone(token))));
        parts.extend(get(spec, "hostNetwork").map(|host| ("hostNetwork", Arc::clone(host))));
        (format!("{}.templates[{index}]", path.join(".")), mapping(parts, template.origin))
    });
    pods.filter(|(_, pod)| !list(pod, "containers").is_empty()).collect()
}

/// The steps of a task run in one pod, one after the other.
fn task(value: &Arc<Value>, path: &[&str]) -> Option<(String, Arc<Value>)> {
    let spec = at(value, path)?;
    let containers: Vec<_> = list(spec, "steps").iter().chain(list(spec, "sidecars")).cloned().collect();
    let template = at(value, &["spec", "podTemplate", "securityContext"]);
    let mut parts = vec![("containers", sequence(containers, spec.origin))];
    parts.push(("volumes", sequence(list(spec, "volumes").to_vec(), spec.origin)));
    parts.extend(template.map(|context| ("securityContext", Arc::clone(context))));
    Some((path.join("."), mapping(parts, spec.origin))).filter(|(_, pod)| !list(pod, "containers").is_empty())
}

fn sequence(items: Vec<Arc<Value>>, origin: Origin) -> Arc<Value> {
    Arc::new(Value { origin, kind: ValueKind::Sequence(items), mark: None })
}

fn mapping(parts: Vec<(&str, Arc<Value>)>, origin: Origin) -> Arc<Value> {
    let entries = parts.into_iter().map(|(key, value)| Entry {
        key: Arc::from(key),
        key_origin: value.origin,
        value,
        via: None,
    });
    Arc::new(Value { origin, kind: ValueKind::Mapping(Mapping { entries: entries.collect() }), mark: None })
}
