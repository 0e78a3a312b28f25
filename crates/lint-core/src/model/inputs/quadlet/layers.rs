//! Drop-ins: the files that are read after a unit, `web.container.d/10-limits.conf`.

use lint_parser::compose::value::{Value, ValueKind};

use crate::files::{directory, file_name};
use crate::model::inputs::tree::{self, Map};

/// How many drop-ins of one unit are read.
const MOST: usize = 64;

/// The sections of Podman's units that have drop-ins, by how the units end.
const KINDS: [&str; 6] = ["container", "pod", "kube", "build", "image", "volume"];

/// Whether a path is that of a drop-in.
pub(super) fn is_drop_in(path: &str) -> bool {
    of_directory(path).is_some()
}

/// The directory that a drop-in's directory lies in, and what that is called without `.d`.
fn of_directory(path: &str) -> Option<(&str, &str)> {
    let own = directory(path);
    let name = file_name(own).strip_suffix(".d")?;
    let extension = name.rsplit_once('.').map_or(name, |(_, extension)| extension);
    (file_name(path).ends_with(".conf") && KINDS.contains(&extension)).then(|| (directory(own), name))
}

/// The files that make the unit which a file is, or is a drop-in of, in the order in which they are read. Other units that the
/// drop-in is one of too are left out.
pub(super) fn of(path: &str, units: &[String]) -> Vec<String> {
    let unit = match of_directory(path) {
        None => Some(path),
        Some((place, name)) => {
            let is_of = |unit: &&str| {
                directory(unit) == place && names(file_name(unit)).iter().any(|own| own == name)
            };
            units.iter().map(String::as_str).filter(is_of).min()
        }
    };
    let Some(unit) = unit else { return vec![path.to_owned()] };
    // Of two of the same name the one in the directory that is told most exactly counts.
    let mut found: Vec<(&str, usize, &str)> = Vec::new();
    for (rank, own) in names(file_name(unit)).iter().enumerate() {
        for drop_in in units.iter().map(String::as_str) {
            if of_directory(drop_in) == Some((directory(unit), own)) {
                found.push((file_name(drop_in), rank, drop_in));
            }
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(name, ..)| *name);
    let drop_ins = found.into_iter().take(MOST).map(|(.., path)| path.to_owned());
    let mut all: Vec<String> = std::iter::once(unit.to_owned()).chain(drop_ins).collect();
    if !all.iter().any(|known| known == path) {
        // Another one of the same name takes its place; it is still read, by itself.
        all = vec![path.to_owned()];
    }
    all
}

/// What the directories of a unit's drop-ins are called, without `.d`: `foo-bar.container`, `foo-.container`, `container`.
fn names(unit: &str) -> Vec<String> {
    let Some((stem, extension)) = unit.rsplit_once('.') else { return Vec::new() };
    let mut names = vec![unit.to_owned()];
    if let Some((template, _)) = stem.split_once('@').filter(|(_, instance)| !instance.is_empty()) {
        names.push(format!("{template}@.{extension}"));
    }
    let dashes: Vec<usize> = stem.match_indices('-').map(|(at, _)| at).collect();
    names.extend(dashes.iter().rev().map(|at| format!("{}-.{extension}", &stem[..*at])));
    names.push(extension.to_owned());
    names
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drop_ins_are_read_in_the_order_of_their_names() {
        let units = [
            "q/foo-bar.container",
            "q/foo-bar.container.d/20.conf",
            "q/foo-.container.d/10.conf",
            "q/foo-.container.d/20.conf",
            "q/container.d/30.conf",
            "q/other.container.d/10.conf",
        ]
        .map(str::to_owned);
        let whole = [
            "q/foo-bar.container",
            "q/foo-.container.d/10.conf",
            "q/foo-bar.container.d/20.conf",
            "q/container.d/30.conf",
        ];
        assert_eq!(of("q/foo-bar.container", &units), whole);
        assert_eq!(of("q/container.d/30.conf", &units), whole);
        assert_eq!(of("q/other.container.d/10.conf", &units), ["q/other.container.d/10.conf"]);
        assert!(is_drop_in("a.container.d/x.conf") && !is_drop_in("docker.service.d/x.conf"));
    }
}
