//! The kinds that hold pods, and where in them.

/// Where a kind has its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodKind {
    /// The names that lead to what has `metadata` and `spec`; none for a pod itself.
    pub template: &'static [&'static str],
    /// Whether its pods are meant to end by themselves, so that nobody probes them.
    pub ends: bool,
}

const SPEC_TEMPLATE: &[&str] = &["spec", "template"];

/// A group and a kind, and where the pod is. The old groups are those of the apiVersions that the API had once.
const TABLE: &[(&[&str], &str, PodKind)] = &[
    (&[""], "Pod", PodKind { template: &[], ends: false }),
    (&[""], "PodTemplate", PodKind { template: &["template"], ends: false }),
    (&[""], "ReplicationController", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps", "extensions"], "ReplicaSet", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps", "extensions"], "Deployment", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps", "extensions"], "StatefulSet", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps", "extensions"], "DaemonSet", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["batch", "extensions"], "Job", PodKind { template: SPEC_TEMPLATE, ends: true }),
    (&["batch"], "CronJob", PodKind { template: &["spec", "jobTemplate", "spec", "template"], ends: true }),
    (&["apps.openshift.io", ""], "DeploymentConfig", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["argoproj.io"], "Rollout", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["serving.knative.dev"], "Service", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["serving.knative.dev"], "Configuration", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps.kruise.io"], "CloneSet", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps.kruise.io"], "StatefulSet", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["apps.kruise.io"], "DaemonSet", PodKind { template: SPEC_TEMPLATE, ends: false }),
    (&["keda.sh"], "ScaledJob", PodKind { template: &["spec", "jobTargetRef", "template"], ends: true }),
];

/// Where a kind of a group has its pod. Of a kind that nobody knows it is looked for where nearly all have it.
#[must_use]
pub fn pod_of(group: &str, kind: &str) -> Option<PodKind> {
    let known = TABLE.iter().find(|(groups, name, _)| *name == kind && groups.contains(&group));
    known.map(|(_, _, pod)| *pod)
}

/// Where a custom resource has a pod, if it has one.
pub const CUSTOM: PodKind = PodKind { template: SPEC_TEMPLATE, ends: false };

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
