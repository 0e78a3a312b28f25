//! All manifests of a run side by side: what one object says of another.

use std::collections::{HashMap, HashSet};

use lint_parser::compose::value::Value;

use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::Pod;
use crate::model::kubernetes::tree::{self, boolean_at, entries, get, string_at, text};

/// The manifests of a run.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// Each file.
    pub manifests: Vec<Manifest>,
    /// The objects of a kind and a name: which manifest, and which of its objects.
    index: HashMap<(String, String), Vec<(usize, usize)>>,
    /// The kinds that limit who may talk to a pod, where there are any.
    policies: Vec<(usize, usize)>,
    /// The Services, by the first label that they select pods by.
    services: HashMap<(String, String), Vec<(usize, usize)>>,
    /// The limits that namespaces give to containers without.
    ranges: Vec<(usize, usize)>,
    /// Whether some kubelet filters system calls of containers that ask for no profile.
    has_default_filter: bool,
    /// The names of ConfigMaps that containers take variables from.
    fed: HashSet<String>,
}

/// Kinds that say who may talk to a pod.
const POLICIES: [&str; 6] = [
    "NetworkPolicy",
    "GlobalNetworkPolicy",
    "CiliumNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
];

impl Cluster {
    /// All of these.
    #[must_use]
    pub fn of(manifests: Vec<Manifest>) -> Self {
        let mut cluster = Self { manifests, ..Self::default() };
        for (at, manifest) in cluster.manifests.iter().enumerate() {
            for (index, object) in manifest.objects.iter().enumerate() {
                let key = (object.kind.clone(), object.name.clone());
                cluster.index.entry(key).or_default().push((at, index));
                match (object.group.as_str(), object.kind.as_str()) {
                    ("", "Service") => {
                        if let Some(label) = first_label(object) {
                            cluster.services.entry(label).or_default().push((at, index));
                        }
                    }
                    ("", "LimitRange") => cluster.ranges.push((at, index)),
                    (_, "KubeletConfiguration") => {
                        cluster.has_default_filter |=
                            boolean_at(&object.value, &["seccompDefault"]) == Some(true);
                    }
                    _ => {}
                }
                for pod in &object.pods {
                    cluster.fed.extend(sources_of_variables(&pod.spec));
                }
                if POLICIES.contains(&object.kind.as_str()) {
                    cluster.policies.push((at, index));
                }
            }
        }
        cluster
    }

    /// Whether some container may take variables from a ConfigMap of this name.
    #[must_use]
    pub fn is_taken_from(&self, name: &str) -> bool {
        self.fed.contains(name)
    }

    fn object(&self, (at, index): (usize, usize)) -> Option<&Object> {
        self.manifests.get(at)?.objects.get(index)
    }

