//! A Kubernetes object: what every one of them has.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::kubernetes::kinds::{self, PodKind};
use crate::model::kubernetes::recognise::{is_k3s_key, split};
use crate::model::kubernetes::steps;
use crate::model::kubernetes::tree::{self, string_at};

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
    /// The pods that are put together of its parts, where it has no template of one: the way to each, and its `spec`.
    pub made: Vec<(String, Arc<Value>)>,
    /// Whether it is a part of an object that is patched: what it lacks says nothing.
    pub partial: bool,
}

impl Object {
    /// Reads an object; `None` when it has no kind or no version.
    #[must_use]
    pub fn of(files: &Arc<[SourceFile]>, value: &Arc<Value>) -> Option<Self> {
        let api_version = string_at(value, &["apiVersion"])?;
        let kind = string_at(value, &["kind"]).filter(|kind| !kind.is_empty())?;
        let (group, version) = split(api_version)?;
        let metadata = |name| string_at(value, &["metadata", name]);
        let name = metadata("name").or_else(|| metadata("generateName")).unwrap_or_default();
        Some(Self {
            files: Arc::clone(files),
            value: Arc::clone(value),
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            namespace: metadata("namespace").filter(|name| !name.is_empty()).map(str::to_owned),
            made: steps::pods(group, kind, value),
            partial: false,
        })
    }

    /// The configuration of k3s or RKE2, which is no object of the API and is judged like one; `None` when it is something else.
    #[must_use]
    pub fn of_k3s(files: &Arc<[SourceFile]>, value: &Arc<Value>) -> Option<Self> {
        let has_flags = tree::entries(value).iter().any(|entry| is_k3s_key(entry.key.trim_end_matches('+')));
        (has_flags && value.get("apiVersion").is_none()).then(|| Self {
            files: Arc::clone(files),
            value: Arc::clone(value),
            group: "k3s.io".to_owned(),
            version: String::new(),
            kind: "Config".to_owned(),
            name: String::new(),
            namespace: None,
            made: Vec::new(),
            partial: false,
        })
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

    /// The name of the file that an origin is in.
    #[must_use]
    pub fn file_of(&self, origin: Origin) -> &str {
        self.files.get(origin.source.0 as usize).map_or("", |file| file.name())
    }

    /// Where a finding about what it lacks points: its name, or else its kind.
    #[must_use]
    pub fn head(&self) -> Origin {
        let name =
            tree::entry(&self.value, &["metadata", "name"]).or_else(|| tree::entry(&self.value, &["kind"]));
        name.map_or(self.value.origin, |entry| entry.value.origin)
    }

    /// `Deployment web`
    #[must_use]
    pub fn title(&self) -> String {
        if self.name.is_empty() { self.kind.clone() } else { format!("{} {}", self.kind, self.name) }
    }

    /// Where its kind has a pod, if it holds one.
    #[must_use]
    pub fn pod_kind(&self) -> Option<PodKind> {
        kinds::pod_of(&self.group, &self.kind).or_else(|| {
            let is_custom = !kinds::is_built_in(&self.group);
            (is_custom && self.has_containers()).then_some(kinds::CUSTOM)
        })
    }

    /// Whether a custom resource holds containers as a template of pods does: each has a name and an image.
    fn has_containers(&self) -> bool {
        let containers = tree::items(tree::at(&self.value, &["spec", "template", "spec", "containers"]));
        let is_container =
            |item: &Arc<Value>| string_at(item, &["name"]).is_some() && string_at(item, &["image"]).is_some();
        !containers.is_empty() && containers.iter().all(is_container)
    }
}
