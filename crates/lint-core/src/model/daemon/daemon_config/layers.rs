//! A unit and its drop-ins, laid over each other as systemd does.

use std::collections::BTreeMap;

use lint_parser::systemd::Unit;

use crate::files::file_name;
use crate::model::daemon::daemon_config::file::{HostFile, HostTree};
use crate::model::daemon::daemon_config::path::{drop_in_of, place};

/// Which of the daemon's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// `docker.service`
    Service,
    /// `docker.socket`
    Socket,
    /// Another: containerd's.
    Other,
}

fn unit_kind(path: &str, unit: &Unit) -> UnitKind {
    let name = drop_in_of(path).unwrap_or_else(|| file_name(path));
    let has = |wanted: &str| unit.sections.iter().any(|section| section.value == wanted);
    if name.starts_with("containerd") {
        UnitKind::Other
    } else if name.ends_with(".socket") || (has("Socket") && !has("Service")) {
        UnitKind::Socket
    } else {
        UnitKind::Service
    }
}

/// A unit and its drop-ins, in the order in which they take effect.
#[derive(Clone, Debug, Default)]
pub struct Layers<'f> {
    /// Whether the unit itself is there, not its drop-ins alone.
    pub has_unit: bool,
    /// The files.
    pub files: Vec<(&'f HostFile, &'f Unit)>,
}

/// The files of one unit: of several units of that name the one in `/etc` counts, and so does one of several drop-ins
/// of the same name; drop-ins come after the unit, by name.
#[must_use]
pub fn layers(files: &[HostFile], wanted: UnitKind) -> Layers<'_> {
    let rank = |path: &str| place(path).map_or(0, |(rank, ..)| rank);
    let mut unit: Option<(&HostFile, &Unit)> = None;
    let mut drop_ins: BTreeMap<&str, (&HostFile, &Unit)> = BTreeMap::new();
    for file in files {
        let HostTree::Unit(tree) = &file.tree else { continue };
        if unit_kind(&file.path, tree) != wanted {
            continue;
        }
        let wins_over = |other: &HostFile| (rank(&file.path), &file.path) < (rank(&other.path), &other.path);
        if drop_in_of(&file.path).is_some() {
            let slot = drop_ins.entry(file_name(&file.path)).or_insert((file, tree));
            if wins_over(slot.0) {
                *slot = (file, tree);
            }
        } else if unit.is_none_or(|(other, _)| wins_over(other)) {
            unit = Some((file, tree));
        }
    }
    Layers { has_unit: unit.is_some(), files: unit.into_iter().chain(drop_ins.into_values()).collect() }
}
