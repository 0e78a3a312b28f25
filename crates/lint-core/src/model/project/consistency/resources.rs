//! Top-level resources that Compose refuses.

use std::collections::HashMap;

use lint_parser::compose::ast::field::{Attribute, Field, Text};
use lint_parser::compose::ast::resource::External;
use lint_parser::compose::value::{Value, ValueKind};

use crate::model::project::consistency::known;
use crate::model::project::effective::Project;
use crate::model::project::fault::{About, Fault};

pub(super) fn check(project: &Project, faults: &mut Vec<Fault>) {
    for named in project.spec.secrets.iter().flat_map(|map| &map.value.entries) {
        let spec = &named.field.value;
        let sources = [("file", &spec.file), ("environment", &spec.environment)];
        let free = spec.driver.is_some() || !spec.rest.invalid.is_empty();
        source(&format!("secrets.{}", named.name), &named.field, &sources, &spec.external, free, faults);
        let is_internal = spec.external.as_ref().is_some_and(|e| e.value.is_external() == Some(false));
        let is_unread = !spec.rest.invalid.is_empty();
        let is_internal = is_internal || (spec.external.is_none() && spec.driver.is_some());
        let is_nowhere = spec.file.is_none() && spec.environment.is_none() && is_internal && !is_unread;
        if is_nowhere || spec.environment.as_ref().is_some_and(|name| known(&name.value) == Some("")) {
            let message = format!("secret \"{}\" must declare either `file` or `environment`", named.name);
            faults.push(Fault::new(About::Conflict, named.field.key, message));
        }
    }
    for named in project.spec.configs.iter().flat_map(|map| &map.value.entries) {
        let spec = &named.field.value;
        let sources = [("file", &spec.file), ("environment", &spec.environment), ("content", &spec.content)];
        let free = !spec.rest.invalid.is_empty();
        source(&format!("configs.{}", named.name), &named.field, &sources, &spec.external, free, faults);
    }
    let volumes = project.value.get("volumes").map(|volumes| &volumes.value.kind);
    let Some(ValueKind::Mapping(written)) = volumes else { return };
    let written: HashMap<&str, &Value> =
        written.entries.iter().map(|entry| (&*entry.key, &*entry.value)).collect();
    for named in project.spec.volumes.iter().flat_map(|map| &map.value.entries) {
        if let Some(volume) = written.get(&*named.name) {
            external(&format!("volumes.{}", named.name), volume, &named.field.value.external, faults);
        }
    }
}

/// A secret or a config has one source.
fn source<T>(
    path: &str,
    field: &Field<T>,
    sources: &[(&str, &Attribute<Text>)],
    external: &Attribute<External>,
    free: bool,
    faults: &mut Vec<Fault>,
) {
    let set: Vec<_> = sources.iter().filter_map(|(_, source)| source.as_deref()).collect();
    let names: Vec<&str> = sources.iter().map(|(name, _)| *name).collect();
    let names = names.join("|");
    match set.as_slice() {
        [first, second, ..] => {
            let message = format!("{path}: {names} attributes are mutually exclusive");
            let fault = Fault::new(About::Conflict, second.key, message);
            faults.push(fault.with_label(first.key, "the other one"));
        }
        [] if external.is_none() && !free => {
            let message = format!("{path}: one of {names} must be set");
            faults.push(Fault::new(About::Conflict, field.key, message));
        }
        _ => {}
    }
}

/// What exists already is not configured here.
fn external(path: &str, value: &Value, external: &Attribute<External>, faults: &mut Vec<Fault>) {
    use lint_parser::compose::value::ValueKind;
    let Some(external) = external else { return };
    if external.value.is_external() != Some(true) {
        return;
    }
    let ValueKind::Mapping(mapping) = &value.kind else { return };
    for entry in &mapping.entries {
        if !matches!(&*entry.key, "name" | "external") && !entry.key.starts_with("x-") {
            let message =
                format!("{path}: conflicting parameters \"external\" and \"{}\" specified", entry.key);
            let fault = Fault::new(About::Conflict, entry.key_origin, message);
            faults.push(fault.with_label(external.key, "it exists already"));
        }
    }
}
