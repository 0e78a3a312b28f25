//! Drop-ins: the files that are read after a unit, `web.container.d/10-limits.conf`.

use crate::files::{Files, directory, file_name, join};

/// How many drop-ins of one unit are read.
const MOST: usize = 64;

/// The sections of Podman's units that have drop-ins, by how the units end.
const KINDS: [&str; 7] = ["container", "pod", "kube", "build", "image", "volume", "network"];

/// How many directories of drop-ins are looked into for one unit.
const MOST_DIRECTORIES: usize = 32;

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
/// drop-in is one of too are left out. `units` are those at hand; what lies beside is looked for.
pub(super) fn of(path: &str, units: &[String], files: &dyn Files) -> Vec<String> {
    let unit = match of_directory(path) {
        None => Some(path.to_owned()),
        Some((place, name)) => {
            let is_of = |unit: &str| names(file_name(unit)).iter().any(|own| own == name);
            let beside = files.list(place).into_iter().map(|name| join(place, &name));
            let known = units.iter().filter(|unit| directory(unit) == place).cloned();
            known.chain(beside).filter(|unit| !is_drop_in(unit) && is_of(unit)).min()
        }
    };
    let Some(unit) = unit else { return vec![path.to_owned()] };
    let place = directory(&unit);
    // Of two of the same name the one in the directory that is told most exactly counts.
    let mut found: Vec<(String, usize, String)> = Vec::new();
    for (rank, own) in names(file_name(&unit)).into_iter().take(MOST_DIRECTORIES).enumerate() {
        let inside = join(place, &format!("{own}.d"));
        let beside = files.list(&inside).into_iter().map(|name| join(&inside, &name));
        let known = units.iter().filter(|drop_in| directory(drop_in) == inside).cloned();
        let drop_ins = known.chain(beside).filter(|drop_in| drop_in.ends_with(".conf"));
        found.extend(drop_ins.map(|drop_in| (file_name(&drop_in).to_owned(), rank, drop_in)));
    }
    found.sort_unstable();
    found.dedup_by(|one, other| one.0 == other.0);
    let drop_ins = found.into_iter().take(MOST).map(|(.., path)| path);
    let mut all: Vec<String> = std::iter::once(unit).chain(drop_ins).collect();
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::files::NoFiles;

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
        assert_eq!(of("q/foo-bar.container", &units, &NoFiles), whole);
        assert_eq!(of("q/container.d/30.conf", &units, &NoFiles), whole);
        assert_eq!(of("q/other.container.d/10.conf", &units, &NoFiles), ["q/other.container.d/10.conf"]);
        // What nobody names is found beside.
        let texts: BTreeMap<String, String> = units.map(|name| (name, String::new())).into();
        assert_eq!(of("q/foo-bar.container", &[], &texts), whole);
        assert_eq!(of("q/foo-.container.d/10.conf", &[], &texts), whole);
        assert!(is_drop_in("a.container.d/x.conf") && !is_drop_in("docker.service.d/x.conf"));
    }
}
