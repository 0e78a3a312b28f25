//! The patches of a kustomization: where they are written, and what they are for.

use std::sync::Arc;

use lint_parser::compose::value::{Value, ValueKind};

use super::targets::Target;
use super::{Builder, json_patch};
use crate::files::join;
use crate::model::kubernetes::strategic;
use crate::model::kubernetes::texts::documents_in;
use crate::model::kubernetes::tree::{get, is_mapping, items, list, string_at, text};

impl Builder<'_> {
    /// Applies the patches of a kustomization to objects.
    pub(super) fn patch(&mut self, path: &str, root: &Arc<Value>, home: &str, objects: &mut [Arc<Value>]) {
        for item in list(root, "patchesStrategicMerge") {
            let Some(written) = text(item) else { continue };
            let documents = match written.contains('\n') {
                true => documents_in(item),
                false => self.open(&join(home, written)).unwrap_or_default(),
            };
            if documents.is_empty() {
                self.unread(path, written);
            }
            documents.iter().for_each(|patch| self.apply(path, patch, None, objects));
        }
        for key in ["patches", "patchesJson6902"] {
            for item in list(root, key) {
                let documents = match (get(item, "patch"), string_at(item, &["path"])) {
                    (Some(patch), _) => documents_in(patch),
                    (None, Some(file)) => self.open(&join(home, file)).unwrap_or_default(),
                    (None, None) => continue,
                };
                if documents.is_empty() {
                    self.unread(path, string_at(item, &["path"]).unwrap_or("a patch"));
                }
                documents.iter().for_each(|patch| self.apply(path, patch, get(item, "target"), objects));
            }
        }
    }

    pub(super) fn unread(&mut self, path: &str, written: &str) {
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
        let wanted = match target {
            Some(target) => Target::of(target),
            None => Target::of_patch(patch),
        };
        for object in objects.iter_mut().filter(|object| is_mapping(object)) {
            if !self.is_meant(object, wanted) {
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
                // The name in a patch says what it is for.
                Some(new) if !is_list => *object = keep_identity(object, &new),
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
    for key in ["name", "namespace"] {
        let own = get(old, "metadata").and_then(|metadata| get(metadata, key));
        if let (Some(value), Some(metadata)) = (own, get(&new, "metadata")) {
            let metadata = super::with(metadata, key, value.origin, Arc::clone(value));
            new = super::with(&new, "metadata", metadata.origin, Arc::clone(&metadata));
        }
    }
    new
}
