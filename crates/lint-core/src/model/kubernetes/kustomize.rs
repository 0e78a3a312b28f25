//! Kustomize, as far as local files show: a base and what overlays make of it, each value knowing the file that says it.
//!
//! Resources, components, patches of both kinds, images, the namespace and the generators' literals are evaluated. What comes from the
//! network or is made by a plug-in is not, and of what it would change nothing is claimed.

mod generators;
mod json_patch;
mod labels;
mod names;
mod patches;
mod replacements;
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lint_parser::compose::read::read;
use lint_parser::compose::value::{Entry, Mapping, Origin, SourceId, Value, ValueKind};
use lint_parser::text::source::SourceFile;
use lint_parser::yaml;
use lint_parser::yaml::node::Stream;

use crate::files::{FileError, directory, join};
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::tree::{get, is_mapping, list, string_at, text};

/// How deep bases may lie below overlays.
const MOST_LEVELS: usize = 16;

/// How many objects a build may have.
const MOST_OBJECTS: usize = 10_000;

/// The names that Kustomize looks for in a directory.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// Whether a file is one of Kustomize's, by its name.
#[must_use]
pub fn is_kustomization(path: &str) -> bool {
    let name = crate::files::file_name(path);
    NAMES.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// What a kustomization comes to.
#[derive(Clone, Debug)]
pub struct Built {
    /// The objects, and the files that they come from.
    pub manifest: Manifest,
    /// The comments of each file.
    pub streams: Vec<(SourceFile, Stream)>,
    /// Every file that took part, by its path.
    pub used: BTreeSet<String>,
    /// What could not be evaluated.
    pub notes: Vec<(String, String)>,
}

/// The files that a kustomization names, without those that they name: paths, as far as they are local.
#[must_use]
pub fn named(file: &SourceFile) -> Vec<String> {
    let root = documents(file, SourceId::default()).0;
    let home = directory(file.name()).to_owned();
    let mut paths = Vec::new();
    for root in &root {
        for key in ["resources", "bases", "components", "crds", "patchesStrategicMerge"] {
            paths.extend(list(root, key).iter().filter_map(|item| text(item)).map(str::to_owned));
        }
        for key in ["patches", "patchesJson6902"] {
            paths.extend(
                list(root, key).iter().filter_map(|patch| string_at(patch, &["path"])).map(str::to_owned),
            );
        }
        for key in ["generators", "transformers", "validators", "configurations"] {
            paths.extend(list(root, key).iter().filter_map(|item| text(item)).map(str::to_owned));
        }
    }
    paths.retain(|path| is_local(path));
    paths.into_iter().map(|path| join(&home, &path)).collect()
}

/// Whether a resource lies on this machine.
fn is_local(path: &str) -> bool {
    !(path.contains("://")
        || path.starts_with("github.com")
        || path.starts_with("git@")
        || path.contains("?ref=")
        || path.contains('\n'))
}

/// Evaluates a kustomization.
#[must_use]
pub fn build(path: &str, read: &dyn Fn(&str) -> Result<SourceFile, FileError>) -> Option<Built> {
    let mut builder = Builder {
        read,
        files: Vec::new(),
        streams: Vec::new(),
        numbers: BTreeMap::new(),
        notes: Vec::new(),
        is_open: false,
        former: BTreeMap::new(),
    };
    let values = builder.kustomization(path, 0)?;
    let Builder { files, streams, numbers, notes, is_open, .. } = builder;
    let first = files.first()?.clone();
    let files: Arc<[SourceFile]> = Arc::from(files);
    let objects = values.iter().take(MOST_OBJECTS).filter_map(|value| Object::of(&files, value));
    let objects = objects.map(|object| Object { partial: is_open, ..object }).collect();
    let manifest = Manifest {
        file: first,
        files,
        stream: Stream::default(),
        documents: Vec::new(),
        objects,
        errors: Vec::new(),
        is_template: false,
    };
    let used = numbers.into_keys().collect();
    Some(Built { manifest, streams, used, notes })
}

struct Builder<'r> {
    read: &'r dyn Fn(&str) -> Result<SourceFile, FileError>,
    files: Vec<SourceFile>,
    streams: Vec<(SourceFile, Stream)>,
    numbers: BTreeMap<String, (SourceId, Vec<Arc<Value>>)>,
    notes: Vec<(String, String)>,
    /// Whether something may change the objects that is not evaluated.
    is_open: bool,
    /// The names that objects had before, by kind and name, for patches that still mean those.
    former: BTreeMap<(String, String), Vec<String>>,
}

fn documents(file: &SourceFile, source: SourceId) -> (Vec<Arc<Value>>, Stream) {
    let parsed = yaml::parse(file.text());
    let values = read(&parsed.tree, source).tree.into_iter().map(Arc::new).collect();
    (values, parsed.tree)
}

