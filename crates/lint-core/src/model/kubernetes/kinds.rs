//! The kinds that hold pods, and where in them.

use std::sync::Arc;

use lint_parser::compose::value::Value;

use crate::model::kubernetes::tree::{entries, get, is_mapping, list, string_at};
use crate::settings::DeclaredPodKind;

/// Kinds that hold pods.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// The group; old ones are those of the apiVersions that the API had once.
    groups: &'static [&'static str],
    kinds: &'static [&'static str],
    /// The ways to the `spec` of each pod. `[]` stands for each item of a list, `*` for each value of a mapping.
    paths: &'static [&'static str],
    fate: Fate,
}

/// What becomes of the pods of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// They are to stay.
    Stays,
    /// They are to end by themselves, so that nobody probes them.
    Ends,
    /// An operator completes them: what is not written says nothing.
    Completed,
}

const TEMPLATE: &[&str] = &["spec.template.spec"];
const POD_TEMPLATE: &[&str] = &["spec.podTemplate.spec"];

const fn row(
    groups: &'static [&'static str],
    kinds: &'static [&'static str],
    paths: &'static [&'static str],
    fate: Fate,
) -> Row {
    Row { groups, kinds, paths, fate }
}

const TABLE: &[Row] = &[
    row(&[""], &["Pod"], &["spec"], Fate::Stays),
    row(&[""], &["PodTemplate"], &["template.spec"], Fate::Stays),
    row(&[""], &["ReplicationController"], TEMPLATE, Fate::Stays),
    row(
        &["apps", "extensions"],
        &["ReplicaSet", "Deployment", "StatefulSet", "DaemonSet"],
        TEMPLATE,
        Fate::Stays,
    ),
    row(&["batch", "extensions"], &["Job"], TEMPLATE, Fate::Ends),
    row(&["batch"], &["CronJob"], &["spec.jobTemplate.spec.template.spec"], Fate::Ends),
    row(&["apps.openshift.io", ""], &["DeploymentConfig"], TEMPLATE, Fate::Stays),
    row(&["argoproj.io"], &["Rollout"], TEMPLATE, Fate::Stays),
    row(&["serving.knative.dev"], &["Service", "Configuration"], TEMPLATE, Fate::Stays),
    row(&["serving.knative.dev"], &["Revision"], &["spec"], Fate::Stays),
    row(&["apps.kruise.io"], &["CloneSet", "StatefulSet", "DaemonSet"], TEMPLATE, Fate::Stays),
    row(&["apps.kruise.io"], &["BroadcastJob"], TEMPLATE, Fate::Ends),
    row(&["keda.sh"], &["ScaledJob"], &["spec.jobTargetRef.template.spec"], Fate::Ends),
    row(&["batch.volcano.sh"], &["Job"], &["spec.tasks[].template.spec"], Fate::Ends),
    row(
        &["jobset.x-k8s.io"],
        &["JobSet"],
        &["spec.replicatedJobs[].template.spec.template.spec"],
        Fate::Ends,
    ),
    row(
        &["leaderworkerset.x-k8s.io"],
        &["LeaderWorkerSet"],
        &["spec.leaderWorkerTemplate.leaderTemplate.spec", "spec.leaderWorkerTemplate.workerTemplate.spec"],
        Fate::Stays,
    ),
    row(
        &["agents.x-k8s.io", "extensions.agents.x-k8s.io"],
        &["Sandbox", "SandboxTemplate"],
        POD_TEMPLATE,
        Fate::Stays,
    ),
    row(&["agones.dev"], &["GameServer"], TEMPLATE, Fate::Stays),
    row(&["agones.dev"], &["Fleet", "GameServerSet"], &["spec.template.spec.template.spec"], Fate::Stays),
    row(
        &["actions.summerwind.dev"],
        &["RunnerDeployment", "RunnerSet", "RunnerReplicaSet"],
        TEMPLATE,
        Fate::Completed,
    ),
    row(&["actions.github.com"], &["AutoscalingRunnerSet", "EphemeralRunnerSet"], TEMPLATE, Fate::Completed),
    row(
        &["ray.io"],
        &["RayCluster"],
        &["spec.headGroupSpec.template.spec", "spec.workerGroupSpecs[].template.spec"],
        Fate::Stays,
    ),
    row(
        &["ray.io"],
        &["RayJob"],
        &[
            "spec.rayClusterSpec.headGroupSpec.template.spec",
            "spec.rayClusterSpec.workerGroupSpecs[].template.spec",
            "spec.submitterPodTemplate.spec",
        ],
        Fate::Ends,
    ),
    row(
        &["ray.io"],
        &["RayService"],
        &[
            "spec.rayClusterConfig.headGroupSpec.template.spec",
            "spec.rayClusterConfig.workerGroupSpecs[].template.spec",
        ],
        Fate::Stays,
    ),
    row(&["kubeflow.org"], &["Notebook"], TEMPLATE, Fate::Stays),
    row(
        &["kubeflow.org"],
        &["PyTorchJob", "TFJob", "MPIJob", "XGBoostJob", "PaddleJob", "MXJob", "JAXJob"],
        &[
            "spec.pytorchReplicaSpecs.*.template.spec",
            "spec.tfReplicaSpecs.*.template.spec",
            "spec.mpiReplicaSpecs.*.template.spec",
            "spec.xgbReplicaSpecs.*.template.spec",
            "spec.paddleReplicaSpecs.*.template.spec",
            "spec.mxReplicaSpecs.*.template.spec",
            "spec.jaxReplicaSpecs.*.template.spec",
        ],
        Fate::Ends,
    ),
    row(
        &["sparkoperator.k8s.io"],
        &["SparkApplication"],
        &["spec.driver.template.spec", "spec.executor.template.spec"],
        Fate::Completed,
    ),
    row(
        &["sparkoperator.k8s.io"],
        &["ScheduledSparkApplication"],
        &["spec.template.driver.template.spec", "spec.template.executor.template.spec"],
        Fate::Completed,
    ),
    row(
        &["monitoring.coreos.com"],
        &["Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"],
        &["spec"],
        Fate::Completed,
    ),
    row(
        &["pkg.crossplane.io"],
        &["DeploymentRuntimeConfig"],
        &["spec.deploymentTemplate.spec.template.spec"],
        Fate::Completed,
    ),
    row(
        &["elasticsearch.k8s.elastic.co"],
        &["Elasticsearch"],
        &["spec.nodeSets[].podTemplate.spec"],
        Fate::Completed,
    ),
    row(
        &[
            "kibana.k8s.elastic.co",
            "apm.k8s.elastic.co",
            "enterprisesearch.k8s.elastic.co",
            "logstash.k8s.elastic.co",
        ],
        &["Kibana", "ApmServer", "EnterpriseSearch", "Logstash"],
        POD_TEMPLATE,
        Fate::Completed,
    ),
    row(
        &["agent.k8s.elastic.co", "beat.k8s.elastic.co"],
        &["Agent", "Beat"],
        &["spec.daemonSet.podTemplate.spec", "spec.deployment.podTemplate.spec"],
        Fate::Completed,
    ),
    row(
        &["flink.apache.org"],
        &["FlinkDeployment"],
        &["spec.podTemplate.spec", "spec.jobManager.podTemplate.spec", "spec.taskManager.podTemplate.spec"],
        Fate::Completed,
    ),
];

