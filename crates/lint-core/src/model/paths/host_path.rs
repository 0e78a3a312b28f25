//! Paths of the host that a Compose file names, and which of them hand over the host.
//!
//! Nothing is asked of any disk: paths are compared as they are written, after `.`, `..` and doubled slashes
//! are gone. `/var/run` is taken for `/run`, which it has been a symbolic link to for ten years.

use lint_parser::compose::ast::field::Text;

use crate::files::normalise;

/// A path of the host, as far as it can be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPath {
    /// Absolute, without a `/` at the end: `/etc`, `/run/docker.sock`, `c:/Users`.
    Absolute(String),
    /// Below the home directory of whoever runs Compose: `.ssh`; `.` for the home itself.
    Home(String),
    /// Relative to the project; it may begin with `..`.
    Relative(String),
    /// A Windows named pipe: `docker_engine`.
    Pipe(String),
    /// Somewhere a variable decides; what certainly comes last: `docker.sock` of `${DIR}/docker.sock`.
    Ending(String),
    /// Anywhere.
    Unknown,
}

/// What makes a path of the host a danger to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// The host's operating system, by the list of the CIS benchmark: whoever writes there is root on the host.
    System,
    /// Not on that list: who writes there becomes another user, or root at the next login or restart, and
    /// who reads there finds credentials or everybody's data.
    Private,
    /// Who writes there becomes root on the host; there is nothing to read that is not public.
    Configuration,
}

/// System directories, as the CIS benchmark lists them, with the names they have on 64-bit systems and those
/// of their programs.
const SYSTEM: [&str; 14] = [
    "/", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/sbin", "/sys", "/usr",
    "/usr/bin", "/usr/lib",
];

const PRIVATE: [&str; 22] = [
    "/etc/gshadow",
    "/etc/kubernetes",
    "/etc/kubernetes/pki",
    "/etc/rancher",
    "/etc/shadow",
    "/etc/ssh",
    "/home",
    "/root",
    "/root/.aws",
    "/root/.docker",
    "/root/.gnupg",
    "/root/.kube",
    "/root/.ssh",
    "/var",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet",
    "/var/lib/kubelet/pki",
    "/var/lib/kubelet/pods",
    "/var/lib/rancher",
];

const CONFIGURATION: [&str; 15] = [
    "/etc/cni/net.d",
    "/etc/cron.d",
    "/etc/cron.daily",
    "/etc/cron.hourly",
    "/etc/cron.monthly",
    "/etc/cron.weekly",
    "/etc/crontab",
    "/etc/group",
    "/etc/kubernetes/manifests",
    "/etc/pam.d",
    "/etc/passwd",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/systemd",
    "/opt/cni/bin",
];

/// Directories of credentials in a home.
const CREDENTIALS: [&str; 5] = [".aws", ".docker", ".gnupg", ".kube", ".ssh"];

/// Names the sockets of container engines have wherever they lie.
const SOCKETS: [&str; 10] = [
    "balena-engine.sock",
    "balena.sock",
    "containerd.sock",
    "cri-dockerd.sock",
    "crio.sock",
    "docker.proxy.sock",
    "docker.raw.sock",
    "docker.sock",
    "dockershim.sock",
    "podman.sock",
];

/// Named pipes of container engines.
const PIPES: [&str; 5] = [
    "containerd-containerd",
    "docker_engine",
    "docker_engine_linux",
    "dockerdesktoplinuxengine",
    "podman-machine-default",
];

/// Directories that hold an engine's socket and little else, or so much else that it is found there too.
const SOCKET_DIRECTORIES: [&str; 9] = [
    "/",
    "/run",
    "/run/containerd",
    "/run/crio",
    "/run/k3s",
    "/run/k3s/containerd",
    "/run/podman",
    "/run/user",
    "/run/host-services",
];

impl HostPath {
    /// The path a source of a mount, a `device` or a `file` names.
    ///
    /// `whole` is the scalar that `text` is the beginning of, or `text` itself: where a variable vanished at the
    /// end of `text`, only the whole shows it. `written` is how `whole` stands in the file: `$HOME` is read
    /// there, since it is no variable anybody would set in the project.
    #[must_use]
    pub fn of(text: &Text, whole: &Text, written: &str) -> HostPath {
        let path = text.as_str();
        if text.is_unknown() {
            return Self::uncertain(path, whole, written);
        }
        Self::parse(path)
    }

    /// The same for a path that is known.
    #[must_use]
    pub fn parse(path: &str) -> HostPath {
        let slashed = path.replace('\\', "/");
        if let Some(pipe) = slashed.strip_prefix("//./pipe/") {
            return HostPath::Pipe(pipe.to_ascii_lowercase());
        }
        if let Some(rest) = slashed.strip_prefix('~') {
            return match rest.strip_prefix('/') {
                Some(below) => HostPath::Home(normalise(below)),
                None if rest.is_empty() => HostPath::Home(".".to_owned()),
                None => HostPath::Unknown,
            };
        }
        let normal = normalise(&slashed);
        if crate::files::is_absolute(&normal) {
            return HostPath::Absolute(match normal.strip_prefix("/var/run") {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/run{rest}"),
                _ => normal,
            });
        }
        HostPath::Relative(normal)
    }

