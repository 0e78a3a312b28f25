//! `replacements`: a field of one object becomes a field of others.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Value, ValueKind};

use super::targets::Target;
use super::{Builder, string};
use crate::files::join;
use crate::model::kubernetes::tree::{at, get, integer, is_mapping, list, string_at, text};

impl Builder<'_> {
    /// Carries the replacements of a kustomization out.
    pub(super) fn replaced(&mut self, path: &str, root: &Arc<Value>, home: &str, objects: &mut [Arc<Value>]) {
        let mut all: Vec<Arc<Value>> = Vec::new();
        for item in list(root, "replacements") {
            match string_at(item, &["path"]) {
                None => all.push(Arc::clone(item)),
                Some(file) => {
                    let documents = self.open(&join(home, file)).unwrap_or_default();
                    for document in &documents {
                        match &document.kind {
                            ValueKind::Sequence(items) => all.extend(items.iter().cloned()),
                            _ => all.push(Arc::clone(document)),
                        }
                    }
                    if documents.is_empty() {
                        self.unread(path, file);
                    }
                }
            }
        }
        for replacement in all {
            if self.replace(&replacement, objects).is_none() {
                self.unread(path, "replacements");
            }
        }
    }

    /// Carries one out; `None` where that is not known to be what Kustomize does.
    fn replace(&self, replacement: &Arc<Value>, objects: &mut [Arc<Value>]) -> Option<()> {
        let source = get(replacement, "source")?;
        let from =
            objects.iter().find(|object| is_mapping(object) && self.is_meant(object, Target::of(source)))?;
        let field = string_at(source, &["fieldPath"]).unwrap_or("metadata.name");
        let found = all_at(from, &steps(field)).into_iter().next()?;
        let found = part(&found, get(source, "options"))?;
        for target in list(replacement, "targets") {
            let wanted = Target::of(get(target, "select")?);
            let rejected = list(target, "reject");
            let options = get(target, "options");
            for object in objects.iter_mut().filter(|object| is_mapping(object)) {
                let is_rejected = rejected.iter().any(|one| self.is_meant(object, Target::of(one)));
                if is_rejected || !self.is_meant(object, wanted) {
                    continue;
                }
                let fields = list(target, "fieldPaths").iter().filter_map(|field| text(field));
                for field in
                    if fields.clone().next().is_none() { vec!["metadata.name"] } else { fields.collect() }
                {
                    *object = changed(object, &steps(field), &found, options)?;
                }
            }
        }
        Some(())
    }
}

/// The parts of a path: `a.b.[name=c].d`, where `\\.` is a dot in a key.
fn steps(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut chars = path.chars().peekable();
    let mut in_brackets = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'.') => {
                chars.next();
                steps.last_mut().into_iter().for_each(|step| step.push('.'));
            }
            '.' if !in_brackets => steps.push(String::new()),
            _ => {
                in_brackets = c == '[' || in_brackets && c != ']';
                steps.last_mut().into_iter().for_each(|step| step.push(c));
            }
        }
    }
    steps.retain(|step| !step.is_empty());
    steps
}

/// Which items of a list a step means.
fn is_item(step: &str, index: usize, item: &Value) -> bool {
    if step == "*" || step.parse() == Ok(index) {
        return true;
    }
    let inner = step.strip_prefix('[').and_then(|step| step.strip_suffix(']'));
    inner.and_then(|inner| inner.split_once('=')).is_some_and(|(key, value)| {
        at(item, &key.split('.').collect::<Vec<_>>()).and_then(|own| text(own)) == Some(value)
    })
}

fn all_at(value: &Arc<Value>, steps: &[String]) -> Vec<Arc<Value>> {
    let Some((first, rest)) = steps.split_first() else { return vec![Arc::clone(value)] };
    match &value.kind {
        ValueKind::Mapping(_) => get(value, first).map(|value| all_at(value, rest)).unwrap_or_default(),
        ValueKind::Sequence(items) => items
            .iter()
            .enumerate()
            .filter(|(index, item)| is_item(first, *index, item))
            .flat_map(|(_, item)| all_at(item, rest))
            .collect(),
        _ => Vec::new(),
    }
}

/// The part of a value that `delimiter` and `index` cut out.
fn part(value: &Arc<Value>, options: Option<&Arc<Value>>) -> Option<Arc<Value>> {
    let Some((delimiter, index)) = cut(options) else { return Some(Arc::clone(value)) };
    let piece = text(value)?.split(delimiter).nth(usize::try_from(index).ok()?)?.to_owned();
    Some(string(&piece, value.origin))
}

fn cut(options: Option<&Arc<Value>>) -> Option<(&str, i64)> {
    let options = options?;
    let delimiter = string_at(options, &["delimiter"]).filter(|delimiter| !delimiter.is_empty())?;
    Some((delimiter, get(options, "index").and_then(|index| integer(index)).unwrap_or(0)))
}

/// The value with what stands at a path replaced. A path that leads nowhere changes nothing, unless it is to be made.
fn changed(
    value: &Arc<Value>,
    steps: &[String],
    new: &Arc<Value>,
    options: Option<&Arc<Value>>,
) -> Option<Arc<Value>> {
    let Some((first, rest)) = steps.split_first() else {
        let Some((delimiter, index)) = cut(options) else { return Some(Arc::clone(new)) };
        let old = text(value)?;
        let mut pieces: Vec<&str> = old.split(delimiter).collect();
        *pieces.get_mut(usize::try_from(index).ok()?)? = text(new)?;
        return Some(string(&pieces.join(delimiter), new.origin));
    };
    let kind = match &value.kind {
        ValueKind::Mapping(mapping) => {
            let mut entries = mapping.entries.clone();
            match entries.iter_mut().find(|entry| *entry.key == **first) {
                Some(entry) => entry.value = changed(&entry.value, rest, new, options)?,
                None if rest.is_empty() => {
                    let key = Arc::from(first.as_str());
                    entries.push(Entry { key, key_origin: new.origin, value: Arc::clone(new), via: None });
                }
                None => return None,
            }
            ValueKind::Mapping(Mapping { entries })
        }
        ValueKind::Sequence(items) => {
            let mut items = items.clone();
            for (index, item) in items.iter_mut().enumerate() {
                if is_item(first, index, item) {
                    *item = changed(item, rest, new, options)?;
                }
            }
            ValueKind::Sequence(items)
        }
        _ => return None,
    };
    Some(Arc::new(Value { kind, ..(**value).clone() }))
}
