//! What Compose asks of the top-level resources of a project, and of an included one before it is merged with the one that
//! includes it.

use std::collections::HashMap;

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Attribute, Field, Text};
use lint_parser::compose::ast::resource::External;
use lint_parser::compose::value::{Value, ValueKind};

use crate::model::project::fault::{About, Fault};

pub(super) fn check(spec: &ast::Project, project: &Value, faults: &mut Vec<Fault>) {
    names(spec, faults);
    for named in spec.secrets.iter().flat_map(|map| &map.value.entries) {
        let spec = &named.field.value;
        let sources = [("file", &spec.file), ("environment", &spec.environment)];
        let free = spec.driver.is_some() || !spec.rest.invalid.is_empty();
        source(&format!("secrets.{}", named.name), &named.field, &sources, &spec.external, free, faults);
    }
    for named in spec.configs.iter().flat_map(|map| &map.value.entries) {
        let spec = &named.field.value;
        let sources = [("file", &spec.file), ("environment", &spec.environment), ("content", &spec.content)];
        let free = !spec.rest.invalid.is_empty();
        source(&format!("configs.{}", named.name), &named.field, &sources, &spec.external, free, faults);
    }
    let volumes = project.get("volumes").map(|volumes| &volumes.value.kind);
    let Some(ValueKind::Mapping(written)) = volumes else { return };
    let written: HashMap<&str, &Value> =
        written.entries.iter().map(|entry| (&*entry.key, &*entry.value)).collect();
    for named in spec.volumes.iter().flat_map(|map| &map.value.entries) {
        if let Some(volume) = written.get(&*named.name) {
            external(&format!("volumes.{}", named.name), volume, &named.field.value.external, faults);
        }
    }
}

/// What exists already has one name, under `name` or, as it once was, under `external`.
fn names(spec: &ast::Project, faults: &mut Vec<Fault>) {
    let mut check = |path: String, name: &Attribute<Text>, external: &Attribute<External>| {
        let Some((name, outside)) = name.as_ref().zip(external.as_ref().and_then(|e| e.value.name.as_ref()))
        else {
            return;
        };
        let (one, other) = (&name.value, &outside.value);
        if !one.is_unknown() && !other.is_unknown() && one.as_str() != other.as_str() {
            let message = format!("{path}: name and external.name conflict; only use name");
            let fault = Fault::new(About::Conflict, name.key, message);
            faults.push(fault.with_label(outside.key, "the other one"));
        }
    };
    for named in spec.networks.iter().flat_map(|map| &map.value.entries) {
        check(format!("networks.{}", named.name), &named.field.value.name, &named.field.value.external);
    }
    for named in spec.volumes.iter().flat_map(|map| &map.value.entries) {
        check(format!("volumes.{}", named.name), &named.field.value.name, &named.field.value.external);
    }
    for named in spec.secrets.iter().flat_map(|map| &map.value.entries) {
        check(format!("secrets.{}", named.name), &named.field.value.name, &named.field.value.external);
    }
    for named in spec.configs.iter().flat_map(|map| &map.value.entries) {
        check(format!("configs.{}", named.name), &named.field.value.name, &named.field.value.external);
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
