//! A Kubernetes object: what every one of them has.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::kubernetes::kinds::{self, Template};
use crate::model::kubernetes::recognise::{is_k3s_key, split};
use crate::model::kubernetes::steps;
use crate::model::kubernetes::tree::{self, string_at};
use crate::settings::DeclaredPodKind;

/// An object of a manifest.
#[derive(Clone, Debug)]
pub struct Object {
    /// The files that it stands in, by their numbers: one, unless it was made of several.
    pub files: Arc<[SourceFile]>,
    /// All of it.
    pub value: Arc<Value>,
    /// `apps` of `apps/v1`; empty for the core.
    pub group: String,
    /// `v1` of `apps/v1`.
    pub version: String,
    /// `Deployment`
    pub kind: String,
    /// `metadata.name`, or the beginning of one that the API server makes up.
    pub name: String,
    /// `metadata.namespace`
    pub namespace: Option<String>,
    /// The pods that it holds, or that are put together of its parts.
    pub pods: Vec<Template>,
    /// Whether it is a part of an object that is patched: what it lacks says nothing.
    pub partial: bool,
    /// Whether it is a patch in the configuration of kind, whose clusters are for tests.
    pub is_patch_of_kind: bool,
}

impl Object {
    /// Reads an object; `None` when it has no kind or no version.
    #[must_use]
    pub fn of(files: &Arc<[SourceFile]>, value: &Arc<Value>) -> Option<Self> {
        let api_version = string_at(value, &["apiVersion"])?;
        let kind = string_at(value, &["kind"]).filter(|kind| !kind.is_empty())?;
        let (group, version) = split(api_version)?;
        let metadata = |name| string_at(value, &["metadata", name]);
        let mut pods = kinds::templates(group, kind, value);
        pods.extend(steps::pods(group, kind, value));
        let name = metadata("name").or_else(|| metadata("generateName")).unwrap_or_default();
        Some(Self {
            files: Arc::clone(files),
            value: Arc::clone(value),
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            namespace: metadata("namespace").filter(|name| !name.is_empty()).map(str::to_owned),
            partial: pods.iter().any(|pod| pod.is_completed),
            pods,
            is_patch_of_kind: false,
        })
    }

    /// Adds the pods that it holds by what somebody has said of its kind.
    pub fn add_pods_of(&mut self, kinds: &[DeclaredPodKind]) {
        for pod in kinds::named_templates(kinds, &self.group, &self.kind, &self.value) {
            if !self.pods.iter().any(|known| known.path == pod.path) {
                self.pods.push(pod);
            }
        }
    }

    /// The configuration of k3s, RKE2 or Talos, which is no object of the API and is judged like one; `None` when it is something else.
    #[must_use]
    pub fn of_distribution(files: &Arc<[SourceFile]>, value: &Arc<Value>) -> Option<Self> {
        if value.get("apiVersion").is_some() {
            return None;
        }
        let has_flags =
            || tree::entries(value).iter().any(|entry| is_k3s_key(entry.key.trim_end_matches('+')));
        let is_talos =
            tree::get(value, "machine").is_some() && string_at(value, &["version"]) == Some("v1alpha1");
        let group = match is_talos {
            true => "talos.dev",
            false if has_flags() => "k3s.io",
            false => return None,
        };
        Some(Self::plain(files, value, group, "Config"))
    }

    /// A patch of kubeadm's configuration, which kind knows by its `kind` alone.
    #[must_use]
    pub fn of_kubeadm_patch(files: &Arc<[SourceFile]>, value: &Arc<Value>) -> Option<Self> {
        let kind = string_at(value, &["kind"])?;
        let group = match kind {
            "KubeletConfiguration" => "kubelet.config.k8s.io",
            "KubeProxyConfiguration" => "kubeproxy.config.k8s.io",
            _ => "kubeadm.k8s.io",
        };
        Some(Self::plain(files, value, group, kind))
    }

    fn plain(files: &Arc<[SourceFile]>, value: &Arc<Value>, group: &str, kind: &str) -> Self {
        Self {
            files: Arc::clone(files),
            value: Arc::clone(value),
            group: group.to_owned(),
            version: String::new(),
            kind: kind.to_owned(),
            name: String::new(),
            namespace: None,
            pods: Vec::new(),
            partial: false,
            is_patch_of_kind: false,
        }
    }

    /// Whether it is of a group and a kind.
    #[must_use]
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }

    /// The place of something in it.
    #[must_use]
    pub fn place(&self, origin: Origin) -> Place {
        match self.files.get(origin.source.0 as usize).or_else(|| self.files.first()) {
            Some(file) => Place::new(file, origin.span),
            None => Place::new(&SourceFile::new("", ""), Span::at(0)),
        }
    }

    /// Where a finding about what it lacks points: its name, or else its kind.
    #[must_use]
    pub fn head(&self) -> Origin {
        let name =
            tree::entry(&self.value, &["metadata", "name"]).or_else(|| tree::entry(&self.value, &["kind"]));
        name.map_or(self.value.origin, |entry| entry.value.origin)
    }

    /// Where a comment stands that is for all of it: above its first line, its kind, its metadata or its name.
    pub fn heads(&self) -> impl Iterator<Item = Origin> {
        let first = tree::entries(&self.value).first().map(|entry| entry.key_origin);
        let keys = ["kind", "metadata"].into_iter().filter_map(|key| Some(self.value.get(key)?.key_origin));
        std::iter::once(self.head()).chain(first).chain(keys)
    }

    /// `Deployment web`
    #[must_use]
    pub fn title(&self) -> String {
        if self.name.is_empty() { self.kind.clone() } else { format!("{} {}", self.kind, self.name) }
    }
}
