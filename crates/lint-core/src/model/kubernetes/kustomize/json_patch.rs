//! A patch as RFC 6902 has them: operations at paths.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Value, ValueKind};

use crate::model::kubernetes::tree::{get, string_at};

/// The object after the operations; one that does not fit is left out, and `None` says so.
pub(super) fn patched(object: &Arc<Value>, operations: &[Arc<Value>]) -> Option<Arc<Value>> {
    let mut object = Arc::clone(object);
    for operation in operations {
        let path = string_at(operation, &["path"])?;
        let steps: Vec<String> =
            path.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
        let value = operation.get("value").map(|entry| &entry.value);
        object = match string_at(operation, &["op"])? {
            "add" => changed(&object, &steps, &|_| value.cloned(), true)?,
            "replace" => changed(&object, &steps, &|_| value.cloned(), false)?,
            "remove" => changed(&object, &steps, &|_| None, false)?,
            "test" => object,
            "copy" | "move" => {
                let from = string_at(operation, &["from"])?;
                let from: Vec<String> =
                    from.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
                let found = at(&object, &from)?;
                let without = match string_at(operation, &["op"]) {
                    Some("move") => changed(&object, &from, &|_| None, false)?,
                    _ => object,
                };
                changed(&without, &steps, &|_| Some(Arc::clone(&found)), true)?
            }
            _ => return None,
        };
    }
    Some(object)
}

fn at(value: &Arc<Value>, steps: &[String]) -> Option<Arc<Value>> {
    let Some((first, rest)) = steps.split_first() else { return Some(Arc::clone(value)) };
    match &value.kind {
        ValueKind::Mapping(_) => at(get(value, first)?, rest),
        ValueKind::Sequence(items) => at(items.get(first.parse::<usize>().ok()?)?, rest),
        _ => None,
    }
}

type New<'n> = dyn Fn(&Arc<Value>) -> Option<Arc<Value>> + 'n;

/// The value with what stands at the end of the steps replaced by `new`, or taken away where that is nothing.
fn changed(value: &Arc<Value>, steps: &[String], new: &New<'_>, inserts: bool) -> Option<Arc<Value>> {
    let (first, rest) = steps.split_first()?;
    let kind = match &value.kind {
        ValueKind::Mapping(mapping) => {
            let mut entries = mapping.entries.clone();
            let place = entries.iter().position(|entry| *entry.key == **first);
            match (rest.is_empty(), place) {
                (false, Some(place)) => {
                    let entry = entries.get_mut(place)?;
                    entry.value = changed(&entry.value, rest, new, inserts)?;
                }
                (false, None) => return None,
                (true, Some(place)) => match new(value) {
                    Some(new) => entries.get_mut(place)?.value = new,
                    None => {
                        entries.remove(place);
                    }
                },
                (true, None) => {
                    let new = new(value)?;
                    entries.push(Entry {
                        key: Arc::from(first.as_str()),
                        key_origin: new.origin,
                        value: new,
                        via: None,
                    });
                }
            }
            ValueKind::Mapping(Mapping { entries })
        }
        ValueKind::Sequence(items) => {
            let mut items = items.clone();
            if first == "-" && rest.is_empty() {
                items.push(new(value)?);
            } else {
                let place: usize = first.parse().ok()?;
                match (rest.is_empty(), new(value)) {
                    (false, _) => {
                        let item = items.get_mut(place)?;
                        *item = changed(item, rest, new, inserts)?;
                    }
                    (true, Some(new)) if inserts => {
                        if place > items.len() {
                            return None;
                        }
                        items.insert(place, new);
                    }
                    (true, Some(new)) => *items.get_mut(place)? = new,
                    (true, None) => {
                        if place >= items.len() {
                            return None;
                        }
                        items.remove(place);
                    }
                }
            }
            ValueKind::Sequence(items)
        }
        _ => return None,
    };
    Some(Arc::new(Value { kind, ..(**value).clone() }))
}
