//! The patches of a kustomization: where they are written, and what they are for.

use std::sync::Arc;

use lint_parser::compose::read::read;
use lint_parser::compose::value::{Entry, Mapping, Origin, Scalar, Value, ValueKind};
use lint_parser::yaml;

use super::{Builder, has_label, is_named, json_patch, strategic};
use crate::files::join;
use crate::model::kubernetes::tree::{get, is_mapping, items, list, string_at, text};

impl Builder<'_> {
    /// Applies the patches of a kustomization to objects.
    pub(super) fn patch(&mut self, path: &str, root: &Arc<Value>, home: &str, objects: &mut [Arc<Value>]) {
        for item in list(root, "patchesStrategicMerge") {
            let Some(written) = text(item) else { continue };
            let documents = match written.contains('\n') {
                true => inside(item),
                false => self.open(&join(home, written)).unwrap_or_default(),
            };
            if documents.is_empty() {
                self.missing(path, written);
            }
            documents.iter().for_each(|patch| self.apply(path, patch, None, objects));
        }
        for key in ["patches", "patchesJson6902"] {
            for item in list(root, key) {
                let documents = match (get(item, "patch"), string_at(item, &["path"])) {
                    (Some(patch), _) => inside(patch),
                    (None, Some(file)) => self.open(&join(home, file)).unwrap_or_default(),
                    (None, None) => continue,
                };
                if documents.is_empty() {
                    self.missing(path, string_at(item, &["path"]).unwrap_or("a patch"));
                }
                documents.iter().for_each(|patch| self.apply(path, patch, get(item, "target"), objects));
            }
        }
    }

    fn missing(&mut self, path: &str, written: &str) {
        self.is_open = true;
        self.note(path, format!("`{written}` was not read: nothing is said of what may be missing"));
    }

    fn apply(
        &mut self,
        path: &str,
        patch: &Arc<Value>,
        target: Option<&Arc<Value>>,
        objects: &mut [Arc<Value>],
    ) {
        let is_list = matches!(patch.kind, ValueKind::Sequence(_));
        let is_meant = |object: &Arc<Value>| match target {
            Some(target) => {
                let of = |key: &str| string_at(target, &[key]);
                let labels = of("labelSelector").is_none_or(|selector| has_label(object, selector));
                labels && is_named(object, of("kind"), of("name"), of("namespace"))
            }
            None => {
                let of = |names: &[&str]| string_at(patch, names);
                is_named(object, of(&["kind"]), of(&["metadata", "name"]), of(&["metadata", "namespace"]))
            }
        };
        for object in objects.iter_mut().filter(|object| is_mapping(object)) {
            if !is_meant(object) {
                continue;
            }
            let new = match is_list {
                true => json_patch::patched(object, items(Some(patch))),
                false => match strategic::patched(object, patch) {
                    Some(new) => Some(new),
                    None => {
                        *object = super::mapping(Vec::new(), object.origin);
                        continue;
                    }
                },
            };
            match new {
                // With a target, the name in the patch is nobody's.
                Some(new) if target.is_some() && !is_list => *object = keep_identity(object, &new),
                Some(new) => *object = new,
                None => {
                    self.is_open = true;
                    self.note(path, "a patch does not fit: nothing is said of what may be missing");
                }
            }
        }
    }
}

/// The new object under the name and the kind of the old.
fn keep_identity(old: &Arc<Value>, new: &Arc<Value>) -> Arc<Value> {
    let mut new = Arc::clone(new);
    for key in ["apiVersion", "kind"] {
        if let Some(value) = get(old, key) {
            new = super::with(&new, key, value.origin, Arc::clone(value));
        }
    }
    if let (Some(name), Some(metadata)) =
        (get(old, "metadata").and_then(|m| get(m, "name")), get(&new, "metadata"))
    {
        let metadata = super::with(metadata, "name", name.origin, Arc::clone(name));
        new = super::with(&new, "metadata", metadata.origin, Arc::clone(&metadata));
    }
    new
}

/// The YAML in a text, at its places in the file that the text stands in.
fn inside(outer: &Arc<Value>) -> Vec<Arc<Value>> {
    let Some(scalar) = outer.as_scalar() else { return vec![Arc::clone(outer)] };
    let parsed = yaml::parse(scalar.text.text());
    let values = read(&parsed.tree, outer.origin.source).tree;
    values.iter().map(|value| moved(value, scalar, outer.origin)).collect()
}

fn moved(value: &Value, outer: &Scalar, at: Origin) -> Arc<Value> {
    let place = |origin: Origin| Origin { span: outer.text.span_of(origin.span.range()), ..at };
    let kind = match &value.kind {
        ValueKind::Null => ValueKind::Null,
        ValueKind::Scalar(scalar) => {
            ValueKind::Scalar(Scalar { text: scalar.text.through(&outer.text), ..scalar.clone() })
        }
        ValueKind::Sequence(items) => {
            ValueKind::Sequence(items.iter().map(|item| moved(item, outer, at)).collect())
        }
        ValueKind::Mapping(mapping) => ValueKind::Mapping(Mapping {
            entries: mapping
                .entries
                .iter()
                .map(|entry| Entry {
                    key_origin: place(entry.key_origin),
                    value: moved(&entry.value, outer, at),
                    ..entry.clone()
                })
                .collect(),
        }),
    };
    Arc::new(Value { origin: place(value.origin), kind, mark: value.mark })
}
