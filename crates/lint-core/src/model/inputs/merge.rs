//! What several files say of one thing, the later ones on top.

use lint_parser::compose::value::{Value, ValueKind};

use crate::model::inputs::tree::{self, Map};

/// Adds what a file says, by its number, to what those before it say.
pub(super) fn add(service: &mut Map, more: Map, taken_back: &[&str], number: usize) {
    if number > 0 {
        taken_back.iter().for_each(|key| service.remove(key));
    }
    for mut entry in more.into_entries() {
        tree::renumber(&mut entry, number);
        let known = service.take(&entry.key);
        let Some(mut known) = known else {
            service.add(entry);
            continue;
        };
        let key = entry.key.to_string();
        let old = known.value.clone();
        match (&old.kind, &entry.value.kind) {
            (ValueKind::Sequence(before), ValueKind::Sequence(after))
                if !matches!(&*key, "command" | "entrypoint") =>
            {
                let is_kept = |item: &Value| {
                    key != "security_opt" || !after.iter().any(|other| is_same_option(item, other))
                };
                let kept = before.iter().filter(|item| is_kept(item)).cloned();
                let items = kept.chain(after.iter().cloned()).collect();
                known.value = tree::with(&old, ValueKind::Sequence(items));
                service.add(known);
            }
            (ValueKind::Mapping(_), ValueKind::Mapping(_)) if key == "build" => {
                let mut both = Map::of(&old);
                add(&mut both, Map::of(&entry.value), &[], 0);
                known.value = tree::with(&old, both.into_kind());
                service.add(known);
            }
            (ValueKind::Mapping(_), ValueKind::Mapping(after)) => {
                let mut both = Map::of(&old);
                after.entries.iter().for_each(|entry| both.add(entry.clone()));
                known.value = tree::with(&old, both.into_kind());
                service.add(known);
            }
            _ => service.add(entry),
        }
    }
}

/// Whether two options of `--security-opt` come from keys of which the last counts.
fn is_same_option(one: &Value, other: &Value) -> bool {
    let name = |value: &Value| {
        let text = value.as_scalar()?.text.text().to_owned();
        let name = text.split(['=', ':']).next()?.to_owned();
        matches!(name.as_str(), "no-new-privileges" | "seccomp" | "apparmor").then_some(name)
    };
    name(one).is_some_and(|one| name(other).is_some_and(|other| one == other))
}
