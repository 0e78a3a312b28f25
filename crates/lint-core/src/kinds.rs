//! Which files are Dockerfiles, Compose files, files of the Docker daemon and manifests: by name, or by content where the name
//! says nothing.

mod keys;
mod starts;

use std::path::Path;

use crate::kinds::keys::{block_key, is_blank_or_comment, is_document_mark, root_keys};
use crate::model::daemon::daemon_config::options::is_option;
pub use starts::starts;

use crate::model::daemon::daemon_config::path::{HostFileKind, kind as kind_of_daemon};
use crate::model::kubernetes::recognise::is_manifest;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// A Dockerfile.
    Dockerfile,
    /// A Compose file.
    Compose,
    /// The Docker daemon's `daemon.json`.
    DaemonJson,
    /// A systemd unit of the Docker daemon's, or a drop-in of one.
    SystemdUnit,
    /// A unit from which Podman makes a service: `web.container`.
    Quadlet,
    /// A script, a Makefile or another file of command lines that start containers.
    Commands,
    /// A pipeline: a workflow of GitHub, `.gitlab-ci.yml` and their kin.
    Pipeline,
    /// A file of `docker buildx bake`.
    Bake,
    /// `devcontainer.json`.
    DevContainer,
    /// Manifests of Kubernetes, Kustomize's files, and what configures the control plane.
    Kubernetes,
}

impl SourceKind {
    /// What it is called: `dockerfile`, `compose`, `daemon-json`, `systemd-unit`, `quadlet`, `commands`,
    /// `pipeline`, `bake`, `devcontainer`, `kubernetes`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Dockerfile => "dockerfile",
            SourceKind::Compose => "compose",
            SourceKind::DaemonJson => "daemon-json",
            SourceKind::SystemdUnit => "systemd-unit",
            SourceKind::Quadlet => "quadlet",
            SourceKind::Commands => "commands",
            SourceKind::Pipeline => "pipeline",
            SourceKind::Bake => "bake",
            SourceKind::DevContainer => "devcontainer",
            SourceKind::Kubernetes => "kubernetes",
        }
    }
}

/// What a file of the Docker daemon's is, by its path: `daemon.json`, `docker.service`, `docker.socket`,
/// `containerd.service`, and `*.conf` in the directories of their drop-ins. `None` when it is no such file.
///
/// ```
/// use lint_core::{SourceKind, daemon};
///
/// assert_eq!(daemon::file_kind("etc/docker/daemon.json"), Some(SourceKind::DaemonJson));
/// assert_eq!(daemon::file_kind("etc/systemd/system/docker.service.d/tcp.conf"), Some(SourceKind::SystemdUnit));
/// assert_eq!(daemon::file_kind("etc/fstab"), None);
/// ```
#[must_use]
pub fn daemon_file_kind(path: &str) -> Option<SourceKind> {
    kind_of_daemon(path).map(|kind| match kind {
        HostFileKind::DaemonJson => SourceKind::DaemonJson,
        HostFileKind::SystemdUnit => SourceKind::SystemdUnit,
    })
}

/// What a file's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSays {
    /// It is one of ours.
    Kind(SourceKind),
    /// It may be one: the text decides ([`by_text`]). Some of these names are so near to ours that it is told when it is none.
    Perhaps {
        /// Whether it is told.
        is_near: bool,
    },
    /// It is something else that may start containers: a script, a workflow. The text decides ([`starts`]), and nobody is told
    /// of those that start none.
    MayStart(SourceKind),
    /// It becomes one of ours when a template engine has been over it. Searches pass it by; named, it is linted.
    Template(SourceKind),
    /// It is none of ours although the name resembles: ignore files, backups, notes.
    Never,
    /// Nothing.
    Unknown,
}

const NEVER: [&str; 9] =
    [".dockerignore", ".containerignore", "~", ".bak", ".orig", ".swp", ".md", TEMPORARY, SAVED];
