//! `docker.socket`: where the daemon is listened for on its behalf, and who may write to that.

use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::daemon::daemon_config::layers::Layers;

/// The socket unit with its drop-ins.
#[derive(Clone, Debug)]
pub struct Socket {
    /// Whether the unit itself is here, not its drop-ins alone.
    pub has_unit: bool,
    /// Where its section begins.
    pub section: Place,
    /// `SocketMode=`; systemd makes it 0666 when it is not set.
    pub mode: Option<SocketSetting>,
    /// `SocketUser=`
    pub user: Option<SocketSetting>,
    /// `SocketGroup=`
    pub group: Option<SocketSetting>,
    /// `ListenStream=`, those that are in effect.
    pub streams: Vec<SocketSetting>,
}

/// A value and where it is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketSetting {
    /// The value.
    pub value: String,
    /// The assignment.
    pub place: Place,
}

impl Socket {
    /// Whether it makes a socket in the file system, which has a mode and an owner. Drop-ins alone may.
    #[must_use]
    pub fn has_file(&self) -> bool {
        !self.has_unit || self.streams.iter().any(|stream| stream.value.starts_with(['/', '%']))
    }

    /// Where the socket in the file system is named, or its section begins.
    #[must_use]
    pub fn file_place(&self) -> &Place {
        let file = self.streams.iter().find(|stream| stream.value.starts_with(['/', '%']));
        file.map_or(&self.section, |file| &file.place)
    }

    /// The addresses in the network: a port, or an address with one.
    pub fn network(&self) -> impl Iterator<Item = &SocketSetting> {
        let elsewhere = |value: &str| value.starts_with(['/', '%', '@']) || value.starts_with("vsock:");
        self.streams.iter().filter(move |stream| !elsewhere(&stream.value))
    }
}

pub(super) fn read(unit: &Layers<'_>) -> Option<Socket> {
    let (first, tree) = unit.files.first()?;
    let header = tree.sections.iter().find(|section| section.value == "Socket");
    let section = first.place(header.map_or(Span::at(0), |header| header.span));
    let mut socket =
        Socket { has_unit: unit.has_unit, section, mode: None, user: None, group: None, streams: Vec::new() };
    for (file, tree) in &unit.files {
        for assignment in &tree.assignments {
            if tree.section_of(assignment) != Some("Socket") {
                continue;
            }
            let value = assignment.value.text();
            let setting = (!value.is_empty())
                .then(|| SocketSetting { value: value.to_owned(), place: file.place(assignment.span) });
            match assignment.key.value.as_str() {
                "SocketMode" => socket.mode = setting,
                "SocketUser" => socket.user = setting,
                "SocketGroup" => socket.group = setting,
                "ListenStream" => match setting {
                    Some(setting) => socket.streams.push(setting),
                    None => socket.streams.clear(),
                },
                _ => {}
            }
        }
    }
    Some(socket)
}
