//! The Docker daemon's configuration: `daemon.json` and the flags, sockets and drop-ins of its systemd units, as they
//! take effect together.

pub mod embedded;
pub mod file;
mod flags;
mod layers;
pub mod options;
pub mod path;
mod socket;

use std::collections::HashMap;

use lint_parser::json::{Json, JsonKind, Member};

use crate::finding::label::Place;
use crate::model::daemon::daemon_config::file::{HostFile, HostTree};
pub use crate::model::daemon::daemon_config::socket::Socket;

/// A daemon's configuration, as far as its files are known.
#[derive(Clone, Debug, Default)]
pub struct DaemonConfig {
    /// What is set, in the order in which it is read: `daemon.json`, then the flags.
    settings: Vec<Setting>,
    /// The socket unit.
    pub socket: Option<Socket>,
    /// Whether it is known to run without root's rights.
    pub rootless: bool,
    /// Where to report what is not set: at the beginning of `daemon.json`, or at the command that starts the daemon.
    absence: Option<Place>,
    /// Whether `daemon.json` and the unit are both here, so that nothing can be set elsewhere.
    whole: bool,
    /// Whether more may be set than can be read: a file is broken, a variable holds options.
    open_ended: bool,
}

/// Something that is set. A list or a map is one of these for each of its items.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The name it has in `daemon.json`: `hosts` for `--host`.
    pub key: String,
    /// To what.
    pub value: Given,
    /// Where: the value in `daemon.json`, or the flag with its value.
    pub place: Place,
    /// Where its name is written; for a flag the same as the place.
    pub name: Place,
    /// Whether it is a flag of the command line.
    pub flag: bool,
}

/// What something is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// True or false.
    Bool(bool),
    /// Text, or an item of a list.
    Text(String),
    /// A list or a map without items.
    Empty,
    /// Something we do not look into: a number, an item of a map.
    Other,
}

impl DaemonConfig {
    /// Lays the files of one daemon over each other, as systemd and the daemon do. The order of `files` does not matter.
    #[must_use]
    pub fn of(files: &[HostFile]) -> Self {
        let mut config = DaemonConfig::default();
        let mut has_json = false;
        for file in files {
            config.open_ended |= file.is_broken();
            config.rootless |= path::is_rootless(&file.path);
            if let HostTree::Json(json) = &file.tree {
                has_json = true;
                config.read_json(file, json.as_ref());
            }
        }
        let has_unit = flags::read(&mut config, &layers::layers(files, layers::UnitKind::Service));
        config.socket = socket::read(&layers::layers(files, layers::UnitKind::Socket));
        config.whole = has_json && has_unit;
        config.rootless |= config.switch("rootless").is_some_and(|(on, _)| on);
        config
    }

    fn read_json(&mut self, file: &HostFile, json: Option<&Json>) {
        let start = json.map_or(0, |json| json.span.start());
        self.absence.get_or_insert_with(|| file.place_of_character(start));
        let members = json.map_or(&[][..], Json::members);
        // Of two members of one name the last counts.
        let last: HashMap<&str, usize> =
            members.iter().enumerate().map(|(at, member)| (member.name.as_str(), at)).collect();
        for (at, member) in members.iter().enumerate() {
            if last.get(member.name.as_str()) == Some(&at) {
                self.read_member(file, member);
            }
        }
    }

    fn read_member(&mut self, file: &HostFile, member: &Member) {
        let place = file.place(member.name_span.cover(member.value.span));
        let name = file.place(member.name_span);
        let key = member.name.as_str();
        let mut add = |value, place| {
            self.settings.push(Setting {
                key: key.to_owned(),
                value,
                place,
                name: name.clone(),
                flag: false,
            });
        };
        match &member.value.kind {
            JsonKind::Null => {}
            JsonKind::Array(items) if !items.is_empty() => {
                for item in items {
                    add(scalar(item), file.place(item.span));
                }
            }
            JsonKind::Object(members) if !members.is_empty() => {
                add(Given::Other, place);
            }
            _ => add(scalar(&member.value), place),
        }
    }