/// How a file ends that is being written.
pub const TEMPORARY: &str = ".plimsoll-tmp";
/// How the old text of a file ends while one with several names is written.
pub const SAVED: &str = ".plimsoll-old";
const TEMPLATES: [&str; 14] = [
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".erb",
    ".in",
    ".template",
    "-template",
    "_template",
    ".tpl",
    ".mustache",
    ".hbs",
    ".ejs",
    ".m4",
];
/// What programs, data and pictures are called. `Dockerfile.go` may build a program in Go, and `dockerfile.go` be one.
const FOREIGN: [&str; 48] = [
    "adoc", "bash", "bat", "c", "clj", "cpp", "cs", "css", "csv", "dart", "diff", "ex", "exs", "gif", "go",
    "hs", "html", "ini", "java", "jpg", "js", "json", "jsx", "kt", "lua", "ncl", "nix", "patch", "pdf",
    "php", "pl", "png", "ps1", "py", "rb", "rs", "rst", "scala", "sh", "sql", "svg", "swift", "toml", "ts",
    "txt", "xml", "yaml", "yml",
];

/// Judges a file by its name; ASCII case does not matter. Of its directory only that of systemd's drop-ins does:
/// `docker.service.d/10-flags.conf`.
pub fn by_name(path: &Path) -> NameSays {
    let last = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = last(path);
    if NEVER.iter().any(|suffix| name.ends_with(suffix)) {
        return NameSays::Never;
    }
    let directory = path.parent().map(last).unwrap_or_default();
    if let Some(inner) = TEMPLATES.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        return kind(&directory, inner).map_or(NameSays::Unknown, NameSays::Template);
    }
    let kind = kind(&directory, &name);
    let is_near = ["dockerfile", "containerfile"].iter().any(|word| name.contains(word));
    match starts::may_start(&path.to_string_lossy()).filter(|_| kind.is_none()) {
        Some(kind) if kind == SourceKind::Pipeline || !is_near => return NameSays::MayStart(kind),
        _ => {}
    }
    match kind {
        Some(SourceKind::Dockerfile) if has_foreign_extension(&name) => NameSays::Perhaps { is_near: true },
        Some(kind) => NameSays::Kind(kind),
        None if is_near => NameSays::Perhaps { is_near: true },
        None if is_yaml(&name) => NameSays::Perhaps { is_near: name.contains("compose") },
        None if name.ends_with(".json") && !is_known_json(&name) => NameSays::Perhaps { is_near: false },
        None => NameSays::Unknown,
    }
}

/// Whether a file whose text shows what it is may be that by its name too: a list that begins with `FROM` is no Dockerfile in a
/// `.yml` that is not called so.
pub fn may_be(path: &Path, kind: SourceKind) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    kind != SourceKind::Dockerfile || !is_yaml(&name) || by_name(path) == NameSays::Perhaps { is_near: true }
}

fn has_foreign_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| FOREIGN.contains(&extension))
}

fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Files of package managers and compilers, which are in every directory and hold no manifest.
fn is_known_json(name: &str) -> bool {
    ["package", "tsconfig", "composer", "lerna", "jsconfig", "tslint"]
        .iter()
        .any(|word| name.starts_with(word))
}

fn kind(directory: &str, name: &str) -> Option<SourceKind> {
    let of_daemon = daemon_file_kind(&format!("{directory}/{name}"));
    if of_daemon.is_some() {
        of_daemon
    } else if is_compose(name) {
        Some(SourceKind::Compose)
    } else if is_dockerfile(name) {
        Some(SourceKind::Dockerfile)
    } else if is_quadlet(name) || is_drop_in_of_quadlet(directory, name) {
        Some(SourceKind::Quadlet)
    } else if matches!(name, "devcontainer.json" | ".devcontainer.json") {
        Some(SourceKind::DevContainer)
    } else if is_bake(name) {
        Some(SourceKind::Bake)
    } else if matches!(name, "kustomization.yaml" | "kustomization.yml" | "kustomization") {
        Some(SourceKind::Kubernetes)
    } else {
        None
    }
}

