//! The Docker daemon's own files in an image, and who may own and write them: section 3 of the CIS benchmark.

use crate::files::normalise;
use crate::model::paths::host_path::HostPath;

/// Directories of the system that hold the daemon's files among others.
const SYSTEM: [&str; 9] = [
    "/etc",
    "/etc/default",
    "/etc/sysconfig",
    "/etc/systemd",
    "/etc/systemd/system",
    "/lib/systemd",
    "/lib/systemd/system",
    "/usr/lib/systemd",
    "/usr/lib/systemd/system",
];

/// Whether a path names a directory that holds the daemon's files among others, or all that is in it: `/`, `/etc/*`.
#[must_use]
pub fn holds_docker_files(path: &str) -> bool {
    let path = path.trim_end_matches("/*").trim_end_matches('/');
    path.is_empty() || SYSTEM.contains(&path)
}

/// What of the daemon's a path is; `None` for other files, directories above included.
#[must_use]
pub fn docker_file(path: &str) -> Option<&'static str> {
    let path = normalise(path);
    let path = path.strip_prefix("/var/run/").map_or_else(|| path.clone(), |rest| format!("/run/{rest}"));
    if ["/run/docker.sock", "/run/containerd/containerd.sock"].contains(&path.as_str()) {
        return Some("the socket of the container engine");
    }
    if SYSTEM.contains(&path.as_str()) {
        return None;
    }
    HostPath::Absolute(path).docker_host_file()
}

#[cfg(test)]
mod tests {
    use super::docker_file;

    #[test]
    fn files_of_the_daemon() {
        for path in [
            "/etc/docker",
            "/etc/docker/daemon.json",
            "/etc/docker/certs.d/r/ca.crt",
            "/lib/systemd/system/docker.service",
            "/etc/default/docker",
            "/var/run/docker.sock",
            "/run/containerd/containerd.sock",
        ] {
            assert!(docker_file(path).is_some(), "{path}");
        }
        for path in
            ["/etc", "/etc/default/locale", "/app/docker.sock", "/etc/dockerfiles", "/etc/systemd/system", ""]
        {
            assert_eq!(docker_file(path), None, "{path}");
        }
    }
}
