//! The smaller parts of a container: what it mounts, publishes and is told.

use lint_parser::compose::ast::field::Form;
use lint_parser::compose::ast::mount::Mount;
use lint_parser::compose::ast::resource::Volume;
use lint_parser::compose::ast::scalar::{MountType, Nanoseconds, PortRange};
use lint_parser::compose::value::Certainty;

use crate::model::paths::host_path::HostPath;
use crate::model::project::host_mounts::host_mounts;
use crate::model::project::ports::{HostAddress, PublishedPort, published};
use crate::policies::language::value::{Source, Value};
use crate::policies::view::field::{Field, Shape, field};
use crate::policies::view::kind::Kind;
use crate::policies::view::read::{self, Said, cast, of_list, source, text};

const TYPES: &[&str] = MountType::WORDS;
const PROTOCOLS: &[&str] = &["tcp", "udp", "sctp"];

pub(crate) const MOUNT: &[Field] = &[
    field("type", Shape::Word(TYPES), "What is mounted."),
    field(
        "source",
        Shape::Text,
        "The path of the host, as it is written, or the key of the volume; empty for an anonymous volume and a tmpfs.",
    ),
    field("target", Shape::Text, "Where in the container."),
    field("read_only", Shape::Bool, "Whether the container may not write to it."),
    field(
        "host",
        Shape::Bool,
        "Whether it is a part of the host's file system, a volume that is one included.",
    ),
    field(
        "host_path",
        Shape::Text,
        "Which part, where it is one: an absolute path, or one that begins with `./` or `~/`.",
    ),
    field(
        "engine_socket",
        Shape::Bool,
        "Whether it is the socket of a container engine, or a directory that holds it.",
    ),
    field("sensitive", Shape::Bool, "Whether it is a directory of the host's system, or of its secrets."),
    field("volume", Shape::Text, "The volume's name in the engine, where the project says one."),
    field("driver", Shape::Text, "The volume's driver; `local` where none is named."),
    field("external", Shape::Bool, "Whether somebody else makes the volume."),
    field("propagation", Shape::Text, "How mounts below it spread: `rshared`."),
    field("create_host_path", Shape::Bool, "Whether a path of the host that is not there is made."),
];

pub(crate) const PORT: &[Field] = &[
    field("target", Shape::Int, "The port of the container; of a range the first."),
    field("target_last", Shape::Int, "The last port of the range."),
    field("published", Shape::Int, "The port of the host, of a range the first; 0 where the engine chooses."),
    field("published_last", Shape::Int, "The last port of the range."),
    field("host_ip", Shape::Text, "The address of the host, as it is written; empty for all."),
    field("all_interfaces", Shape::Bool, "Whether every address of the host has it."),
    field("protocol", Shape::Word(PROTOCOLS), "`tcp` where none is named."),
];

pub(crate) const VARIABLE: &[Field] = &[
    field("name", Shape::Text, "Its name."),
    field("value", Shape::Text, "Its value; withheld where it is a secret."),
    field("secret", Shape::Bool, "Whether the value is a secret that is written out."),
    field("from", Shape::Word(&["environment", "env_file", "image"]), "What sets it."),
    field("file", Shape::Text, "The file it is written in."),
];

pub(crate) const DEVICE: &[Field] = &[
    field("source", Shape::Text, "The device of the host."),
    field("target", Shape::Text, "Its path in the container."),
    field("permissions", Shape::Text, "Any of `r`, `w`, `m`; `rwm` where nothing is said."),
];

/// The mounts of a service: `volumes` and `tmpfs`.
pub(crate) fn mounts<'a>(said: Said<'a>) -> Value<'a> {
    let Said { project, service } = said;
    let spec = &service.spec;
    let hosts = host_mounts(project, service);
    let mut all = Vec::new();
    if let Some(field) = &spec.volumes {
        for item in &field.value.items {
            let at = source(project, item.origin, field.via, Certainty::Known);
            let host = hosts
                .iter()
                .find(|host| item.value.source.as_ref().is_some_and(|source| source.origin == host.origin));
            all.push(mount(said, &item.value, at, host.map(|host| &host.source)));
        }
    }
    for item in spec.tmpfs.iter().flat_map(|field| &field.value.items) {
        let via = spec.tmpfs.as_ref().and_then(|field| field.via);
        let at = source(project, item.origin, via, item.value.certainty);
        let path = item.value.as_str().split(':').next().unwrap_or_default();
        all.push(tmpfs(path, item.value.is_unknown(), at));
    }
    let has_list = spec.volumes.is_some() || spec.tmpfs.is_some();
    let list = Value::list(all);
    let at = spec.volumes.as_ref().map(|field| of_list(project, field));
    if spec.volumes_from.is_some() && !has_list { list } else { said.checked("volumes", list.at(at)) }
}