/// `Dockerfile`, `Containerfile`, either with a suffix (`Dockerfile.dev`, `Dockerfile-dev`) or as an extension
/// (`api.dockerfile`).
fn is_dockerfile(name: &str) -> bool {
    ["dockerfile", "containerfile"].iter().any(|word| {
        let suffixed = name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || is_suffix(rest));
        suffixed || name.strip_suffix(word).is_some_and(|before| before.ends_with('.'))
    })
}

/// `compose.yaml`, `docker-compose.yml`, either with a suffix (`compose.override.yaml`, `compose-prod.yml`).
fn is_compose(name: &str) -> bool {
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    let stem = stem.map(|stem| stem.strip_prefix("docker-").unwrap_or(stem));
    stem.and_then(|stem| stem.strip_prefix("compose")).is_some_and(|rest| rest.is_empty() || is_suffix(rest))
}

/// `web.container`. Other programs have files that end in `.build` or `.network`: the text must have a section of Podman's.
fn is_quadlet(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && is_kind_of_quadlet(extension) || extension == "quadlets"
    })
}

/// `web.container.d/10-limits.conf`, `container.d/all.conf`
fn is_drop_in_of_quadlet(directory: &str, name: &str) -> bool {
    let unit = directory.strip_suffix(".d").filter(|_| name.ends_with(".conf"));
    unit.and_then(|unit| unit.rsplit('.').next()).is_some_and(is_kind_of_quadlet)
}

fn is_kind_of_quadlet(extension: &str) -> bool {
    matches!(extension, "container" | "pod" | "kube" | "build" | "image" | "volume" | "network")
}

/// `docker-bake.hcl`, `docker-bake.override.json`, `bake.hcl`.
fn is_bake(name: &str) -> bool {
    let is_usual = |stem: &str| matches!(stem, "docker-bake" | "docker-bake.override");
    name.strip_suffix(".json").is_some_and(is_usual)
        || name.strip_suffix(".hcl").is_some_and(|stem| stem.contains("bake"))
}

fn is_suffix(rest: &str) -> bool {
    rest.starts_with(['.', '_', '-'])
}

/// Whether Compose loads a file of this name unasked, so that it is a Compose file whatever it holds: a
/// misspelt `services` in it is a fault to report, not a sign that it is something else.
pub fn is_default_compose_name(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "compose.yaml" | "compose.yml" | "docker-compose.yaml" | "docker-compose.yml"
    )
}

/// Judges a file by its content: the first instruction of a Dockerfile, or a root key of a Compose file.
pub fn by_content(text: &str) -> Option<SourceKind> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let first = text.lines().find(|line| !is_blank_or_comment(line))?;
    if begins_with_instruction(first) {
        return Some(SourceKind::Dockerfile);
    }
    // A ServiceAccount has `secrets` at its root.
    if is_manifest(text) {
        return Some(SourceKind::Kubernetes);
    }
    root_keys(text).any(is_compose_key).then_some(SourceKind::Compose)
}

/// Whether a text is a Dockerfile or a Compose file and nothing else: what [`by_content`] takes for one may be somebody's list
/// of `secrets`.
pub fn is_surely_ours(text: &str) -> bool {
    match by_content(text) {
        Some(SourceKind::Dockerfile) => text.lines().any(|line| line.starts_with("FROM ")),
        // A Secret is a manifest too.
        Some(SourceKind::Kubernetes) => false,
        Some(_) => root_keys(text).any(|key| matches!(key, "services" | "include")),
        None => false,
    }
}

/// Judges a file that somebody came across, by a text that must show it: a Dockerfile by its first instruction and a `FROM`, a
/// Compose file by services that have an image or a build, and by a root where nothing stands that Compose does not know.
pub fn by_text(text: &str) -> Option<SourceKind> {
    match by_content(text)? {
        SourceKind::Dockerfile => is_surely_ours(text).then_some(SourceKind::Dockerfile),
        SourceKind::Kubernetes => Some(SourceKind::Kubernetes),
        kind => {
            let may_stand = |key: &str| is_compose_key(key) || matches!(key, "version" | "name");
            (root_keys(text).all(may_stand) && has_container(text)).then_some(kind)
        }
    }
}