    /// Every object.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.manifests.iter().flat_map(|manifest| &manifest.objects)
    }

    /// The objects of a kind and a name that may be those that an object in a namespace means. Where either leaves its namespace
    /// open, whoever applies them says it.
    pub fn named<'c>(
        &'c self,
        kind: &str,
        name: &str,
        namespace: Option<&'c str>,
    ) -> impl Iterator<Item = &'c Object> {
        let found = self.index.get(&(kind.to_owned(), name.to_owned())).map_or(&[][..], Vec::as_slice);
        found
            .iter()
            .filter_map(|at| self.object(*at))
            .filter(move |object| is_same(namespace, object.namespace.as_deref()))
    }

    /// The level that the namespace of a pod enforces, and its version, with the namespace.
    #[must_use]
    pub fn enforced(&self, namespace: &str) -> Option<(&Object, &str, Option<&str>)> {
        let object = self.named("Namespace", namespace, None).next()?;
        let label = |name: &str| string_at(&object.value, &["metadata", "labels", name]);
        let level = label("pod-security.kubernetes.io/enforce")?;
        Some((object, level, label("pod-security.kubernetes.io/enforce-version")))
    }

    /// Whether some policy says who may talk to a pod.
    #[must_use]
    pub fn has_policy_for(&self, pod: &Pod<'_>) -> bool {
        let namespace = pod.object.namespace.as_deref();
        self.policies.iter().filter_map(|at| self.object(*at)).any(|policy| {
            let is_everywhere = policy.kind != "NetworkPolicy" && policy.namespace.is_none();
            (is_everywhere || is_same(namespace, policy.namespace.as_deref()))
                && (policy.kind != "NetworkPolicy" || selects(get(&policy.value, "spec"), "podSelector", pod))
        })
    }

    /// Whether a limit of a kind (`memory`, `cpu`) is given to containers that have none.
    #[must_use]
    pub fn has_default_limit(&self, pod: &Pod<'_>, resource: &str) -> bool {
        let namespace = pod.object.namespace.as_deref();
        let ranges = self.ranges.iter().filter_map(|at| self.object(*at));
        ranges.filter(|range| is_same(namespace, range.namespace.as_deref())).any(|range| {
            let limits = tree::items(tree::at(&range.value, &["spec", "limits"]));
            limits.iter().any(|limit| {
                string_at(limit, &["type"]) == Some("Container")
                    && ["default", "max"].iter().any(|key| tree::at(limit, &[key, resource]).is_some())
            })
        })
    }

    /// The Services that select a pod.
    pub fn services_of<'c>(&'c self, pod: &Pod<'_>) -> impl Iterator<Item = &'c Object> {
        let labels = pod.metadata.and_then(|metadata| get(metadata, "labels"));
        let pairs = labels.map_or(&[][..], |labels| entries(labels)).iter();
        let keys = pairs.filter_map(|entry| Some((entry.key.to_string(), text(&entry.value)?.to_owned())));
        let found: Vec<(usize, usize)> =
            keys.filter_map(|key| self.services.get(&key)).flatten().copied().collect();
        let all = found.into_iter().filter_map(|at| self.object(at));
        let selected = all.filter(|service| {
            let selector = tree::at(&service.value, &["spec", "selector"]);
            is_same(pod.object.namespace.as_deref(), service.namespace.as_deref())
                && selector.is_some_and(|selector| has_labels(entries(selector), labels))
        });
        selected.collect::<Vec<_>>().into_iter()
    }

    /// Whether the kubelets filter system calls of containers that ask for no profile.
    #[must_use]
    pub fn filters_by_default(&self) -> bool {
        self.has_default_filter
    }

    /// Whether the token of its service account is mounted into a pod.
    #[must_use]
    pub fn mounts_token(&self, pod: &Pod<'_>) -> bool {
        if let Some(set) = pod.boolean(&["automountServiceAccountToken"]) {
            return set;
        }
        let named = pod.at(&["serviceAccountName"]).or_else(|| pod.at(&["serviceAccount"]));
        let name = named.and_then(|name| text(name)).filter(|name| !name.is_empty()).unwrap_or("default");
        let accounts = self.named("ServiceAccount", name, pod.object.namespace.as_deref());
        !accounts
            .into_iter()
            .any(|account| boolean_at(&account.value, &["automountServiceAccountToken"]) == Some(false))
    }
}

/// The ConfigMaps that the containers of a pod take variables from.
fn sources_of_variables(spec: &Value) -> Vec<String> {
    let lists = ["containers", "initContainers"].into_iter().flat_map(|list| tree::list(spec, list));
    let mut names = Vec::new();
    for container in lists {
        let all = tree::list(container, "envFrom")
            .iter()
            .filter_map(|source| string_at(source, &["configMapRef", "name"]));
        let single = tree::list(container, "env").iter();
        let single =
            single.filter_map(|variable| string_at(variable, &["valueFrom", "configMapKeyRef", "name"]));
        names.extend(all.chain(single).map(str::to_owned));
    }
    names
}

/// The first label that a Service selects pods by.
fn first_label(service: &Object) -> Option<(String, String)> {
    let selector = tree::at(&service.value, &["spec", "selector"])?;
    let first = entries(selector).first()?;
    Some((first.key.to_string(), text(&first.value)?.to_owned()))
}

/// Whether two namespaces may be the same.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Whether the selector under a key takes in a pod. What is not read here is taken to.
#[must_use]
pub fn selects(spec: Option<&std::sync::Arc<Value>>, key: &str, pod: &Pod<'_>) -> bool {
    let Some(selector) = spec.and_then(|spec| get(spec, key)) else { return true };
    let labels = pod.metadata.and_then(|metadata| get(metadata, "labels"));
    let wanted = get(selector, "matchLabels").map_or(&[][..], |labels| entries(labels));
    has_labels(wanted, labels)
}

/// Whether labels hold all of these.
#[must_use]
fn has_labels(wanted: &[lint_parser::compose::value::Entry], labels: Option<&std::sync::Arc<Value>>) -> bool {
    wanted.iter().all(|entry| {
        let has = labels.and_then(|labels| get(labels, &entry.key)).and_then(|value| text(value));
        has.is_some() && has == text(&entry.value)
    })
}