fn mount<'a>(said: Said<'a>, mount: &Mount, at: Source, host: Option<&HostPath>) -> Value<'a> {
    let project = said.project;
    let here = |value: Value<'a>| match value.sources.is_empty() {
        true if value.is_set => value.at(at.clone()),
        true => value.at(Source { is_around: true, ..at.clone() }),
        false => value,
    };
    let kind = mount.kind.as_ref().and_then(|kind| kind.value.value);
    let is_volume = kind == Some(MountType::Volume);
    let named = mount.source.as_ref().filter(|_| is_volume).filter(|source| !source.value.is_unknown());
    let declared = named.and_then(|source| project.volume(source.value.as_str()));
    let volume = declared.map(|declared| &declared.field.value);
    let path = match host {
        Some(HostPath::Absolute(path)) => Value::text(path),
        Some(HostPath::Relative(path)) => Value::text(&format!("./{path}")),
        Some(HostPath::Home(path)) => Value::text(&format!("~/{path}")),
        Some(_) => Value::unknown(),
        None => Value::text(""),
    };
    let open = kind.is_none();
    let knows = |value: bool| if open { Value::unknown() } else { Value::bool(value) };
    let reaches = |value: bool| match host {
        Some(HostPath::Unknown) => Value::unknown(),
        _ => knows(value),
    };
    let read_only = match cast(project, &mount.read_only, |on| Value::bool(*on)) {
        Some(value) => value,
        None if mount.options.iter().any(|option| option.is_unknown()) => Value::unknown(),
        None => Value::bool(false),
    };
    let bind = mount.bind.as_ref().map(|bind| &bind.value);
    let (name, driver, external) = of_volume(said, volume, named.map(|source| source.value.as_str()));
    Value::record(
        Kind::Mount,
        vec![
            ("type", here(kind.map_or_else(Value::unknown, |kind| Value::text(kind.word())))),
            ("source", here(read::field(project, &mount.source))),
            ("target", here(read::field(project, &mount.target))),
            ("read_only", here(read_only)),
            ("host", here(knows(host.is_some()))),
            ("host_path", here(path)),
            ("engine_socket", here(reaches(host.is_some_and(|host| host.engine_socket().is_some())))),
            ("sensitive", here(reaches(host.is_some_and(|host| host.sensitivity().is_some())))),
            ("volume", here(name)),
            ("driver", here(driver)),
            ("external", here(external)),
            (
                "propagation",
                here(bind.map_or_else(|| Value::text(""), |bind| read::field(project, &bind.propagation))),
            ),
            (
                "create_host_path",
                here(
                    match bind.and_then(|bind| cast(project, &bind.create_host_path, |on| Value::bool(*on))) {
                        Some(value) => value,
                        None => Value::bool(kind == Some(MountType::Bind)),
                    },
                ),
            ),
        ],
    )
    .at(at.clone())
}

/// The name, the driver and whether it is external, of a volume that a project declares.
pub(crate) fn of_volume<'a>(
    said: Said<'a>,
    volume: Option<&'a Volume>,
    key: Option<&str>,
) -> (Value<'a>, Value<'a>, Value<'a>) {
    let project = said.project;
    let Some(volume) = volume else {
        let driver = if key.is_some() { "local" } else { "" };
        return (Value::text(""), Value::text(driver), Value::bool(false));
    };
    let driver = match &volume.driver {
        Some(driver) => text(project, &driver.value, driver.via),
        None => Value::text("local"),
    };
    (read::field(project, &volume.name), driver, external(said, volume.external.as_deref()))
}

/// Whether a resource is external.
pub(crate) fn external<'a>(
    said: Said<'a>,
    field: Option<&lint_parser::compose::ast::field::Field<lint_parser::compose::ast::resource::External>>,
) -> Value<'a> {
    let Some(field) = field else { return Value::bool(false) };
    let value = field.value.is_external().map_or_else(Value::unknown, Value::bool);
    value.at(of_list(said.project, field))
}

fn tmpfs<'a>(path: &str, is_unknown: bool, at: Source) -> Value<'a> {
    let target = if is_unknown { Value::unknown() } else { Value::text(path) };
    let off = |name: &'static str| (name, Value::bool(false).at(at.clone()));
    let empty = |name: &'static str| (name, Value::text("").at(at.clone()));
    Value::record(
        Kind::Mount,
        vec![
            ("type", Value::text("tmpfs").at(at.clone())),
            empty("source"),
            ("target", target.at(at.clone())),
            off("read_only"),
            off("host"),
            empty("host_path"),
            off("engine_socket"),
            off("sensitive"),
            empty("volume"),
            empty("driver"),
            off("external"),
            empty("propagation"),
            off("create_host_path"),
        ],
    )
    .at(at.clone())
}

