//! The forms that attributes of services must have for Compose to bring them into the long syntax.
//!
//! Of a file that services are extended from, Compose asks this of every service, before it looks for the one that is wanted;
//! what else is wrong with the others is nobody's concern.

use lint_parser::compose::value::{Entry, Mapping, ScalarKind, Value, ValueKind};

use crate::model::project::fault::{About, Fault};

/// Adds what is refused in the services of a file.
pub(super) fn check(root: &Value, faults: &mut Vec<Fault>) {
    let Some(ValueKind::Mapping(services)) = root.get("services").map(|entry| &entry.value.kind) else {
        return;
    };
    for service in &services.entries {
        let ValueKind::Mapping(attributes) = &service.value.kind else { continue };
        for attribute in attributes.entries.iter().filter(|attribute| attribute.value.mark.is_none()) {
            for (value, must) in misshapen(attribute) {
                let message = format!("services.{}.{} {must}", service.key, attribute.key);
                faults.push(Fault::new(About::Schema, value.origin, message).of(&service.key));
            }
        }
    }
}

/// The values of an attribute that have no form it knows, and what they must be.
fn misshapen(attribute: &Entry) -> Vec<(&Value, &'static str)> {
    let value = &*attribute.value;
    let one = |is_right: bool, must| if is_right { Vec::new() } else { vec![(value, must)] };
    match &*attribute.key {
        "build" => one(is_text(value) || is_mapping(value), "must be a string or a mapping"),
        "extends" => one(is_text(value) || is_mapping(value), "must be a string or a mapping"),
        "gpus" => one(is_text(value) || is_list(value), "must be `all` or a list"),
        "env_file" if is_list(value) => {
            items(value, |item| !is_mapping(item) || item.get("path").is_some(), "needs a `path`")
        }
        "env_file" => one(is_text(value), "must be a string or a list"),
        "depends_on" if is_mapping(value) => values(value, is_mapping, "must hold mappings"),
        "depends_on" => one(is_list(value), "must be a list or a mapping"),
        "ports" if is_list(value) => {
            items(value, |item| is_text(item) || is_whole(item) || has(item, "target"), "must be ports")
        }
        "ports" => one(false, "must be a list"),
        "volumes" => items(value, |item| is_text(item) || has(item, "target"), "must be mounts"),
        "devices" => items(value, |item| is_text(item) || is_mapping(item), "must be devices"),
        "secrets" | "configs" => {
            items(value, |item| is_text(item) || is_mapping(item), "must be names or mappings")
        }
        "ulimits" => values(value, |value| is_whole(value) || is_mapping(value), "must be whole numbers"),
        "environment" | "labels" | "label_file" | "dns" => items(value, is_text, "must hold strings"),
        _ => Vec::new(),
    }
}

/// The elements of a list that are not right; none where it is no list.
fn items<'v>(
    value: &'v Value,
    is_right: impl Fn(&Value) -> bool,
    must: &'static str,
) -> Vec<(&'v Value, &'static str)> {
    let ValueKind::Sequence(items) = &value.kind else { return Vec::new() };
    let wrong = items.iter().filter(|item| item.mark.is_none() && !is_right(item));
    wrong.map(|item| (&**item, must)).collect()
}

/// The values of a mapping that are not right.
fn values<'v>(
    value: &'v Value,
    is_right: impl Fn(&Value) -> bool,
    must: &'static str,
) -> Vec<(&'v Value, &'static str)> {
    let ValueKind::Mapping(Mapping { entries, .. }) = &value.kind else { return Vec::new() };
    let wrong = entries.iter().filter(|entry| entry.value.mark.is_none() && !is_right(&entry.value));
    wrong.map(|entry| (&*entry.value, must)).collect()
}

fn is_text(value: &Value) -> bool {
    value.as_scalar().is_some_and(|scalar| scalar.kind == ScalarKind::String)
}

fn is_whole(value: &Value) -> bool {
    // What a variable holds is cast before.
    value.as_scalar().is_some_and(|scalar| matches!(scalar.kind, ScalarKind::Int | ScalarKind::String))
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Sequence(_))
}

fn is_mapping(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Mapping(_))
}

fn has(value: &Value, key: &str) -> bool {
    is_mapping(value) && value.get(key).is_some()
}
