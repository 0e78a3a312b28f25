//! A pod as its manifest says it, wherever that stands.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::finding::label::Place;
use crate::model::kubernetes::kinds::Template;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::tree::{self, at, boolean_at, get, string_at};

/// A pod, or the template of one.
#[derive(Clone, Debug)]
pub struct Pod<'a> {
    /// The object that holds it.
    pub object: &'a Object,
    /// Whether it is meant to end by itself, so that nobody probes it.
    pub ends: bool,
    /// Its own metadata: that of the template, where there is one.
    pub metadata: Option<&'a Arc<Value>>,
    /// Its `spec`.
    pub spec: &'a Arc<Value>,
    /// The way to its `spec`: `spec.template.spec`.
    pub path: String,
}

/// Which list of a pod a container stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `initContainers`, run one after the other before the others.
    Init,
    /// `initContainers` with `restartPolicy: Always`: it starts first and stays.
    Sidecar,
    /// `containers`
    Main,
    /// `ephemeralContainers`, which no manifest that creates a pod may have.
    Ephemeral,
}

/// A container of a pod.
#[derive(Clone, Debug)]
pub struct PodContainer<'a> {
    /// The list that it stands in.
    pub role: Role,
    /// What it says.
    pub value: &'a Arc<Value>,
    /// The way to it: `spec.containers[0]`.
    pub path: String,
}

/// The lists of containers, in the order in which Pod Security visits them.
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

impl<'a> Pod<'a> {
    /// The pods that an object holds: one, but for kinds that make several.
    #[must_use]
    pub fn all_of(object: &'a Object) -> Vec<Self> {
        object.pods.iter().map(|pod| Self::in_template(object, pod)).collect()
    }

    /// The first pod that an object holds.
    #[must_use]
    pub fn of(object: &'a Object) -> Option<Self> {
        object.pods.first().map(|pod| Self::in_template(object, pod))
    }

    fn in_template(object: &'a Object, pod: &'a Template) -> Self {
        Self {
            object,
            ends: pod.ends,
            metadata: pod.metadata.as_ref(),
            spec: &pod.spec,
            path: pod.path.clone(),
        }
    }

    /// Whether it is the object itself, and no template in another.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.object.is("", "Pod")
    }

    /// Its containers, of all lists.
    #[must_use]
    pub fn containers(&self) -> Vec<PodContainer<'a>> {
        let of_list = |list: &'static str| {
            tree::list(self.spec, list).iter().enumerate().filter(|(_, item)| tree::is_mapping(item)).map(
                move |(index, value)| {
                    let role = match list {
                        "initContainers" if string_at(value, &["restartPolicy"]) == Some("Always") => {
                            Role::Sidecar
                        }
                        "initContainers" => Role::Init,
                        "ephemeralContainers" => Role::Ephemeral,
                        _ => Role::Main,
                    };
                    PodContainer { role, value, path: format!("{}.{list}[{index}]", self.path) }
                },
            )
        };
        LISTS.into_iter().flat_map(of_list).collect()
    }

    /// What a container is called among those of the run: by its object, and by itself where that has several.
    #[must_use]
    pub fn service_name(&self, container: &PodContainer<'_>) -> String {
        let object = &self.object.name;
        match (object.is_empty(), container.name()) {
            (true, name) => name.to_owned(),
            (false, name) if name.is_empty() || name == object => object.clone(),
            (false, name) => format!("{object}.{name}"),
        }
    }

    /// The value at a path below its `spec`.
    #[must_use]
    pub fn at(&self, names: &[&str]) -> Option<&'a Arc<Value>> {
        at(self.spec, names)
    }

    /// The boolean at a path below its `spec`.
    #[must_use]
    pub fn boolean(&self, names: &[&str]) -> Option<bool> {
        boolean_at(self.spec, names)
    }

    /// What holds for a container of a field that both contexts have: its own value, or else the pod's.
    #[must_use]
    pub fn effective(&self, container: &PodContainer<'a>, name: &str) -> Option<&'a Arc<Value>> {
        container.security(&[name]).or_else(|| self.at(&["securityContext", name]))
    }

    /// Whether it says that it runs on Windows.
    #[must_use]
    pub fn is_windows(&self) -> bool {
        string_at(self.spec, &["os", "name"]) == Some("windows")
    }

    /// Whether it certainly runs on Windows, by what it says of itself or of its node. The first alone counts for the API server.
    #[must_use]
    pub fn is_for_windows(&self) -> bool {
        let selected = ["kubernetes.io/os", "beta.kubernetes.io/os"];
        self.is_windows()
            || selected.iter().any(|label| string_at(self.spec, &["nodeSelector", label]) == Some("windows"))
    }

    /// Whether its users are not those of the node: `hostUsers: false`.
    #[must_use]
    pub fn has_own_users(&self) -> bool {
        self.boolean(&["hostUsers"]) == Some(false)
    }

    /// Its annotations, with their keys.
    pub fn annotations(&self) -> impl Iterator<Item = (&'a str, &'a Arc<Value>, Origin)> {
        let annotations = self.metadata.and_then(|metadata| get(metadata, "annotations"));
        let entries = annotations.map_or(&[][..], |value| tree::entries(value));
        entries.iter().map(|entry| (&*entry.key, &entry.value, entry.key_origin))
    }

    /// The place of something in it.
    #[must_use]
    pub fn place(&self, origin: Origin) -> Place {
        self.object.place(origin)
    }
}

impl<'a> PodContainer<'a> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        string_at(self.value, &["name"]).unwrap_or_default()
    }

    /// The value at a path of its `securityContext`.
    #[must_use]
    pub fn security(&self, names: &[&str]) -> Option<&'a Arc<Value>> {
        at(get(self.value, "securityContext")?, names)
    }

    /// The boolean at a path of its `securityContext`.
    #[must_use]
    pub fn security_flag(&self, name: &str) -> Option<bool> {
        self.security(&[name]).and_then(|value| tree::boolean(value))
    }

    /// Where a finding about what it lacks points: its name.
    #[must_use]
    pub fn head(&self) -> Origin {
        tree::origin_of(self.value, &["name"])
    }
}