    fn uncertain(path: &str, whole: &Text, written: &str) -> HostPath {
        let raw = written.trim_start_matches(['"', '\'']);
        let named = path.trim_end_matches('/');
        // The longest ending no variable went into; endings of it are as certain as it is.
        let slashes: Vec<usize> = named.match_indices('/').map(|(at, _)| at).collect();
        let first = slashes.partition_point(|at| whole.slice(at + 1..path.len()).is_unknown());
        let ending = slashes.get(first).map(|at| normalise(path.get(at + 1..).unwrap_or_default()));
        let Some(ending) = ending.filter(|ending| ending != ".") else { return HostPath::Unknown };
        let in_home = ["${HOME}/", "$HOME/"].iter().any(|home| raw.starts_with(home));
        if ending.starts_with("..") {
            HostPath::Unknown
        } else if in_home && path.strip_prefix('/').is_some_and(|rest| normalise(rest) == ending) {
            HostPath::Home(ending)
        } else {
            HostPath::Ending(ending)
        }
    }

    /// The path as people write it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            HostPath::Absolute(path) | HostPath::Relative(path) => path.clone(),
            HostPath::Home(path) if path == "." => "~".to_owned(),
            HostPath::Home(path) => format!("~/{path}"),
            HostPath::Pipe(name) => format!(r"\\.\pipe\{name}"),
            HostPath::Ending(ending) => format!(".../{ending}"),
            HostPath::Unknown => "...".to_owned(),
        }
    }

    /// How a container engine can be spoken to through what lies there; `None` when it cannot.
    #[must_use]
    pub fn engine_socket(&self) -> Option<EngineSocket> {
        let is_socket = |path: &str| SOCKETS.contains(&crate::files::file_name(path));
        match self {
            HostPath::Pipe(name) => PIPES.contains(&name.as_str()).then_some(EngineSocket::Itself),
            HostPath::Absolute(path) if SOCKET_DIRECTORIES.contains(&path.as_str()) => {
                Some(EngineSocket::Inside)
            }
            HostPath::Absolute(path) if is_runtime_directory(path) => Some(EngineSocket::Inside),
            HostPath::Absolute(path) | HostPath::Home(path) | HostPath::Ending(path) => {
                is_socket(path).then_some(EngineSocket::Itself)
            }
            // `./docker.sock` is the project's own, `../../var/run/docker.sock` is on its way to the host's.
            HostPath::Relative(path) => {
                (path.starts_with("../") && is_socket(path)).then_some(EngineSocket::Itself)
            }
            HostPath::Unknown => None,
        }
    }

    /// Whether the host's own system or somebody's secrets lie there.
    #[must_use]
    pub fn sensitivity(&self) -> Option<Sensitivity> {
        match self {
            HostPath::Absolute(path) => {
                let path = path.as_str();
                if SYSTEM.contains(&path) {
                    Some(Sensitivity::System)
                } else if PRIVATE.contains(&path) || in_a_home(path) {
                    Some(Sensitivity::Private)
                } else {
                    CONFIGURATION.contains(&path).then_some(Sensitivity::Configuration)
                }
            }
            HostPath::Home(path) if path == "." || is_credential(path) => Some(Sensitivity::Private),
            _ => None,
        }
    }

    /// The daemon's own file or directory that can be changed from there: its unit files, its configuration,
    /// the certificates it trusts. Directories above it count up to `/etc` and `/lib/systemd`; those above
    /// are [`HostPath::sensitivity`]'s.
    #[must_use]
    pub fn docker_host_file(&self) -> Option<&'static str> {
        let HostPath::Absolute(path) = self else { return None };
        let inside = |directory: &str| {
            path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let in_usr = path.strip_prefix("/usr").filter(|rest| rest.starts_with("/lib/")).unwrap_or(path);
        if ["/etc/systemd/system/docker.", "/lib/systemd/system/docker."]
            .iter()
            .any(|unit| in_usr.starts_with(unit))
        {
            return Some("the units that start the Docker daemon");
        }
        if ["/etc/systemd", "/etc/systemd/system", "/lib/systemd", "/lib/systemd/system"].contains(&in_usr) {
            return Some("the units that start the Docker daemon");
        }
        if inside("/etc/docker/certs.d") || inside("/etc/containers/certs.d") {
            return Some("the certificates the Docker daemon trusts registries by");
        }
        if path == "/etc" || inside("/etc/docker") {
            return Some("the configuration of the Docker daemon");
        }
        if ["/etc/default", "/etc/default/docker", "/etc/sysconfig", "/etc/sysconfig/docker"]
            .contains(&path.as_str())
        {
            return Some("the options the Docker daemon is started with");
        }
        inside("/etc/containerd").then_some("the configuration of containerd")
    }
}