impl Builder<'_> {
    /// The documents of a file; read once.
    fn open(&mut self, path: &str) -> Option<Vec<Arc<Value>>> {
        if let Some((_, documents)) = self.numbers.get(path) {
            return Some(documents.clone());
        }
        let file = (self.read)(path).ok()?;
        let source = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let (documents, stream) = documents(&file, source);
        self.files.push(file.clone());
        self.streams.push((file, stream));
        self.numbers.insert(path.to_owned(), (source, documents.clone()));
        Some(documents)
    }

    /// A file that is no YAML, and its number; read once.
    fn open_text(&mut self, path: &str) -> Option<(SourceFile, SourceId)> {
        if let Some((source, _)) = self.numbers.get(path) {
            return Some((self.files.get(source.0 as usize)?.clone(), *source));
        }
        let file = (self.read)(path).ok()?;
        let source = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file.clone());
        self.numbers.insert(path.to_owned(), (source, Vec::new()));
        Some((file, source))
    }

    fn note(&mut self, file: &str, message: impl Into<String>) {
        self.notes.push((file.to_owned(), message.into()));
    }

    /// The objects of a kustomization.
    fn kustomization(&mut self, path: &str, depth: usize) -> Option<Vec<Arc<Value>>> {
        if depth > MOST_LEVELS {
            self.note(path, "not evaluated: bases lie too deep, or refer to one another");
            return None;
        }
        let root = self.open(path)?.into_iter().find(|document| is_mapping(document))?;
        let home = directory(path).to_owned();
        let mut objects = Vec::new();
        for key in ["resources", "bases"] {
            for resource in list(&root, key).iter().filter_map(|item| text(item)) {
                objects.extend(self.resource(path, &join(&home, resource), resource, depth));
            }
        }
        self.generated(&root, &home, &mut objects);
        for component in list(&root, "components").iter().filter_map(|item| text(item)) {
            // A component works on what is there already.
            if let Some(file) = self.in_directory(&join(&home, component))
                && let Some(own) = self.component(&file, objects.clone(), depth + 1)
            {
                objects = own;
            } else {
                self.is_open = true;
                self.note(path, format!("the component `{component}` was not read"));
            }
        }
        self.transform(path, &root, &home, &mut objects);
        Some(objects)
    }

    fn component(
        &mut self,
        path: &str,
        mut objects: Vec<Arc<Value>>,
        depth: usize,
    ) -> Option<Vec<Arc<Value>>> {
        if depth > MOST_LEVELS {
            return None;
        }
        let root = self.open(path)?.into_iter().find(|document| is_mapping(document))?;
        let home = directory(path).to_owned();
        for resource in list(&root, "resources").iter().filter_map(|item| text(item)) {
            objects.extend(self.resource(path, &join(&home, resource), resource, depth));
        }
        self.generated(&root, &home, &mut objects);
        self.transform(path, &root, &home, &mut objects);
        Some(objects)
    }

    /// What a kustomization does to its objects, in the order of Kustomize.
    fn transform(&mut self, path: &str, root: &Arc<Value>, home: &str, objects: &mut [Arc<Value>]) {
        self.patch(path, root, home, objects);
        if let Some(namespace) = get(root, "namespace") {
            objects.iter_mut().for_each(|object| *object = in_namespace(object, namespace));
        }
        self.renamed(root, objects);
        labels::add(root, objects);
        for image in list(root, "images") {
            objects.iter_mut().for_each(|object| *object = with_image(object, image));
        }
        self.replaced(path, root, home, objects);
        for key in ["transformers", "generators", "vars", "helmCharts", "helmChartInflationGenerator"] {
            if !list(root, key).is_empty() {
                self.is_open = true;
                self.note(
                    path,
                    format!("`{key}` were not evaluated: nothing is said of what may be missing"),
                );
            }
        }
    }

    /// A resource: a file, or a directory with a kustomization of its own.
    fn resource(&mut self, from: &str, path: &str, written: &str, depth: usize) -> Vec<Arc<Value>> {
        if !is_local(written) {
            self.note(from, format!("`{written}` was not read: it is not on this machine"));
            return Vec::new();
        }
        if let Some(file) = self.in_directory(path) {
            return self.kustomization(&file, depth + 1).unwrap_or_default();
        }
        match self.open(path) {
            Some(documents) => documents.iter().flat_map(|document| unpacked(document, 0)).collect(),
            None => {
                self.note(from, format!("`{written}` was not read"));
                Vec::new()
            }
        }
    }

    fn in_directory(&self, path: &str) -> Option<String> {
        let last = crate::files::file_name(path);
        if last.ends_with(".yaml") || last.ends_with(".yml") || last.ends_with(".json") {
            return None;
        }
        NAMES.iter().map(|name| join(path, name)).find(|path| (self.read)(path).is_ok())
    }
}

pub(super) fn entry(key: &str, at: Origin, value: Arc<Value>) -> Entry {
    Entry { key: Arc::from(key), key_origin: at, value, via: None }
}

pub(super) fn mapping(entries: Vec<Entry>, origin: Origin) -> Arc<Value> {
    Arc::new(Value { origin, kind: ValueKind::Mapping(Mapping { entries }), mark: None })
}

