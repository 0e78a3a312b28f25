//! The files of the Docker daemon on its host, and the CIS recommendations about their owner and mode.
//!
//! Source: sections 3.1 to 3.24 of the CIS Docker Benchmark 1.6.0. Where a path may be configured, as those of the
//! TLS files, the one of Docker's documentation is taken.

/// A file or directory of the daemon, and what the benchmark says of it.
#[derive(Clone, Copy, Debug)]
struct DockerFile {
    /// Where it lies, `/usr/lib` written as `/lib` and `/var/run` as `/run`.
    paths: &'static [&'static str],
    /// Whether what lies below it is meant as well.
    tree: bool,
    /// The recommendation about its owner.
    owner: &'static str,
    /// The recommendation about its mode.
    mode: &'static str,
}

const FILES: [DockerFile; 12] = [
    file(
        &[
            "/etc/systemd/system/docker.service",
            "/lib/systemd/system/docker.service",
            "/etc/systemd/system/docker.service.d",
            "/lib/systemd/system/docker.service.d",
        ],
        "3.1",
        "3.2",
    )
    .tree(),
    file(
        &[
            "/etc/systemd/system/docker.socket",
            "/lib/systemd/system/docker.socket",
            "/etc/systemd/system/docker.socket.d",
            "/lib/systemd/system/docker.socket.d",
        ],
        "3.3",
        "3.4",
    )
    .tree(),
    file(&["/etc/docker"], "3.5", "3.6"),
    file(&["/etc/docker/certs.d", "/etc/containers/certs.d"], "3.7", "3.8").tree(),
    file(&["/etc/docker/ca.pem"], "3.9", "3.10"),
    file(&["/etc/docker/server-cert.pem"], "3.11", "3.12"),
    file(&["/etc/docker/server-key.pem"], "3.13", "3.14"),
    file(&["/run/docker.sock"], "3.15", "3.16"),
    file(&["/etc/docker/daemon.json"], "3.17", "3.18"),
    file(&["/etc/default/docker"], "3.19", "3.20"),
    file(&["/etc/sysconfig/docker"], "3.22", "3.21"),
    file(&["/run/containerd/containerd.sock"], "3.23", "3.24"),
];

const fn file(paths: &'static [&'static str], owner: &'static str, mode: &'static str) -> DockerFile {
    DockerFile { paths, tree: false, owner, mode }
}

impl DockerFile {
    const fn tree(self) -> Self {
        DockerFile { tree: true, ..self }
    }
}

/// The recommendations, in the numbers of benchmark 1.6.0, about the owners and modes of the files that can be
/// reached from `path`: what lies there, below it, and the tree it is part of. `path` is absolute and normalised.
#[must_use]
pub fn recommendations_below(path: &str) -> Vec<&'static str> {
    let path = canonical(path);
    let reached =
        FILES.iter().filter(|file| file.paths.iter().any(|known| within(known, &path)) || file.holds(&path));
    let mut found: Vec<&str> = reached.flat_map(|file| [file.owner, file.mode]).collect();
    // Something in the daemon's directory that the benchmark does not name is part of that directory.
    if found.is_empty() && within(&path, "/etc/docker") {
        found.extend(["3.5", "3.6"]);
    }
    found
}

/// The recommendation about the mode of the file at `path`, if it is one of the daemon's. TLS files may lie anywhere
/// in `/etc/docker`, or in `/certs` of a daemon in a container; they are known by their names.
#[must_use]
pub fn mode_recommendation(path: &str) -> Option<&'static str> {
    let path = canonical(path);
    let known = FILES.iter().find(|file| file.paths.contains(&path.as_str()) || file.holds(&path));
    if let Some(file) = known {
        return Some(file.mode);
    }
    if !within(&path, "/etc/docker") && !within(&path, "/certs") {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.ends_with("key.pem") || name.ends_with(".key") {
        Some("3.14")
    } else if name.starts_with("ca.") || name.starts_with("ca-") {
        Some("3.10")
    } else {
        (name.ends_with(".pem") || name.ends_with(".crt")).then_some("3.12")
    }
}

impl DockerFile {
    /// Whether the path lies in the tree that this is.
    fn holds(&self, path: &str) -> bool {
        self.tree && self.paths.iter().any(|known| within(path, known))
    }
}

/// Whether `path` is `directory` or lies below it.
fn within(path: &str, directory: &str) -> bool {
    directory == "/"
        || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn canonical(path: &str) -> String {
    let moved = [("/usr/lib/", "/lib/"), ("/var/run/", "/run/")];
    let found = moved.iter().find_map(|(from, to)| Some(format!("{to}{}", path.strip_prefix(from)?)));
    found.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reaches_what_is_there_and_below() {
        let below = |path| recommendations_below(path).join(" ");
        assert_eq!(below("/usr/lib/systemd/system/docker.socket"), "3.3 3.4");
        assert_eq!(below("/etc/systemd/system/docker.service.d/override.conf"), "3.1 3.2");
        assert_eq!(below("/etc/docker/certs.d/registry.example/ca.crt"), "3.7 3.8");
        assert_eq!(below("/etc/docker/key.json"), "3.5 3.6");
        assert_eq!(below("/etc/docker"), "3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.17 3.18");
        assert_eq!(below("/lib/systemd"), "3.1 3.2 3.3 3.4");
        assert_eq!(below("/etc/sysconfig"), "3.22 3.21");
        assert_eq!(below("/etc/dockerx"), "");
        assert_eq!(below("/etc/containerd"), "");
        assert_eq!(recommendations_below("/").len(), 24);
    }

    #[test]
    fn modes_are_those_of_single_files() {
        assert_eq!(mode_recommendation("/etc/docker/daemon.json"), Some("3.18"));
        assert_eq!(mode_recommendation("/etc/docker/certs.d/r/ca.crt"), Some("3.8"));
        assert_eq!(mode_recommendation("/var/run/docker.sock"), Some("3.16"));
        assert_eq!(mode_recommendation("/etc/docker/tls/key.pem"), Some("3.14"));
        assert_eq!(mode_recommendation("/certs/server/ca.pem"), Some("3.10"));
        assert_eq!(mode_recommendation("/certs/server/cert.pem"), Some("3.12"));
        assert_eq!(mode_recommendation("/srv/tls/key.pem"), None);
        assert_eq!(mode_recommendation("/etc"), None);
    }
}
