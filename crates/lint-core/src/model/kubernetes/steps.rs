//! Kinds whose containers do not stand in the template of a pod: workflows of Argo, tasks of Tekton, jobs of Spark, clusters of
//! Strimzi. Their pods are put together.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Origin, Value, ValueKind};

use crate::model::kubernetes::kinds::Template;
use crate::model::kubernetes::strategic::pod_patched;
use crate::model::kubernetes::texts::documents_in;
use crate::model::kubernetes::tree::{at, entries, get, is_mapping, items, list};

/// The pods of an object of such a kind.
#[must_use]
pub fn pods(group: &str, kind: &str, value: &Arc<Value>) -> Vec<Template> {
    match (group, kind) {
        ("argoproj.io", "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate") => {
            argo(value, &["spec"])
        }
        ("argoproj.io", "CronWorkflow") => argo(value, &["spec", "workflowSpec"]),
        ("tekton.dev", "Task" | "ClusterTask") => task(value, value, "spec").into_iter().collect(),
        ("tekton.dev", "TaskRun") => {
            let spec = at(value, &["spec", "taskSpec"]);
            spec.and_then(|spec| steps(spec, value, "spec.taskSpec")).into_iter().collect()
        }
        ("tekton.dev", "Pipeline") => pipeline(value, &["spec"]),
        ("tekton.dev", "PipelineRun") => pipeline(value, &["spec", "pipelineSpec"]),
        ("sparkoperator.k8s.io", "SparkApplication") => spark(value, &["spec"]),
        ("sparkoperator.k8s.io", "ScheduledSparkApplication") => spark(value, &["spec", "template"]),
        ("kafka.strimzi.io", _) => strimzi(value),
        _ => Vec::new(),
    }
}

fn template(path: String, spec: Arc<Value>, is_completed: bool) -> Template {
    Template { path, spec, metadata: None, ends: true, is_completed }
}

/// Each template of a workflow is a pod.
fn argo(value: &Arc<Value>, path: &[&str]) -> Vec<Template> {
    let Some(spec) = at(value, path) else { return Vec::new() };
    let defaults = get(spec, "templateDefaults");
    let templates = list(spec, "templates").iter().enumerate();
    let pods = templates.filter_map(|(index, template)| {
        let of_both = |key: &str| {
            let own = get(template, key).or_else(|| defaults.and_then(|defaults| get(defaults, key)));
            own.or_else(|| get(spec, key))
        };
        let own = ["container", "script"].iter().filter_map(|key| get(template, key));
        let set = items(at(template, &["containerSet", "containers"])).iter();
        let containers: Vec<_> = own.chain(set).chain(list(template, "sidecars")).cloned().collect();
        if containers.is_empty() {
            return None;
        }
        let volumes: Vec<_> =
            list(spec, "volumes").iter().chain(list(template, "volumes")).cloned().collect();
        let mut parts = vec![("containers", sequence(containers, template.origin))];
        parts.push(("initContainers", sequence(list(template, "initContainers").to_vec(), template.origin)));
        parts.push(("volumes", sequence(volumes, spec.origin)));
        for key in ["securityContext", "automountServiceAccountToken", "hostNetwork", "serviceAccountName"] {
            parts.extend(of_both(key).map(|value| (key, Arc::clone(value))));
        }
        let mut pod = mapping(parts, template.origin);
        for holder in [spec, template] {
            let patch = get(holder, "podSpecPatch").map(documents_in).unwrap_or_default();
            for patch in patch.iter().filter(|patch| is_mapping(patch)) {
                pod = pod_patched(&pod, patch);
            }
        }
        Some(self::template(format!("{}.templates[{index}]", path.join(".")), pod, false))
    });
    pods.collect()
}

fn task(value: &Arc<Value>, run: &Arc<Value>, path: &str) -> Option<Template> {
    steps(get(value, "spec")?, run, path)
}

/// The tasks that a pipeline brings with it.
fn pipeline(value: &Arc<Value>, path: &[&str]) -> Vec<Template> {
    let Some(spec) = at(value, path) else { return Vec::new() };
    let mut pods = Vec::new();
    for key in ["tasks", "finally"] {
        for (index, task) in list(spec, key).iter().enumerate() {
            let path = format!("{}.{key}[{index}].taskSpec", path.join("."));
            pods.extend(get(task, "taskSpec").and_then(|spec| steps(spec, value, &path)));
        }
    }
    pods
}

