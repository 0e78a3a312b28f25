//! The files of the Docker daemon on its host, and the CIS recommendations about their owner and mode.
//!
//! Source: sections 3.1 to 3.24 of the CIS Docker Benchmark 1.6.0. Where a path may be configured, as those of the
//! TLS files, the one of Docker's documentation is taken.

use crate::files::{file_name, normalise};

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

/// The recommendations about a file or directory of the daemon, in the numbers of benchmark 1.6.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileChecks {
    /// About its owner.
    pub owner: &'static str,
    /// About its mode.
    pub mode: &'static str,
}

/// The daemon's files that can be reached from `path`: what lies there, below it, and the tree it is part of. The path
/// is absolute and normalised.
#[must_use]
pub fn files_below(path: &str) -> Vec<FileChecks> {
    let path = canonical(path);
    let reached =
        |file: &&DockerFile| file.paths.iter().any(|known| within(known, &path)) || file.holds(&path);
    let mut found: Vec<FileChecks> = FILES.iter().filter(reached).map(DockerFile::checks).collect();
    // Something in the daemon's directory that the benchmark does not name is part of that directory.
    if found.is_empty() && within(&path, "/etc/docker") {
        found.push(FileChecks { owner: "3.5", mode: "3.6" });
    }
    found
}

/// The daemon's files that a command changes which is given `path`: what lies there, and what lies below it when the
/// command is recursive or the path ends in `/*`.
#[must_use]
pub fn files_changed(path: &str, recursive: bool) -> Vec<FileChecks> {
    let below = recursive || path.ends_with("/*");
    let path = normalise(path.trim_end_matches("/*"));
    if below {
        return files_below(&path);
    }
    match file_at(&path) {
        Some(file) => vec![file],
        None if within(&path, "/etc/docker") => files_below(&path),
        None => Vec::new(),
    }
}

/// The file or directory of the daemon's that `path` is. TLS files may lie anywhere in `/etc/docker`, or in `/certs` of
/// a daemon in a container; they are known by their names.
#[must_use]
pub fn file_at(path: &str) -> Option<FileChecks> {
    let path = canonical(path);
    let known = FILES.iter().find(|file| file.paths.contains(&path.as_str()) || file.holds(&path));
    if let Some(file) = known {
        return Some(file.checks());
    }
    if !within(&path, "/etc/docker") && !within(&path, "/certs") {
        return None;
    }
    let name = file_name(&path);
    if name.ends_with("key.pem") || name.ends_with(".key") {
        Some(FileChecks { owner: "3.13", mode: "3.14" })
    } else if name.starts_with("ca.") || name.starts_with("ca-") {
        Some(FileChecks { owner: "3.9", mode: "3.10" })
    } else {
        let certificate = name.ends_with(".pem") || name.ends_with(".crt");
        certificate.then_some(FileChecks { owner: "3.11", mode: "3.12" })
    }
}

impl DockerFile {
    fn checks(&self) -> FileChecks {
        FileChecks { owner: self.owner, mode: self.mode }
    }

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
        let below = |path| files_below(path).iter().map(|f| f.owner).collect::<Vec<_>>().join(" ");
        assert_eq!(below("/usr/lib/systemd/system/docker.socket"), "3.3");
        assert_eq!(below("/etc/systemd/system/docker.service.d/override.conf"), "3.1");
        assert_eq!(below("/etc/docker/certs.d/registry.example/ca.crt"), "3.7");
        assert_eq!(below("/etc/docker/key.json"), "3.5");
        assert_eq!(below("/etc/docker"), "3.5 3.7 3.9 3.11 3.13 3.17");
        assert_eq!(below("/lib/systemd"), "3.1 3.3");
        assert_eq!(below("/etc/sysconfig"), "3.22");
        assert_eq!(below("/etc/dockerx"), "");
        assert_eq!(below("/etc/containerd"), "");
        assert_eq!(files_below("/").len(), 12);
    }

    #[test]
    fn single_files() {
        let mode = |path| file_at(path).map(|file| file.mode);
        assert_eq!(mode("/etc/docker/daemon.json"), Some("3.18"));
        assert_eq!(mode("/etc/docker/certs.d/r/ca.crt"), Some("3.8"));
        assert_eq!(mode("/var/run/docker.sock"), Some("3.16"));
        assert_eq!(mode("/etc/docker/tls/key.pem"), Some("3.14"));
        assert_eq!(mode("/certs/server/ca.pem"), Some("3.10"));
        assert_eq!(mode("/certs/server/cert.pem"), Some("3.12"));
        assert_eq!(mode("/srv/tls/key.pem"), None);
        assert_eq!(mode("/etc"), None);
    }

    #[test]
    fn commands_change_what_they_name_or_all_below() {
        let modes = |path, recursive| {
            files_changed(path, recursive).iter().map(|f| f.mode).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(modes("/etc/docker/", false), "3.6");
        assert_eq!(modes("/etc/docker/*", false), "3.6 3.8 3.10 3.12 3.14 3.18");
        assert_eq!(modes("/etc/systemd/system", true), "3.2 3.4");
        assert_eq!(modes("/etc/systemd/system", false), "");
    }
}