/// What a service publishes.
pub(crate) fn ports<'a>(said: Said<'a>) -> Value<'a> {
    let Said { project, service } = said;
    let via = service.spec.ports.as_ref().and_then(|ports| ports.via);
    let all = published(service);
    let all = all.iter().map(|port| of_port(said, port, source(project, port.origin, via, Certainty::Known)));
    let list = Value::list(all.collect());
    let at = service.spec.ports.as_ref().map(|field| of_list(project, field));
    said.checked("ports", list.at(at))
}

fn of_port<'a>(said: Said<'a>, port: &PublishedPort<'_>, at: Source) -> Value<'a> {
    let number = |range: Option<PortRange>, pick: fn(PortRange) -> u16, is_written: bool| match range {
        Some(range) => Value::int(i64::from(pick(range))),
        None if is_written => Value::unknown(),
        None => Value::int(0),
    };
    // Of `${PORT}:80` nothing is left before the colon when nobody sets the variable.
    let is_open = matches!(&port.port.form, Form::Short(text) if text.is_unknown());
    let is_published = match &port.port.published {
        Some(written) => !written.value.text.as_str().is_empty() || written.value.text.is_unknown(),
        None => is_open,
    };
    let is_default = [&port.port.published, &port.port.target]
        .into_iter()
        .flatten()
        .any(|written| written.value.text.certainty == Certainty::Default);
    let at = Source { is_default, ..at };
    let protocol = match &port.port.protocol {
        Some(protocol) if protocol.value.is_unknown() => Value::unknown(),
        Some(protocol) => Value::text(&protocol.value.as_str().to_ascii_lowercase()),
        None => Value::text("tcp"),
    };
    let everywhere = match port.address {
        HostAddress::All => Value::bool(true),
        HostAddress::One => Value::bool(false),
        HostAddress::AllUnlessSet => Value::unknown(),
    };
    let here = |value: Value<'a>| match value.sources.is_empty() {
        true if value.is_set => value.at(at.clone()),
        true => value.at(Source { is_around: true, ..at.clone() }),
        false => value,
    };
    let address = match port.address {
        HostAddress::AllUnlessSet => Value::unknown(),
        _ => read::field(said.project, &port.port.host_ip),
    };
    Value::record(
        Kind::Port,
        vec![
            ("target", here(number(port.target, |range| range.first, true))),
            ("target_last", here(number(port.target, |range| range.last, true))),
            ("published", here(number(port.published, |range| range.first, is_published))),
            ("published_last", here(number(port.published, |range| range.last, is_published))),
            ("host_ip", here(address)),
            ("all_interfaces", here(everywhere)),
            ("protocol", here(protocol)),
        ],
    )
    .at(at.clone())
}

/// A variable of a container.
pub(crate) fn variable<'a>(name: &str, value: Value<'a>, from: &'static str) -> Value<'a> {
    let sources = value.sources.clone();
    let file = sources.iter().next().map(|source| source.place.file.name().to_owned()).unwrap_or_default();
    let (value, is_secret) = read::withheld(name, value);
    Value::record(
        Kind::Variable,
        vec![
            ("name", Value::text(name).with(sources.clone())),
            ("value", value),
            ("secret", Value::bool(is_secret).with(sources.clone())),
            ("from", Value::text(from).with(sources.clone())),
            ("file", Value::text(&file).with(sources.clone())),
        ],
    )
    .with(sources)
}

/// The devices of a service.
pub(crate) fn devices<'a>(said: Said<'a>) -> Value<'a> {
    let project = said.project;
    let Some(field) = &said.service.spec.devices else {
        return said.checked("devices", Value::list(Vec::new()));
    };
    let all = field.value.items.iter().map(|item| {
        let at = source(project, item.origin, field.via, Certainty::Known);
        let here = |value: Value<'a>| match value.sources.is_empty() {
            true if value.is_set => value.at(at.clone()),
            true => value.at(Source { is_around: true, ..at.clone() }),
            false => value,
        };
        let permissions = match &item.value.permissions {
            Some(permissions) => text(project, &permissions.value, None),
            None => Value::text("rwm"),
        };
        Value::record(
            Kind::Device,
            vec![
                ("source", here(read::field(project, &item.value.source))),
                ("target", here(read::field(project, &item.value.target))),
                ("permissions", here(permissions)),
            ],
        )
        .at(at.clone())
    });
    Value::list(all.collect()).at(of_list(project, field))
}

/// A length of time in seconds.
#[expect(clippy::cast_precision_loss, reason = "seconds with a fraction")]
pub(crate) fn seconds<'a>(time: &Nanoseconds) -> Value<'a> {
    Value::double(time.0 as f64 / 1e9)
}