/// Where custom resources that nobody knows have a pod, if they have one.
const CUSTOM: Row = row(
    &[],
    &[],
    &["spec.template.spec", "spec.podTemplate.spec", "spec.jobTemplate.spec.template.spec"],
    Fate::Stays,
);

/// A pod in an object: where it is, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Template {
    /// The way to its `spec`.
    pub path: String,
    /// Its `spec`.
    pub spec: Arc<Value>,
    /// Its own metadata.
    pub metadata: Option<Arc<Value>>,
    /// Whether it is meant to end by itself.
    pub ends: bool,
    /// Whether an operator completes it.
    pub is_completed: bool,
}

/// The pods of an object of a kind.
#[must_use]
pub fn templates(group: &str, kind: &str, value: &Arc<Value>) -> Vec<Template> {
    let known = TABLE.iter().find(|row| row.kinds.contains(&kind) && row.groups.contains(&group));
    if let Some(row) = known {
        return found(row.paths, row.fate, value, |_| true);
    }
    match is_built_in(group) {
        true => Vec::new(),
        false => found(CUSTOM.paths, CUSTOM.fate, value, holds_containers),
    }
}

/// The pods of an object of a kind that somebody has named.
#[must_use]
pub fn named_templates(
    kinds: &[DeclaredPodKind],
    group: &str,
    kind: &str,
    value: &Arc<Value>,
) -> Vec<Template> {
    let own = kinds
        .iter()
        .filter(|named| named.kind == kind && named.group.as_deref().is_none_or(|own| own == group));
    own.flat_map(|named| found(&[named.path.as_str()], Fate::Stays, value, |_| true)).collect()
}

/// Whether a custom resource holds containers as a pod does: each has a name and an image.
fn holds_containers(spec: &Value) -> bool {
    let containers = list(spec, "containers");
    let is_container =
        |item: &Arc<Value>| string_at(item, &["name"]).is_some() && string_at(item, &["image"]).is_some();
    !containers.is_empty() && containers.iter().all(is_container)
}

