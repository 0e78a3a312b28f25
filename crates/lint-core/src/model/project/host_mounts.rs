//! What a service reaches of the host's file system, by whichever way.

use std::collections::HashSet;

use lint_parser::compose::ast::field::{Field, Form, Text};
use lint_parser::compose::ast::mount::{FileGrant, Mount};
use lint_parser::compose::ast::resource::Volume;
use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::Origin;

use crate::model::paths::host_path::HostPath;
use crate::model::project::effective::Project;
use crate::model::project::service::Service;

/// How many services a chain of `volumes_from` is followed through. People write one.
const MAX_SERVICES: usize = 16;

/// How many mounts of other services are looked at, so that a thousand services that take the mounts of one with
/// a thousand mounts do not become a million. Real services have a dozen.
const MAX_SHARED: usize = 256;

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
    let mut left = MAX_SHARED;
    while let Some((other, origin, via, read_only)) = waiting.pop() {
        if seen.len() > MAX_SERVICES || !seen.insert(&other.name) {
            continue;
        }
        // `volumes_from` shares mounts; secrets, configs and the API socket are not among them.
        let shared = volumes(project, other).take(left);
        let before = mounts.len();
        mounts.extend(shared.map(|mount| HostMount {
            way: Way::VolumesFrom,
            read_only: if read_only { Some(true) } else { mount.read_only },
            declared: Some(mount.declared.unwrap_or(mount.origin)),
            origin,
            via,
            ..mount
        }));
        left -= mounts.len() - before;
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
    let mut mounts: Vec<HostMount> = volumes(project, service).collect();
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
fn volumes<'p>(project: &'p Project, service: &'p Service) -> impl Iterator<Item = HostMount> {
    let volumes = service.spec.volumes.iter();
    let mounts = volumes.flat_map(|volumes| volumes.value.iter().map(|mount| (mount, volumes.via)));
    mounts.filter_map(|(mount, via)| of_mount(project, mount, via))
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
        Form::Short(text) => text,
        Form::Long => &source.value,
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
        source: path(project, &device.value.0, &device.value.0),
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
        source: path(project, &file.value, &file.value),
        read_only: Some(true),
        propagation: None,
        way: Way::File,
        origin: name.origin,
        via,
        declared: Some(file.origin),
    })
}

/// The path a text names; `whole` is the scalar it is the beginning of.
fn path(project: &Project, text: &Text, whole: &Text) -> HostPath {
    let place = project.place(whole.origin);
    HostPath::of(text, whole, place.file.slice(place.span))
}

fn read_only(mount: &Mount) -> Option<bool> {
    match &mount.read_only {
        Some(read_only) => read_only.value.value,
        None if mount.options.iter().any(Text::is_unknown) => None,
        None => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileError;
    use crate::model::project::group::ProjectFiles;
    use crate::model::project::load::load;
    use lint_parser::text::source::SourceFile;

    fn reached(text: &str, service: &str) -> Vec<String> {
        let files = ProjectFiles::new(["compose.yaml"]);
        let project = load(&files, &|name| match name {
            "compose.yaml" => Ok(SourceFile::new(name, text)),
            _ => Err(FileError::NotFound),
        });
        let service = project.service(service).expect("it is there");
        let shown = |mount: &HostMount| {
            let mode = match mount.read_only {
                Some(true) => "ro",
                Some(false) => "rw",
                None => "?",
            };
            format!("{} {mode} {:?}", mount.source.shown(), mount.way)
        };
        host_mounts(&project, service).iter().map(shown).collect()
    }

    #[test]
    fn every_way_to_the_host() {
        let text = "\
services:
  a:
    image: x
    volumes:
      - /etc:/e:ro
      - ./data:/d
      - data:/v
      - plain:/p
      - /anonymous
      - d:/letter
      - ${X}:/x
      - ${X}/docker.sock:/s:${MODE}
      - ${HOME}/.ssh/:/h
      - ${X}/a/${Y}:/y
      - ${X}/run/podman/podman.sock/:/z
      - C:\\Users:/c
      - { type: tmpfs, target: /t }
    secrets: [key, inline]
    configs: [conf]
    use_api_socket: true
volumes:
  plain: {}
  data: { driver_opts: { type: none, o: 'bind,ro', device: /srv } }
secrets:
  key: { file: ~/.ssh/id_rsa }
  inline: { environment: KEY }
configs:
  conf: { file: ./app.conf }
";
        assert_eq!(
            reached(text, "a"),
            [
                "/etc ro Bind",
                "data rw Bind",
                "/srv ro Volume",
                "... rw Bind",
                ".../docker.sock ? Bind",
                "~/.ssh rw Bind",
                "... rw Bind",
                ".../run/podman/podman.sock rw Bind",
                "C:/Users rw Bind",
                "~/.ssh/id_rsa ro File",
                "app.conf ro File",
                "/run/docker.sock rw ApiSocket",
            ]
        );
    }

    #[test]
    fn mounts_of_others_are_followed_and_bounded() {
        let text = "\
services:
  a: { image: x, volumes_from: ['b:ro', 'container:named', missing, 'container:nowhere'] }
  b: { image: x, volumes: ['/b:/b'], volumes_from: [a, c] }
  c: { image: x, volumes: ['/c:/c'], secrets: [s] }
  d: { image: x, container_name: named, volumes: ['/d:/d'] }
secrets:
  s: { file: /s }
";
        let mut found = reached(text, "a");
        found.sort();
        assert_eq!(found, ["/b ro VolumesFrom", "/c ro VolumesFrom", "/d rw VolumesFrom"]);
        let many: Vec<String> = (0..1000).map(|n| format!("'/{n}:/{n}'")).collect();
        let text = format!(
            "services:\n  a: {{ image: x, volumes_from: [b] }}\n  b: {{ image: x, volumes: [{}] }}\n",
            many.join(", ")
        );
        assert_eq!(reached(&text, "a").len(), MAX_SHARED);
        assert_eq!(reached(&text, "b").len(), 1000);
    }

    #[test]
    fn a_provider_has_no_mounts() {
        let text = "services:\n  a: { provider: { type: x }, volumes: ['/etc:/e'] }\n";
        assert_eq!(reached(text, "a"), Vec::<String>::new());
    }
}