/// The steps of a task run in one pod, one after the other. What `stepTemplate` says holds for each that does not say it.
fn steps(spec: &Arc<Value>, run: &Arc<Value>, path: &str) -> Option<Template> {
    let common = get(spec, "stepTemplate");
    let step = |step: &Arc<Value>| match common {
        Some(common) if is_mapping(step) => completed(step, common),
        _ => Arc::clone(step),
    };
    let steps = list(spec, "steps").iter().map(step);
    let containers: Vec<_> = steps.chain(list(spec, "sidecars").iter().cloned()).collect();
    if containers.is_empty() {
        return None;
    }
    let mut parts = vec![("containers", sequence(containers, spec.origin))];
    parts.push(("volumes", sequence(list(spec, "volumes").to_vec(), spec.origin)));
    const TEMPLATES: [&[&str]; 2] = [&["spec", "podTemplate"], &["spec", "taskRunTemplate", "podTemplate"]];
    if let Some(pod) = TEMPLATES.iter().find_map(|path| at(run, path)) {
        for key in ["securityContext", "hostNetwork", "automountServiceAccountToken"] {
            parts.extend(get(pod, key).map(|value| (key, Arc::clone(value))));
        }
    }
    Some(template(path.to_owned(), mapping(parts, spec.origin), false))
}

/// A mapping with the entries of another one that it lacks.
fn completed(value: &Arc<Value>, common: &Arc<Value>) -> Arc<Value> {
    let mut all = entries(value).to_vec();
    for entry in entries(common) {
        match all.iter_mut().find(|own| own.key == entry.key) {
            Some(own) if is_mapping(&own.value) && is_mapping(&entry.value) => {
                own.value = completed(&own.value, &entry.value);
            }
            Some(_) => {}
            None => all.push(entry.clone()),
        }
    }
    Arc::new(Value { kind: ValueKind::Mapping(Mapping { entries: all }), ..(**value).clone() })
}

/// The driver and the executors of a job of Spark are containers with words of their own.
fn spark(value: &Arc<Value>, path: &[&str]) -> Vec<Template> {
    let Some(spec) = at(value, path) else { return Vec::new() };
    let pods = ["driver", "executor"].into_iter().filter_map(|part| {
        let said = get(spec, part).filter(|said| is_mapping(said) && get(said, "template").is_none())?;
        let mut container = Vec::new();
        for key in ["image", "securityContext", "env", "envFrom", "volumeMounts"] {
            let found = get(said, key).or_else(|| get(spec, key));
            container.extend(found.map(|value| (key, Arc::clone(value))));
        }
        let containers = sequence(vec![mapping(container, said.origin)], said.origin);
        let mut parts = vec![("containers", containers)];
        parts.push(("initContainers", sequence(list(said, "initContainers").to_vec(), said.origin)));
        parts.push(("volumes", sequence(list(spec, "volumes").to_vec(), spec.origin)));
        parts.extend(get(said, "podSecurityContext").map(|value| ("securityContext", Arc::clone(value))));
        parts.extend(get(said, "hostNetwork").map(|value| ("hostNetwork", Arc::clone(value))));
        Some(template(format!("{}.{part}", path.join(".")), mapping(parts, said.origin), true))
    });
    pods.collect()
}

/// Each part of a cluster of Strimzi has a template with what its pod and its containers get beside their own.
fn strimzi(value: &Arc<Value>) -> Vec<Template> {
    let Some(spec) = get(value, "spec") else { return Vec::new() };
    let parts = entries(spec).iter().filter(|entry| is_mapping(&entry.value));
    let parts = parts.map(|entry| (format!("spec.{}.template", entry.key), get(&entry.value, "template")));
    let all = parts.chain([("spec.template".to_owned(), get(spec, "template"))]);
    let pods = all.filter_map(|(path, said)| {
        let said = said?;
        let containers: Vec<_> = entries(said)
            .iter()
            .filter(|entry| entry.key.ends_with("Container") && is_mapping(&entry.value))
            .map(|entry| Arc::clone(&entry.value))
            .collect();
        let mut parts = vec![("containers", sequence(containers, said.origin))];
        let pod = get(said, "pod").map_or(&[][..], |pod| entries(pod));
        let fields =
            pod.iter().filter(|entry| matches!(&*entry.key, "securityContext" | "hostUsers" | "volumes"));
        parts.extend(fields.map(|entry| (&*entry.key, Arc::clone(&entry.value))));
        Some(template(path, mapping(parts, said.origin), true))
    });
    pods.collect()
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