pub(super) fn string(text: &str, origin: Origin) -> Arc<Value> {
    let scalar = lint_parser::compose::value::Scalar {
        text: lint_parser::text::mapped::Mapped::replaced(text, origin.span),
        kind: lint_parser::compose::value::ScalarKind::String,
        certainty: lint_parser::compose::value::Certainty::Known,
    };
    Arc::new(Value { origin, kind: ValueKind::Scalar(scalar), mark: None })
}

/// The objects of a document, those of lists taken out.
fn unpacked(document: &Arc<Value>, depth: usize) -> Vec<Arc<Value>> {
    let is_list = string_at(document, &["kind"]).is_some_and(|kind| kind.ends_with("List"));
    match is_list && depth < MOST_LEVELS {
        true => list(document, "items").iter().flat_map(|item| unpacked(item, depth + 1)).collect(),
        false if is_mapping(document) => vec![Arc::clone(document)],
        false => Vec::new(),
    }
}

/// The same mapping with another value under a key.
pub(super) fn with(value: &Arc<Value>, key: &str, at: Origin, new: Arc<Value>) -> Arc<Value> {
    let ValueKind::Mapping(mapping) = &value.kind else { return Arc::clone(value) };
    let mut entries = mapping.entries.clone();
    match entries.iter_mut().find(|entry| &*entry.key == key) {
        Some(known) => known.value = new,
        None => entries.push(entry(key, at, new)),
    }
    Arc::new(Value { kind: ValueKind::Mapping(Mapping { entries }), ..(**value).clone() })
}

/// Kinds that are in no namespace.
const OF_CLUSTER: [&str; 14] = [
    "Namespace",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "PersistentVolume",
    "StorageClass",
    "Node",
    "PriorityClass",
    "IngressClass",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "APIService",
];

fn in_namespace(object: &Arc<Value>, namespace: &Arc<Value>) -> Arc<Value> {
    if string_at(object, &["kind"]).is_none_or(|kind| OF_CLUSTER.contains(&kind)) {
        return Arc::clone(object);
    }
    let empty = || mapping(Vec::new(), object.origin);
    let metadata = get(object, "metadata").cloned().unwrap_or_else(empty);
    let metadata = with(&metadata, "namespace", namespace.origin, Arc::clone(namespace));
    with(object, "metadata", object.origin, metadata)
}

/// The same object with an image replaced, wherever containers stand.
fn with_image(object: &Arc<Value>, image: &Arc<Value>) -> Arc<Value> {
    let Some(name) = string_at(image, &["name"]) else { return Arc::clone(object) };
    walk(object, &mut |container| {
        let written = string_at(container, &["image"])?;
        let (repository, rest) = split_image(written);
        if repository != name {
            return None;
        }
        let part =
            |key: &str| get(image, key).filter(|value| text(value).is_some_and(|text| !text.is_empty()));
        let repository = part("newName").and_then(|value| text(value)).unwrap_or(repository);
        let (tag, digest) = (part("newTag"), part("digest"));
        let shown = match (digest, tag) {
            (Some(digest), _) => format!("{repository}@{}", text(digest).unwrap_or_default()),
            (None, Some(tag)) => format!("{repository}:{}", text(tag).unwrap_or_default()),
            (None, None) => format!("{repository}{rest}"),
        };
        let origin = digest.or(tag).or_else(|| part("newName")).map_or(image.origin, |value| value.origin);
        Some(with(container, "image", origin, string(&shown, origin)))
    })
}

/// `registry:5000/a` and `:1` of `registry:5000/a:1`.
fn split_image(image: &str) -> (&str, &str) {
    let at = image.find('@').unwrap_or(image.len());
    let from = image[..at].rfind('/').map_or(0, |slash| slash + 1);
    let end = image[from..at].find(':').map_or(at, |colon| from + colon);
    image.split_at(end)
}

/// Replaces mappings in a tree, in lists of containers.
fn walk(value: &Arc<Value>, replace: &mut dyn FnMut(&Arc<Value>) -> Option<Arc<Value>>) -> Arc<Value> {
    match &value.kind {
        ValueKind::Mapping(mapping) => {
            let entries = mapping.entries.iter().map(|entry| {
                let is_containers =
                    matches!(&*entry.key, "containers" | "initContainers" | "ephemeralContainers");
                let new = match &entry.value.kind {
                    ValueKind::Sequence(items) if is_containers => {
                        let items =
                            items.iter().map(|item| replace(item).unwrap_or_else(|| Arc::clone(item)));
                        Arc::new(Value {
                            kind: ValueKind::Sequence(items.collect()),
                            ..(*entry.value).clone()
                        })
                    }
                    ValueKind::Mapping(_) => walk(&entry.value, replace),
                    _ => Arc::clone(&entry.value),
                };
                Entry { value: new, ..entry.clone() }
            });
            Arc::new(Value {
                kind: ValueKind::Mapping(Mapping { entries: entries.collect() }),
                ..(**value).clone()
            })
        }
        _ => Arc::clone(value),
    }
}
