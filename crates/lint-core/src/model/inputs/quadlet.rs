//! The units from which Podman makes services of systemd: `.container`, `.pod`, `.kube`, `.build`, `.image`, `.volume`, `.network`,
//! and `.quadlets`, which holds many.

mod build;
mod keys;
mod layers;
mod parts;

use lint_parser::systemd::{self, Assignment, Unit};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::source::SourceFile;

use crate::files::{directory, file_name, join};
use crate::model::inputs::container::read_only_tmpfs;
use crate::model::inputs::flag::Flag;
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::quadlet::keys::{KEYS, Key};
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::volumes::{after, split};
use crate::model::inputs::{Read, Window, comments, merge};
use crate::model::kit::holes::UNKNOWN;
use crate::model::project::Lowered;
use crate::model::project::besides::Besides;
use crate::model::project::input::{Input, InputKind};

/// The sections that a unit is told by.
const SECTIONS: [&str; 7] = ["Container", "Pod", "Kube", "Build", "Image", "Volume", "Network"];

/// Reads a unit with its drop-ins, or a drop-in with the unit it is one of; of many units in one file each by itself.
pub(super) fn read(file: &SourceFile, window: &Window<'_>) -> Read {
    let unit = systemd::parse(file.text()).tree;
    let mut read = Read { comments: comments::of_unit(&unit), ..Read::default() };
    if parts::are_in(file.name()) {
        for (name, part) in parts::of(file.text(), &unit) {
            for section in sections_of(&part) {
                let name = join(directory(file.name()), &format!("{name}.{}", section.to_lowercase()));
                let layers = [(name.clone(), part.clone())];
                read.containers.extend(lowered(section, &name, &layers, window));
            }
        }
        return read;
    }
    let files = layers::of(file.name(), &(window.units)(), window.files);
    let open = |name: &String| -> Option<(String, Unit)> {
        if name == file.name() {
            return Some((name.clone(), unit.clone()));
        }
        Some((name.clone(), systemd::parse(&window.files.read(name).ok()?).tree))
    };
    let layers: Vec<(String, Unit)> = files.iter().filter_map(open).collect();
    for section in sections_of(&unit) {
        read.containers.extend(lowered(section, file.name(), &layers, window));
    }
    read.files = layers.into_iter().map(|(name, _)| name).collect();
    read
}

fn sections_of(unit: &Unit) -> impl Iterator<Item = &'static str> {
    SECTIONS.into_iter().filter(|section| unit.sections.iter().any(|header| header.value == *section))
}

/// What a section says, in all files that have a part in it; `own` is the one that is judged.
fn lowered(
    section: &'static str,
    own: &str,
    layers: &[(String, Unit)],
    window: &Window<'_>,
) -> Option<Lowered> {
    let mut service = Map::default();
    let (mut is_open, mut header_at) = (false, None);
    for (number, (name, unit)) in layers.iter().enumerate() {
        let mut reader = Reader { unit, section, flags: Flags::default() };
        match section {
            "Build" => reader.build(),
            "Volume" => reader.volume(),
            "Network" => reader.network(),
            _ => {
                reader.keys();
                reader.limits();
            }
        }
        is_open |= reader.flags.is_open;
        let header = unit.sections.iter().find(|header| header.value == section).map(|header| header.span);
        // What is missing is missing from the unit.
        if header_at.is_none() && (number == 0 || name == own) {
            header_at = header.map(|header| (header, number));
        }
        let taken_back = reader.taken_back();
        merge::add(&mut service, reader.flags.service, &taken_back, number);
    }
    let (at, number) = header_at?;
    let unit = layers.first().map_or(own, |(name, _)| name);
    let here = directory(unit);
    let name = file_name(unit).rsplit_once('.').map_or(unit, |(stem, _)| stem);
    let has_unit = layers.iter().any(|(name, _)| !layers::is_drop_in(name));
    if section == "Build" {
        let mut entry = service.take("build")?;
        let placed = build::placed(Map::of(&entry.value), here, window.files, has_unit)?;
        entry.value = tree::with(&entry.value, placed.into_kind());
        service.add(entry);
    }
    if section == "Container" {
        build::from_unit(&mut service, here, window.files);
        read_only_tmpfs(&mut service);
    }
    // A drop-in of a unit that is not here, a volume, and what stands in manifests: more is said elsewhere.
    is_open |= !has_unit || matches!(section, "Kube" | "Volume");
    if is_open && !service.has("image") && !service.has("build") {
        let unknown = Mapped::replaced(UNKNOWN.to_string(), at);
        service.set("image", at, tree::text(&unknown));
    }
    let mut input = Input::of(InputKind::Quadlet);
    input.is_rootless = is_rootless(own) || !is_of_the_system(own) && is_wanted_by_users(layers);
    input.is_podman = true;
    // What is pulled or built is no container by itself.
    input.is_ephemeral = matches!(section, "Image" | "Build" | "Volume");
    let tree = match section {
        "Network" => {
            let mut declared = Map::default();
            declared.set(name, at, service.finish(at));
            tree::section("networks", declared, at, number)
        }
        _ => tree::project_of(vec![(name.to_owned(), at, service)], at, number),
    };
    Some(Lowered { input, tree, directory: here.to_owned(), is_open, besides: Besides::default() })
}

