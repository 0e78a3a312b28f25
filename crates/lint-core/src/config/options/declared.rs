//! What a configuration declares besides policies: projects, images, kinds of pods.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::options::list_or::ListOr;

/// A Compose project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, from = "ListOr<StartedProject>")]
#[non_exhaustive]
pub enum ProjectOptions {
    /// Its files alone.
    Files(Vec<String>),
    /// With how it is started.
    Started(StartedProject),
}

/// The files of a Compose project, and how it is started.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StartedProject {
    /// The files, each overriding those before it.
    pub files: Vec<String>,
    /// The project's directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// The profiles that are enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profiles: Option<Vec<String>>,
    /// Variables that whoever starts it sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<BTreeMap<String, String>>,
}

impl From<ListOr<StartedProject>> for ProjectOptions {
    fn from(said: ListOr<StartedProject>) -> Self {
        match said {
            ListOr::List(files) => ProjectOptions::Files(files),
            ListOr::Mapping(started) => ProjectOptions::Started(started),
        }
    }
}

impl ProjectOptions {
    /// With all that can be said of it.
    #[must_use]
    pub fn started(&self) -> StartedProject {
        match self {
            ProjectOptions::Files(files) => {
                StartedProject { files: files.clone(), ..StartedProject::default() }
            }
            ProjectOptions::Started(project) => project.clone(),
        }
    }
}

/// An image, and how it is built.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ImageOptions {
    /// The Dockerfile.
    pub dockerfile: String,
    /// The stage that is built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The build arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<BTreeMap<String, String>>,
    /// The names that it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

/// What cannot be known of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct KubernetesOptions {
    /// Kinds of custom resources that hold pods.
    pub pods: Option<Vec<PodKindOptions>>,
}

/// A kind of custom resources that holds pods.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PodKindOptions {
    /// Its group; any, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The kind.
    pub kind: String,
    /// The way to the `spec` of its pods.
    pub path: String,
}
