//! The fix that a policy suggests: keys of a service, set where the project says them.

use lint_parser::compose::value::Entry;

use crate::finding::fix::Fix;
use crate::model::edits::{Change, Editor, Yaml};
use crate::model::project::Project;
use crate::model::project::input::InputKind;
use crate::model::project::service::Service;
use crate::policies::policy::Written;

/// How deep mappings are gone into.
const DEEPEST: usize = 8;

/// Sets keys of a service. `None` where that cannot be done with certainty.
pub(crate) fn fix(project: &Project, service: &Service, keys: &[(&'static str, Written)]) -> Option<Fix> {
    if project.input.kind != InputKind::Compose {
        return None;
    }
    let editor = project.editor_for(service);
    let mut new: Vec<(&'static str, Yaml)> = Vec::new();
    let mut changes: Vec<Change> = Vec::new();
    for (key, value) in keys {
        match service.value.get(key) {
            None => new.push((key, yaml(value))),
            Some(entry) => changes.extend(changed(&editor, entry, value, 0)?),
        }
    }
    if !new.is_empty() {
        changes.push(editor.add_to_service(service, &new)?);
    }
    let mut changes = changes.into_iter();
    let first = changes.next()?;
    let all = changes.try_fold(first, Change::and)?;
    let names: Vec<String> = keys.iter().map(|(key, _)| format!("`{key}`")).collect();
    Some(all.unsafely(format!("Set {}, as the policy suggests", names.join(", "))))
}

/// What makes an entry say something else. Of a mapping only what the suggestion has.
fn changed(editor: &Editor<'_>, entry: &Entry, value: &Written, depth: usize) -> Option<Vec<Change>> {
    let Written::Map(inner) = value else {
        return editor.replace_value(entry.value.origin, &yaml(value)).map(|change| vec![change]);
    };
    if depth >= DEEPEST {
        return None;
    }
    let mut changes = Vec::new();
    let mut new: Vec<(&'static str, Yaml)> = Vec::new();
    for (key, value) in inner {
        match entry.value.get(key) {
            None => new.push((key, yaml(value))),
            Some(entry) => changes.extend(changed(editor, entry, value, depth + 1)?),
        }
    }
    if !new.is_empty() {
        changes.push(editor.add_to_key(entry.key_origin, &new)?);
    }
    Some(changes)
}

fn yaml(value: &Written) -> Yaml {
    match value {
        Written::Bare(text) => Yaml::Bare(text),
        Written::Text(text) => Yaml::text(text),
        Written::List(items) => Yaml::List(items.iter().map(yaml).collect()),
        Written::Map(entries) => {
            Yaml::Named(entries.iter().map(|(key, value)| ((*key).to_owned(), yaml(value))).collect())
        }
    }
}