/// Whether a unit lies where those of users do.
fn is_rootless(path: &str) -> bool {
    path.contains(".config/containers/systemd") || path.contains("containers/systemd/users")
}

/// Whether a unit lies where those of the system do.
fn is_of_the_system(path: &str) -> bool {
    path.contains("etc/containers/systemd") || path.contains("share/containers/systemd")
}

/// Whether units say that they start with somebody's session: nothing else has that target alone.
fn is_wanted_by_users(layers: &[(String, Unit)]) -> bool {
    let wanted = layers.iter().flat_map(|(_, unit)| unit.assignments_of("Install", "WantedBy"));
    let targets: Vec<&str> = wanted.flat_map(|one| one.value.text().split_whitespace()).collect();
    !targets.is_empty() && targets.iter().all(|target| *target == "default.target")
}

struct Reader<'u> {
    unit: &'u Unit,
    section: &'static str,
    flags: Flags,
}

impl<'u> Reader<'u> {
    pub(super) fn all(&self, key: &'u str) -> Vec<&'u Assignment> {
        let mut kept: Vec<&Assignment> = Vec::new();
        for assignment in self.unit.assignments_of(self.section, key) {
            if assignment.value.is_empty() {
                kept.clear();
            } else {
                kept.push(assignment);
            }
        }
        kept
    }

    pub(super) fn last(&self, key: &'u str) -> Option<&'u Assignment> {
        self.unit.assignments_of(self.section, key).last()
    }

    /// The attributes that are taken back by an empty assignment, whatever stands in a file before this one.
    fn taken_back(&self) -> Vec<&'static str> {
        let is_empty = |name: &str| {
            self.unit.assignments_of(self.section, name).any(|assignment| assignment.value.is_empty())
        };
        KEYS.iter()
            .filter(|(name, _)| is_empty(name))
            .flat_map(|(_, key)| key.attributes())
            .copied()
            .collect()
    }

    /// `[Volume]`: a directory of the host in the clothes of a volume.
    fn volume(&mut self) {
        let Some(device) = self.last("Device") else { return };
        let is_bind = self.last("Type").is_some_and(|kind| kind.value.text() == "bind")
            || self
                .all("Options")
                .iter()
                .any(|options| options.value.text().split(',').any(|option| option.ends_with("bind")));
        if is_bind {
            let mut mount = Map::default();
            let at = device.value.span();
            mount.set("type", at, tree::made("bind", at));
            mount.set("source", at, tree::text(&unquoted(&device.value)));
            mount.set("target", at, tree::made("/volume", at));
            self.flags.service.push("volumes", device.key.span, mount.finish(at));
        }
    }

    fn keys(&mut self) {
        for (name, key) in KEYS {
            match *key {
                Key::Value(flag) => {
                    if let Some(assignment) = self.last(name) {
                        self.flags.value(flag, assignment.key.span, &unquoted(&assignment.value));
                    }
                }
                Key::Line(flag) => {
                    for assignment in self.all(name) {
                        self.flags.value(flag, assignment.key.span, &specified(&assignment.value));
                    }
                }
                Key::Words(flag) => {
                    for assignment in self.all(name) {
                        for word in systemd::words(&assignment.value) {
                            let word = without_dash(name, &specified(&word));
                            self.flags.value(flag, assignment.key.span, &word);
                        }
                    }
                }
                Key::Switch(attribute) => {
                    if let Some(assignment) = self.last(name) {
                        let is = is_true(assignment.value.text());
                        let value = tree::boolean(is, assignment.value.span());
                        self.flags.service.set(attribute, assignment.key.span, value);
                    }
                }
                Key::Security(before) => {
                    for assignment in self.all(name) {
                        self.security(assignment, &format!("{before}{}", assignment.value.text()));
                    }
                }
                Key::SecuritySwitch(option) => {
                    if let Some(assignment) = self.last(name) {
                        match is_true(assignment.value.text()) {
                            true => self.security(assignment, option),
                            false if option == "no-new-privileges" => {
                                self.security(assignment, "no-new-privileges=false");
                            }
                            false => {}
                        }
                    }
                }
            }
        }
        self.command();
        self.group();
        self.arguments();
    }

    fn security(&mut self, assignment: &Assignment, option: &str) {
        let option = Mapped::replaced(option, assignment.value.span());
        self.flags.value(Flag::Item("security_opt"), assignment.key.span, &option);
    }

    /// `Exec=`, of which the last counts.
    fn command(&mut self) {
        let Some(assignment) = self.last("Exec") else { return };
        let words = systemd::words(&assignment.value);
        let words = words.iter().map(|word| tree::text(&with_variables(word))).collect();
        let value = tree::list(words, assignment.value.span());
        self.flags.service.set("command", assignment.key.span, value);
    }

    /// `Group=`, which only counts beside `User=`.
    fn group(&mut self) {
        let (Some(user), Some(group)) = (self.last("User"), self.last("Group")) else { return };
        let both = format!("{}:{}", user.value.text(), group.value.text());
        self.flags.service.set("user", user.key.span, tree::made(&both, user.value.span()));
    }

    /// `PodmanArgs=`, which come last.
    fn arguments(&mut self) {
        for assignment in self.all("PodmanArgs") {
            let words: Vec<Word> =
                systemd::words(&assignment.value).iter().map(|word| Word::new(specified(word))).collect();
            self.flags.read(Grammar::RUN, &words);
        }
    }

    /// What `[Service]` limits: the container is in the cgroup of its service.
    fn limits(&mut self) {
        for (key, attribute) in [("MemoryMax", "mem_limit"), ("CPUQuota", "cpus"), ("TasksMax", "pids_limit")]
        {
            let Some(assignment) = self.unit.assignments_of("Service", key).last() else { continue };
            if self.flags.service.has(attribute) || assignment.value.text() == "infinity" {
                continue;
            }
            // The units are systemd's; that there is a limit is what counts.
            let unknown = Mapped::replaced(UNKNOWN.to_string(), assignment.value.span());
            self.flags.service.set(attribute, assignment.key.span, tree::text(&unknown));
        }
    }

    /// `[Network]`, as Compose declares one.
    fn network(&mut self) {
        if let Some(driver) = self.last("Driver") {
            self.flags.service.set("driver", driver.key.span, tree::text(&unquoted(&driver.value)));
        }
        for (key, attribute) in [("Internal", "internal"), ("IPv6", "enable_ipv6")] {
            if let Some(assignment) = self.last(key) {
                let value = tree::boolean(is_true(assignment.value.text()), assignment.value.span());
                self.flags.service.set(attribute, assignment.key.span, value);
            }
        }
        for assignment in self.all("Options") {
            for option in systemd::words(&assignment.value).iter().flat_map(|word| split(word, ',')) {
                if let Some((name, _)) = option.text().split_once('=') {
                    let value = tree::text(&specified(&after(&option, name.len() + 1)));
                    self.flags.service.set_in("driver_opts", name, assignment.key.span, value);
                }
            }
        }
    }
}

/// A value without the quotes around the whole of it.
fn unquoted(value: &Mapped) -> Mapped {
    let text = value.text();
    let inner = match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(_) if text.len() > 1 => value.slice(1..text.len() - 1),
        _ => value.clone(),
    };
    specified(&inner)
}