fn found(paths: &[&str], fate: Fate, value: &Arc<Value>, is_pod: impl Fn(&Value) -> bool) -> Vec<Template> {
    let mut templates = Vec::new();
    for path in paths {
        let steps: Vec<&str> = path.split('.').collect();
        let Some((last, before)) = steps.split_last() else { continue };
        let mut holders = vec![(String::new(), value)];
        for step in before {
            holders = holders.into_iter().flat_map(|(path, holder)| inside(&path, holder, step)).collect();
        }
        for (path, holder) in holders {
            for (path, spec) in inside(&path, holder, last) {
                if is_mapping(spec) && is_pod(spec) {
                    let metadata = (*last == "spec").then(|| get(holder, "metadata").cloned()).flatten();
                    templates.push(Template {
                        path,
                        spec: Arc::clone(spec),
                        metadata,
                        ends: fate == Fate::Ends,
                        is_completed: fate == Fate::Completed,
                    });
                }
            }
        }
    }
    templates
}

/// What a step of a path leads to.
fn inside<'v>(path: &str, holder: &'v Value, step: &str) -> Vec<(String, &'v Arc<Value>)> {
    let joined = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match step.strip_suffix("[]") {
        _ if step == "*" => entries(holder).iter().map(|entry| (joined(&entry.key), &entry.value)).collect(),
        Some(key) => list(holder, key)
            .iter()
            .enumerate()
            .map(|(index, item)| (format!("{}[{index}]", joined(key)), item))
            .collect(),
        None => get(holder, step).map(|value| (joined(step), value)).into_iter().collect(),
    }
}

/// Whether a group has kinds that are known to hold pods, however they are written.
#[must_use]
pub fn is_known(group: &str) -> bool {
    let is_of_table = || TABLE.iter().any(|row| row.groups.contains(&group));
    matches!(group, "tekton.dev" | "kafka.strimzi.io" | "kind.x-k8s.io") || is_of_table()
}

/// Whether the API of Kubernetes itself, or a project that is part of it, has the group.
#[must_use]
pub fn is_built_in(group: &str) -> bool {
    const PLAIN: [&str; 6] = ["", "apps", "batch", "autoscaling", "policy", "extensions"];
    PLAIN.contains(&group) || group.ends_with(".k8s.io") || group == "k8s.io"
}

/// The versions that the API had once: `(group, version, kinds, the release that removed it)`.
const REMOVED: &[(&str, &str, &[&str], &str)] = &[
    (
        "extensions",
        "v1beta1",
        &["Deployment", "DaemonSet", "ReplicaSet", "NetworkPolicy", "PodSecurityPolicy"],
        "1.16",
    ),
    ("extensions", "v1beta1", &["Ingress"], "1.22"),
    ("apps", "v1beta1", &["Deployment", "StatefulSet", "ReplicaSet"], "1.16"),
    ("apps", "v1beta2", &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], "1.16"),
    ("batch", "v1beta1", &["CronJob"], "1.25"),
    ("batch", "v2alpha1", &["CronJob"], "1.21"),
    ("policy", "v1beta1", &["PodSecurityPolicy", "PodDisruptionBudget"], "1.25"),
    ("networking.k8s.io", "v1beta1", &["Ingress", "IngressClass"], "1.22"),
    (
        "rbac.authorization.k8s.io",
        "v1beta1",
        &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
        "1.22",
    ),
    (
        "rbac.authorization.k8s.io",
        "v1alpha1",
        &["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"],
        "1.22",
    ),
    ("apiextensions.k8s.io", "v1beta1", &["CustomResourceDefinition"], "1.22"),
    (
        "admissionregistration.k8s.io",
        "v1beta1",
        &["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
        "1.22",
    ),
    ("apiregistration.k8s.io", "v1beta1", &["APIService"], "1.22"),
    ("scheduling.k8s.io", "v1beta1", &["PriorityClass"], "1.22"),
    ("storage.k8s.io", "v1beta1", &["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"], "1.22"),
    ("autoscaling", "v2beta1", &["HorizontalPodAutoscaler"], "1.25"),
    ("autoscaling", "v2beta2", &["HorizontalPodAutoscaler"], "1.26"),
    ("discovery.k8s.io", "v1beta1", &["EndpointSlice"], "1.25"),
];

/// The release from which the API no longer has a version of a kind.
#[must_use]
pub fn removed_in(group: &str, version: &str, kind: &str) -> Option<&'static str> {
    let row = REMOVED.iter().find(|(g, v, kinds, _)| *g == group && *v == version && kinds.contains(&kind));
    row.map(|(_, _, _, release)| *release)
}