/// How a mount leads to an engine's socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineSocket {
    /// It is the socket.
    Itself,
    /// The socket lies below it.
    Inside,
}

/// `/run/user/1000`, where a rootless engine has its socket, and Podman's directory in it.
fn is_runtime_directory(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/run/user/") else { return false };
    let (uid, below) = rest.split_once('/').unwrap_or((rest, ""));
    !uid.is_empty() && uid.bytes().all(|b| b.is_ascii_digit()) && matches!(below, "" | "podman")
}

/// `/home/someone`, and the credentials in it.
fn in_a_home(path: &str) -> bool {
    path.strip_prefix("/home/")
        .and_then(|rest| rest.split_once('/'))
        .is_some_and(|(_, below)| is_credential(below))
}

fn is_credential(below: &str) -> bool {
    let mut parts = below.split('/');
    let directory = parts.next().unwrap_or_default();
    match (directory, parts.next()) {
        // Public by their nature, and mounted read-only so that `git` can check the other side.
        (".ssh", Some("known_hosts" | "config")) => false,
        // The client's settings without the credentials are not told apart from those with them.
        (_, _) => CREDENTIALS.contains(&directory),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(path: &str) -> Option<EngineSocket> {
        HostPath::parse(path).engine_socket()
    }

    #[test]
    fn sockets_in_every_spelling() {
        for path in [
            "/var/run/docker.sock",
            "/run/docker.sock",
            "//var/run/docker.sock",
            "/var/run/../run/docker.sock",
            "/var//run/./docker.sock",
            "/run/user/1000/docker.sock",
            "/run/containerd/containerd.sock",
            "/var/run/podman/podman.sock",
            "/var/run/crio/crio.sock",
            "/var/run/balena-engine.sock",
            "~/.docker/run/docker.sock",
            "../../../var/run/docker.sock",
            r"\\.\pipe\docker_engine",
            "//./pipe/docker_engine",
        ] {
            assert_eq!(socket(path), Some(EngineSocket::Itself), "{path}");
        }
        for path in ["/", "/run", "/var/run", "/var/run/", "/run/user/1000", "/var/run/containerd", "/.."] {
            assert_eq!(socket(path), Some(EngineSocket::Inside), "{path}");
        }
        for path in [
            "/var",
            "/run/mysqld/mysqld.sock",
            "/var/runner",
            "/run/user/me",
            "./docker.sock",
            "/run/docker.sock.d/x",
            r"\\.\pipe\other",
            "docker.sock",
        ] {
            assert_eq!(socket(path), None, "{path}");
        }
    }

    #[test]
    fn sensitive_places_and_their_neighbours() {
        use Sensitivity::{Configuration, Private, System};
        for (path, expected) in [
            ("/", Some(System)),
            ("/etc/../etc/", Some(System)),
            ("/usr", Some(System)),
            ("/root", Some(Private)),
            ("/home/me/.ssh/id_rsa", Some(Private)),
            ("~/.kube/config", Some(Private)),
            ("~", Some(Private)),
            ("/etc/passwd", Some(Configuration)),
            ("/etcd", None),
            ("/etc/localtime", None),
            ("/home/me", None),
            ("/home/me/app", None),
            ("~/.config/app", None),
            ("~/.ssh/known_hosts", None),
            ("./etc", None),
            ("../etc", None),
            ("/lib/modules", None),
            ("/usr/share/zoneinfo", None),
            ("/var/lib/app", None),
        ] {
            assert_eq!(HostPath::parse(path).sensitivity(), expected, "{path}");
        }
    }

    #[test]
    fn the_daemons_own_files() {
        for path in [
            "/etc",
            "/etc/docker",
            "/etc/docker/daemon.json",
            "/etc/docker/certs.d/r.example/ca.crt",
            "/lib/systemd/system/docker.socket",
            "/usr/lib/systemd/system/docker.service",
            "/etc/systemd/system/docker.service.d",
            "/etc/systemd",
            "/etc/default/docker",
        ] {
            assert!(HostPath::parse(path).docker_host_file().is_some(), "{path}");
        }
        for path in [
            "/",
            "/lib",
            "/usr",
            "/etc/dockerx",
            "/etc/systemd/system/app.service",
            "/etc/nginx",
            "./etc/docker",
            "/run/docker.sock",
        ] {
            assert_eq!(HostPath::parse(path).docker_host_file(), None, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_some_path(path in r"[a-z~/.\\: \-é]{0,24}") {
            let parsed = HostPath::parse(&path);
            let _ = (parsed.engine_socket(), parsed.sensitivity(), parsed.docker_host_file());
            if let HostPath::Absolute(normal) = &parsed {
                proptest::prop_assert_eq!(&HostPath::parse(normal), &parsed);
                proptest::prop_assert_eq!(&HostPath::parse(&format!("{normal}/x/../.")), &parsed);
            }
        }
    }
}
