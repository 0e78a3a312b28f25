//! What a service reaches of the host's file system, by whichever way.

use std::collections::HashSet;

use lint_parser::compose::ast::field::{Field, Form, Text};
use lint_parser::compose::ast::mount::{FileGrant, Mount};
use lint_parser::compose::ast::resource::Volume;
use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::Origin;

use crate::model::host_path::HostPath;
use crate::model::project::Project;
use crate::model::service::Service;

/// How many services a chain of `volumes_from` is followed through. People write one.
const MAX_SERVICES: usize = 16;

/// A part of the host's file system that a container sees.
#[derive(Clone, Debug)]
pub struct HostMount {
    /// Which part.
    pub source: HostPath,
    /// Whether the container may not write there; `None` when a variable decides.
    pub read_only: Option<bool>,
    /// How mounts below it spread, where that is written: `rshared`, `slave`.
    pub propagation: Option<Text>,
    /// How it comes to be there.
    pub way: Way,
    /// What to change in the service: the source of the mount, the name of the secret, `use_api_socket`.
    pub origin: Origin,
    /// Where the service takes that from.
    pub via: Option<Origin>,
    /// Where the path itself is written when that is somewhere else: the volume's `device`, the secret's
    /// `file`, the mount of the service that `volumes_from` names.
    pub declared: Option<Origin>,
}

/// How a container comes to see a part of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A bind mount or named pipe.
    Bind,
    /// A volume that stands for a directory of the host.
    Volume,
    /// A secret or config that is a file of the host.
    File,
    /// `use_api_socket`.
    ApiSocket,
    /// The mounts of another service.
    VolumesFrom,
}

/// Everything of the host that the service's container sees, in the order of the service.
///
/// A service that a `provider` runs has no container and no mounts.
#[must_use]
pub fn host_mounts(project: &Project, service: &Service) -> Vec<HostMount> {
    let mut seen = HashSet::from([&*service.name]);
    let mut mounts = own(project, service);
    let mut waiting: Vec<(&Service, Origin, Option<Origin>, bool)> = Vec::new();
    if let Some(from) = &service.spec.volumes_from {
        for item in &from.value.items {
            if let Some((other, read_only)) = named(project, &item.value) {
                waiting.push((other, item.origin, from.via, read_only));
            }
        }
    }
    while let Some((other, origin, via, read_only)) = waiting.pop() {
        if seen.len() > MAX_SERVICES || !seen.insert(&other.name) {
            continue;
        }
        // `volumes_from` shares mounts; secrets, configs and the API socket are not among them.
        mounts.extend(volumes(project, other).into_iter().map(|mount| HostMount {
            way: Way::VolumesFrom,
            read_only: if read_only { Some(true) } else { mount.read_only },
            declared: Some(mount.declared.unwrap_or(mount.origin)),
            origin,
            via,
            ..mount
        }));
        for item in other.spec.volumes_from.iter().flat_map(|from| &from.value.items) {
            if let Some((next, next_read_only)) = named(project, &item.value) {
                waiting.push((next, origin, via, read_only || next_read_only));
            }
        }
    }
    mounts
}

/// The service that an element of `volumes_from` names, and whether it says `:ro`.
fn named<'p>(project: &'p Project, text: &Text) -> Option<(&'p Service, bool)> {
    if text.is_unknown() {
        return None;
    }
    let text = text.as_str();
    let (rest, is_container) = match text.strip_prefix("container:") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (name, mode) = rest.split_once(':').unwrap_or((rest, ""));
    let service = if is_container { project.container(name) } else { project.service(name) };
    Some((service?, mode == "ro"))
}

fn own(project: &Project, service: &Service) -> Vec<HostMount> {
    if service.spec.provider.is_some() {
        return Vec::new();
    }
    let mut mounts = volumes(project, service);
    let spec = &service.spec;
    if let Some(grants) = &spec.secrets {
        for grant in grants.value.iter() {
            let file = |name: &str| project.secret(name)?.field.value.file.as_deref();
            mounts.extend(granted(project, grant, grants.via, file));
        }
    }
    if let Some(grants) = &spec.configs {
        for grant in grants.value.iter() {
            let file = |name: &str| project.config(name)?.field.value.file.as_deref();
            mounts.extend(granted(project, grant, grants.via, file));
        }
    }
    if let Some(switch) = &spec.use_api_socket
        && switch.value.is(true)
    {
        mounts.push(HostMount {
            source: HostPath::Absolute("/run/docker.sock".to_owned()),
            read_only: Some(false),
            propagation: None,
            way: Way::ApiSocket,
            origin: switch.origin,
            via: switch.via,
            declared: None,
        });
    }
    mounts
}