/// `-/dev/fuse` is a device that need not be there.
fn without_dash(key: &str, word: &Mapped) -> Mapped {
    match word.text().starts_with('-') && key == "AddDevice" {
        true => word.slice(1..word.text().len()),
        false => word.clone(),
    }
}

/// A value in which the specifiers of systemd are what they stand for: somebody's home, or something unknown.
fn specified(value: &Mapped) -> Mapped {
    let text = value.text();
    if !text.contains('%') {
        return value.clone();
    }
    let mut out = MappedBuilder::default();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '%' {
            out.push_slice(value, at..at + c.len_utf8());
            continue;
        }
        let Some((next_at, next)) = chars.next() else { break };
        let span = value.span_of(at..next_at + next.len_utf8());
        match next {
            '%' => out.push_replaced("%", span),
            'h' if at == 0 => out.push_replaced("~", span),
            't' if at == 0 => out.push_replaced("/run/user/1000", span),
            _ => out.push_replaced(&UNKNOWN.to_string(), span),
        }
    }
    out.finish(value.span())
}

/// A word of `Exec=`: what systemd puts in the place of a variable is unknown.
fn with_variables(word: &Mapped) -> Mapped {
    let word = specified(word);
    match word.text().contains('$') && !word.text().contains("$$") {
        true => Mapped::replaced(UNKNOWN.to_string(), word.span()),
        false => word,
    }
}

fn is_true(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "yes" | "true" | "on")
}
