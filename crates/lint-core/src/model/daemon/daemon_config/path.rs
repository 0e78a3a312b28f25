//! What a file of the daemon is, and which daemon it belongs to, by where it lies.

use crate::files::{directory, file_name};

/// What a file is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HostFileKind {
    /// `daemon.json`
    DaemonJson,
    /// A unit of Docker's or containerd's, or a drop-in of one.
    SystemdUnit,
}

const UNITS: [&str; 3] = ["docker.service", "docker.socket", "containerd.service"];

/// Judges a path: `daemon.json`, `docker.service`, `docker.socket`, `containerd.service`, and `*.conf` in the
/// directories of their drop-ins.
#[must_use]
pub fn kind(path: &str) -> Option<HostFileKind> {
    let name = file_name(path);
    let ends_with = |wanted: &str| {
        name.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with(['.', '-']))
    };
    if ends_with("daemon.json") {
        Some(HostFileKind::DaemonJson)
    } else if UNITS.iter().any(|unit| ends_with(unit))
        || (name.ends_with(".conf") && drop_in_of(path).is_some())
    {
        Some(HostFileKind::SystemdUnit)
    } else {
        None
    }
}

/// The unit that a path is a drop-in of, by its directory.
pub(super) fn drop_in_of(path: &str) -> Option<&str> {
    let unit = file_name(directory(path)).strip_suffix(".d")?;
    UNITS.contains(&unit).then_some(unit)
}

/// Where system and user units lie, those first that win over the others.
const PLACES: [(&str, bool); 10] = [
    ("etc/docker", false),
    ("etc/systemd/system", false),
    (".config/docker", true),
    (".config/systemd/user", true),
    ("etc/systemd/user", true),
    ("run/systemd/system", false),
    ("usr/local/lib/systemd/system", false),
    ("usr/lib/systemd/system", false),
    ("lib/systemd/system", false),
    ("usr/lib/systemd/user", true),
];

/// The directory of a file, or that of the unit it is a drop-in of.
fn unit_directory(path: &str) -> &str {
    let own = directory(path);
    if drop_in_of(path).is_some() { directory(own) } else { own }
}

/// The place a path lies in: its rank, whether it is a user's, and what stands before it.
pub(super) fn place(path: &str) -> Option<(usize, bool, &str)> {
    let own = unit_directory(path);
    PLACES.iter().enumerate().find_map(|(rank, &(place, user))| {
        let root = own.strip_suffix(place)?;
        (root.is_empty() || root.ends_with('/')).then_some((rank, user, root))
    })
}

/// What the files of one daemon have in common: the root of the file system they lie in (`rootfs/` of
/// `rootfs/etc/docker/daemon.json`), or their directory; and whether they are a user's.
#[must_use]
pub fn home(path: &str) -> (String, bool) {
    match place(path) {
        Some((_, user, root)) => (root.trim_end_matches('/').to_owned(), user),
        None => (unit_directory(path).to_owned(), false),
    }
}

/// Whether a file belongs to a daemon that a user runs by himself.
#[must_use]
pub fn is_rootless(path: &str) -> bool {
    place(path).is_some_and(|(_, user, _)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_a_file_is() {
        for path in ["daemon.json", "etc/docker/daemon.json", "/x/prod.daemon.json", "docker-daemon.json"] {
            assert_eq!(kind(path), Some(HostFileKind::DaemonJson), "{path}");
        }
        for path in ["docker.service", "a/docker.socket", "docker.service.d/10-x.conf", "bad.docker.socket"] {
            assert_eq!(kind(path), Some(HostFileKind::SystemdUnit), "{path}");
        }
        for path in
            ["mydaemon.json", "nginx.service", "nginx.service.d/x.conf", "docker.service.d/x.txt", "x.conf"]
        {
            assert_eq!(kind(path), None, "{path}");
        }
    }

    #[test]
    fn files_of_one_root_belong_together() {
        for (a, b) in [
            ("rootfs/etc/docker/daemon.json", "rootfs/etc/systemd/system/docker.service.d/x.conf"),
            ("etc/docker/daemon.json", "usr/lib/systemd/system/docker.socket"),
            ("files/daemon.json", "files/docker.service.d/x.conf"),
            ("home/u/.config/docker/daemon.json", "home/u/.config/systemd/user/docker.service"),
        ] {
            assert_eq!(home(a), home(b), "{a} {b}");
        }
        assert_ne!(home("a/daemon.json"), home("b/daemon.json"));
        assert!(is_rootless("/home/u/.config/docker/daemon.json") && !is_rootless("etc/docker/daemon.json"));
    }
}
