//! `namePrefix` and `nameSuffix`: objects get other names, and what refers to them follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Value, ValueKind};

use super::{Builder, string, with};
use crate::model::kubernetes::tree::{get, string_at, text};

/// Kinds that keep their names.
const FIXED: [&str; 3] = ["CustomResourceDefinition", "APIService", "Namespace"];

/// How deep an object is searched for references.
const MOST_DEEP: usize = 64;

/// New names by kind and old name.
type Names = BTreeMap<(String, String), String>;

impl Builder<'_> {
    /// Gives the objects the names that a kustomization asks for.
    pub(super) fn renamed(&mut self, root: &Arc<Value>, objects: &mut [Arc<Value>]) {
        let affix = |key: &str| get(root, key).and_then(|value| text(value)).unwrap_or_default().to_owned();
        let (before, after) = (affix("namePrefix"), affix("nameSuffix"));
        if before.is_empty() && after.is_empty() {
            return;
        }
        let mut names = Names::new();
        for object in objects.iter_mut() {
            let Some(kind) = string_at(object, &["kind"]).filter(|kind| !FIXED.contains(kind)) else {
                continue;
            };
            let (Some(metadata), Some(old)) =
                (get(object, "metadata"), string_at(object, &["metadata", "name"]))
            else {
                continue;
            };
            let new = format!("{before}{old}{after}");
            let mut former = self.former.remove(&(kind.to_owned(), old.to_owned())).unwrap_or_default();
            former.push(old.to_owned());
            self.former.insert((kind.to_owned(), new.clone()), former);
            names.insert((kind.to_owned(), old.to_owned()), new.clone());
            let origin = get(metadata, "name").map_or(metadata.origin, |name| name.origin);
            let metadata = with(metadata, "name", origin, string(&new, origin));
            *object = with(object, "metadata", metadata.origin, Arc::clone(&metadata));
        }
        for object in objects {
            *object = followed(object, &names, 0);
        }
    }
}

/// The same value with references to objects by their new names.
fn followed(value: &Arc<Value>, names: &Names, depth: usize) -> Arc<Value> {
    if depth > MOST_DEEP {
        return Arc::clone(value);
    }
    let kind = match &value.kind {
        ValueKind::Mapping(mapping) => {
            let entries = mapping.entries.iter().map(|entry| {
                let new = match referred(value, entry) {
                    Some(kind) => renamed(&entry.value, kind, names),
                    None => followed(&entry.value, names, depth + 1),
                };
                Entry { value: new, ..entry.clone() }
            });
            ValueKind::Mapping(Mapping { entries: entries.collect() })
        }
        ValueKind::Sequence(items) => {
            ValueKind::Sequence(items.iter().map(|item| followed(item, names, depth + 1)).collect())
        }
        _ => return Arc::clone(value),
    };
    Arc::new(Value { kind, ..(**value).clone() })
}

/// The kind of object that an entry refers to: by its key, or by the `kind` beside a `name`.
fn referred<'v>(holder: &'v Value, entry: &'v Entry) -> Option<&'v str> {
    Some(match &*entry.key {
        "serviceAccountName" | "serviceAccount" => "ServiceAccount",
        "configMapRef" | "configMapKeyRef" | "configMap" => "ConfigMap",
        "secretRef" | "secretKeyRef" | "secret" | "imagePullSecrets" | "secretName" => "Secret",
        "persistentVolumeClaim" => "PersistentVolumeClaim",
        // `roleRef`, `subjects`, `scaleTargetRef` say which kind they mean; an object's own `metadata` has no kind beside its name.
        "name" => string_at(holder, &["kind"])?,
        _ => return None,
    })
}

/// A name, or what has one, with the new name.
fn renamed(value: &Arc<Value>, kind: &str, names: &Names) -> Arc<Value> {
    match &value.kind {
        ValueKind::Scalar(_) => {
            let new = text(value).and_then(|old| names.get(&(kind.to_owned(), old.to_owned())));
            new.map_or_else(|| Arc::clone(value), |new| string(new, value.origin))
        }
        ValueKind::Sequence(items) => {
            let items = items.iter().map(|item| renamed(item, kind, names)).collect();
            Arc::new(Value { kind: ValueKind::Sequence(items), ..(**value).clone() })
        }
        ValueKind::Mapping(_) => {
            let mut new = Arc::clone(value);
            for key in ["name", "secretName", "claimName"] {
                if let Some(name) = get(value, key) {
                    new = with(&new, key, name.origin, renamed(name, kind, names));
                }
            }
            new
        }
        ValueKind::Null => Arc::clone(value),
    }
}