/// Whether some entry of `services` has the key of a container. A framework's services have none, nor have lists.
fn has_container(text: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines = || text.lines().filter(|line| !is_blank_or_comment(line));
    let Some(root) = lines().find(|line| !is_document_mark(line)).map(indent) else { return false };
    let is_services = |line: &&str| indent(line) == root && block_key(line.trim_start()) == Some("services");
    let inside = lines().skip_while(|line| !is_services(line)).skip(1).take_while(|line| indent(line) > root);
    let Some(service) = inside.clone().next().map(indent) else { return false };
    let mut keys: Option<usize> = None;
    for line in inside {
        let at = indent(line);
        if at <= service {
            keys = None;
        } else if at == *keys.get_or_insert(at)
            && matches!(block_key(line.trim_start()), Some("image" | "build" | "extends"))
        {
            return true;
        }
    }
    false
}

/// Whether a file named like a Compose file is plainly something else: its root has keys, and none is Compose's.
/// One without any (empty, or broken) is not: what is wrong with it should be said.
pub fn is_another_mapping(text: &str) -> bool {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut keys = root_keys(text).peekable();
    keys.peek().is_some() && !keys.any(is_compose_key)
}

/// Whether a `daemon.json` is plainly that of another program: its root has keys, and none is an option of Docker's.
pub fn is_another_daemon(text: &str) -> bool {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut keys = root_keys(text).peekable();
    keys.peek().is_some() && !keys.any(is_option)
}

/// What a file that is named like one of a kind lacks to be of that kind, where that can be seen: then it only has the name in
/// common with ours.
pub fn lacks(kind: SourceKind, name: &str, text: &str) -> Option<&'static str> {
    let (is_another, what) = match kind {
        SourceKind::Compose if !is_default_compose_name(name) => {
            (is_another_mapping(text), "key of a Compose file at its root")
        }
        SourceKind::DaemonJson => (is_another_daemon(text), "option of the Docker daemon at its root"),
        SourceKind::Quadlet => (is_another_unit(text), "section of a unit of Podman's"),
        _ => (false, ""),
    };
    is_another.then_some(what)
}

/// Whether a file that is named like a unit of Podman's has none of its sections.
fn is_another_unit(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let is_section = lines.clone().any(|line| {
        matches!(line, "[Container]" | "[Pod]" | "[Kube]" | "[Build]" | "[Image]" | "[Volume]" | "[Service]")
    });
    !is_section && (!lines.any(|line| line == "[Network]") || is_of_networkd(text))
}

/// Whether a unit is one of `systemd-networkd`, which has a section of the same name, and says what it is about in another.
fn is_of_networkd(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        let key = line.split('=').next().unwrap_or_default().trim();
        matches!(
            line,
            "[Match]" | "[Link]" | "[Address]" | "[Route]" | "[DHCPv4]" | "[DHCPv6]" | "[DHCPServer]"
        ) || matches!(
            key,
            "DHCP" | "Address" | "LinkLocalAddressing" | "IPForward" | "IPMasquerade" | "Bridge"
        )
    })
}

/// Instructions in capitals only: nearly all Dockerfiles write them so, and `from x import y` is Python.
fn begins_with_instruction(line: &str) -> bool {
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    lint_parser::dockerfile::KEYWORDS.contains(&word)
        && (rest.is_empty() || rest.starts_with([' ', '\t', '\\', '`']))
}

/// The root elements of the Compose specification that tell it from other YAML (`name` and `version` do not),
/// and extension fields.
fn is_compose_key(key: &str) -> bool {
    matches!(key, "services" | "include" | "networks" | "volumes" | "secrets" | "configs" | "models")
        || key.starts_with("x-")
}

#[cfg(test)]
mod tests;
