//! Which variables an image brings, for images of which all are known.
//!
//! Read from the published configuration of Docker's official images, across their supported tags.

use crate::files::file_name;
use crate::model::known::image_facts::canonical;

/// Images, and every variable beside `PATH` that some tag of theirs sets. `*` at the end stands for any text.
const COMPLETE: [(&[&str], &[&str]); 10] = [
    (
        &[
            "alpine",
            "debian",
            "ubuntu",
            "busybox",
            "buildpack-deps",
            "centos",
            "rockylinux",
            "almalinux",
            "oraclelinux",
        ],
        &[],
    ),
    (&["archlinux", "fedora", "amazonlinux"], &["LANG", "container", "DISTTAG", "FGC", "FBR"]),
    (&["python"], &["LANG", "GPG_KEY", "PYTHON_*"]),
    (&["node"], &["NODE_VERSION", "YARN_VERSION"]),
    (&["golang"], &["GOLANG_VERSION", "GOTOOLCHAIN", "GOPATH", "GOOS", "GOARCH", "GOARM", "GO386"]),
    (&["rust"], &["RUSTUP_*", "CARGO_HOME", "RUST_VERSION"]),
    (&["ruby"], &["LANG", "RUBY_*", "GEM_HOME", "BUNDLE_*"]),
    (&["php"], &["PHP_*", "PHPIZE_DEPS", "GPG_KEYS", "APACHE_*"]),
    (&["nginx"], &["NGINX_VERSION", "NJS_*", "PKG_RELEASE", "DYNPKG_RELEASE", "ACME_VERSION"]),
    (&["eclipse-temurin"], &["JAVA_*", "LANG", "LANGUAGE", "LC_ALL"]),
];

/// The same of all of Google's distroless images.
const DISTROLESS: &[&str] = &["SSL_CERT_FILE", "JAVA_*", "LANG", "LC_ALL", "NODE_*", "PYTHON*"];

/// What is known of a variable that no instruction defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InBase {
    /// The base image sets it, or some tag of it does.
    Set,
    /// The base image does not set it.
    Unset,
    /// Not known.
    Unknown,
}

/// Whether an image of this normalised name sets a variable.
#[must_use]
pub fn image_sets(repository: &str, name: &str) -> InBase {
    let canonical = canonical(repository);
    let known = |image: &str| COMPLETE.iter().find(|(images, _)| images.contains(&image));
    let sets = |variables: &[&str]| variables.iter().any(|variable| fits(variable, name));
    let distroless = canonical.starts_with("gcr.io/distroless/").then_some(DISTROLESS);
    let official =
        canonical.strip_prefix("docker.io/library/").and_then(known).map(|(_, variables)| *variables);
    match distroless.or(official) {
        Some(variables) if sets(variables) => InBase::Set,
        Some(_) => InBase::Unset,
        None => {
            let last = file_name(&canonical);
            // `PG_MAJOR` cannot be guessed from `postgres`, but `REDIS_VERSION` can from `redis`.
            let product = last.to_uppercase().replace('-', "_");
            // A registry's own copy of a known image has what that has, and maybe more.
            let copied = known(last).is_some_and(|(_, variables)| sets(variables));
            if copied || name.starts_with(&product) { InBase::Set } else { InBase::Unknown }
        }
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_set_what_they_set() {
        assert_eq!(image_sets("docker.io/library/node", "NODE_VERSION"), InBase::Set);
        assert_eq!(image_sets("docker.io/arm64v8/python", "PYTHONPATH"), InBase::Unset);
        assert_eq!(image_sets("docker.io/library/python", "PYTHON_VERSION"), InBase::Set);
        assert_eq!(image_sets("docker.io/library/alpine", "VERSION"), InBase::Unset);
        assert_eq!(image_sets("docker.io/library/redis", "REDIS_VERSION"), InBase::Set);
        assert_eq!(image_sets("gcr.io/distroless/static-debian13", "APP_UID"), InBase::Unset);
        assert_eq!(image_sets("example.com/golang", "GOPATH"), InBase::Set);
        assert_eq!(image_sets("example.com/python", "X"), InBase::Unknown);
    }
}