    fn add_flag(&mut self, key: &str, value: Given, place: Place) {
        self.settings.push(Setting { key: key.to_owned(), value, name: place.clone(), place, flag: true });
    }

    /// Everything that is set, in the order in which it is read.
    pub fn written(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter()
    }

    /// What is set under a name, the items of a list in order.
    pub fn settings<'c>(&'c self, key: &'c str) -> impl DoubleEndedIterator<Item = &'c Setting> {
        self.settings.iter().filter(move |setting| setting.key == key)
    }

    fn last(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().rev().find(|setting| setting.key == key)
    }

    /// A setting that is on or off.
    #[must_use]
    pub fn switch(&self, key: &str) -> Option<(bool, &Place)> {
        match self.last(key)? {
            Setting { value: Given::Bool(on), place, .. } => Some((*on, place)),
            _ => None,
        }
    }

    /// A setting that is a text; an empty one is as good as none.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<(&str, &Place)> {
        match self.last(key)? {
            Setting { value: Given::Text(text), place, .. } if !text.is_empty() => Some((text, place)),
            _ => None,
        }
    }

    /// The texts of a list.
    pub fn texts<'c>(&'c self, key: &'c str) -> impl Iterator<Item = (&'c str, &'c Place)> {
        self.settings(key).filter_map(|setting| match &setting.value {
            Given::Text(text) => Some((text.as_str(), &setting.place)),
            _ => None,
        })
    }

    /// What is not set, when it can be told: where to say so, and whether no other file could set it. An empty list
    /// or text counts as not set.
    #[must_use]
    pub fn absence(&self, key: &str) -> Option<Absence<'_>> {
        let is_set = |setting: &Setting| match &setting.value {
            Given::Text(text) => !text.is_empty(),
            Given::Empty => false,
            Given::Bool(_) | Given::Other => true,
        };
        if self.open_ended || self.settings(key).any(is_set) {
            return None;
        }
        Some(Absence { place: self.absence.as_ref()?, certain: self.whole })
    }
}

/// Something that is not set.
#[derive(Clone, Copy, Debug)]
pub struct Absence<'a> {
    /// Where to say so.
    pub place: &'a Place,
    /// Whether all files that could set it are known.
    pub certain: bool,
}

fn scalar(json: &Json) -> Given {
    match &json.kind {
        JsonKind::Bool(on) => Given::Bool(*on),
        JsonKind::String(text) => Given::Text(text.clone()),
        JsonKind::Array(items) if items.is_empty() => Given::Empty,
        JsonKind::Object(members) if members.is_empty() => Given::Empty,
        _ => Given::Other,
    }
}

/// What the daemons of a run say for every container: what is true of each of them, for a project may run on any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DaemonDefaults {
    /// Containers get no new privileges unless they ask to.
    pub no_new_privileges: bool,
    /// Containers have no seccomp profile unless they name one.
    pub seccomp_unconfined: bool,
    /// Root in a container is nobody in particular on the host.
    pub userns_remap: bool,
}

impl DaemonDefaults {
    /// What is true of each of the daemons; nothing when there are none.
    #[must_use]
    pub fn of<'c>(daemons: impl IntoIterator<Item = &'c DaemonConfig>) -> Self {
        let each =
            daemons.into_iter().filter(|daemon| daemon.absence.is_some()).map(|daemon| DaemonDefaults {
                no_new_privileges: daemon.switch("no-new-privileges").is_some_and(|(on, _)| on),
                seccomp_unconfined: daemon
                    .text("seccomp-profile")
                    .is_some_and(|(name, _)| name == "unconfined"),
                userns_remap: daemon.text("userns-remap").is_some() || daemon.rootless,
            });
        each.reduce(|a, b| DaemonDefaults {
            no_new_privileges: a.no_new_privileges && b.no_new_privileges,
            seccomp_unconfined: a.seccomp_unconfined && b.seccomp_unconfined,
            userns_remap: a.userns_remap && b.userns_remap,
        })
        .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