/// What `volumes` reaches.
fn volumes(project: &Project, service: &Service) -> Vec<HostMount> {
    let Some(volumes) = &service.spec.volumes else { return Vec::new() };
    volumes.value.iter().filter_map(|mount| of_mount(project, mount, volumes.via)).collect()
}

fn of_mount(project: &Project, mount: &Mount, via: Option<Origin>) -> Option<HostMount> {
    let source = mount.source.as_ref()?;
    let kind = mount.kind.as_ref().and_then(|kind| kind.value.value);
    match kind {
        Some(MountType::Bind | MountType::Npipe) => {}
        Some(MountType::Volume) => return of_volume(project, mount, source, via),
        // A source a variable is the beginning of: a path, or the name of a volume.
        None => {}
        Some(_) => return None,
    }
    let whole = match &mount.form {
        Form::Short(text) => text.origin,
        Form::Long => source.origin,
    };
    let path = path(project, &source.value, whole);
    // Named pipes are told apart from paths by their type alone when written with one backslash.
    let path = match (kind, path) {
        (Some(MountType::Npipe), HostPath::Absolute(path) | HostPath::Relative(path)) => {
            HostPath::Pipe(crate::files::file_name(&path).to_ascii_lowercase())
        }
        (None, HostPath::Relative(_)) => HostPath::Unknown,
        (_, path) => path,
    };
    Some(HostMount {
        source: path,
        read_only: read_only(mount),
        propagation: mount
            .bind
            .as_ref()
            .and_then(|bind| Some(bind.value.propagation.as_ref()?.value.clone())),
        way: Way::Bind,
        origin: source.origin,
        via,
        declared: None,
    })
}

/// A volume of the local driver is a bind mount when its options say so.
fn of_volume(
    project: &Project,
    mount: &Mount,
    source: &Field<Text>,
    via: Option<Origin>,
) -> Option<HostMount> {
    if source.value.is_unknown() {
        return None;
    }
    let volume: &Volume = &project.volume(source.value.as_str())?.field.value;
    if volume.driver.as_ref().is_some_and(|driver| !matches!(driver.value.as_str(), "" | "local")) {
        return None;
    }
    let options = &volume.driver_opts.as_ref()?.value;
    let device = &options.get("device")?.field;
    let how = &options.get("o")?.field.value.0;
    let words = words(how);
    let says = |word: &str| words.iter().any(|option| option.as_str() == word);
    if how.is_unknown() || !(says("bind") || says("rbind")) {
        return None;
    }
    Some(HostMount {
        source: path(project, &device.value, device.origin),
        read_only: if says("ro") { Some(true) } else { read_only(mount) },
        propagation: words.into_iter().find(|word| matches!(word.as_str(), "shared" | "rshared")),
        way: Way::Volume,
        origin: source.origin,
        via,
        declared: Some(device.origin),
    })
}

/// The options of a mount, parted by commas.
fn words(options: &Text) -> Vec<Text> {
    let mut at = 0;
    let mut words = Vec::new();
    for word in options.as_str().split(',') {
        let start = at + (word.len() - word.trim_start().len());
        words.push(options.slice(start..at + word.trim_end().len()));
        at += word.len() + 1;
    }
    words
}

/// Compose mounts the file of a secret or config read-only, whatever `mode` says.
fn granted<'p>(
    project: &Project,
    grant: &FileGrant,
    via: Option<Origin>,
    file: impl Fn(&str) -> Option<&'p Field<Text>>,
) -> Option<HostMount> {
    let name = grant.source.as_ref()?;
    if name.value.is_unknown() {
        return None;
    }
    let file = file(name.value.as_str())?;
    Some(HostMount {
        source: path(project, &file.value, file.origin),
        read_only: Some(true),
        propagation: None,
        way: Way::File,
        origin: name.origin,
        via,
        declared: Some(file.origin),
    })
}

/// The path a text names; `whole` is where the scalar it is part of is written.
fn path(project: &Project, text: &Text, whole: Origin) -> HostPath {
    let place = project.place(whole);
    HostPath::of(text, place.file.slice(place.span))
}

fn read_only(mount: &Mount) -> Option<bool> {
    match &mount.read_only {
        Some(read_only) => read_only.value.value,
        None if mount.options.iter().any(Text::is_unknown) => None,
        None => Some(false),
    }
}
