//! Which variables a base image sets, for images of which all are known.
//!
//! Read from the published configuration of Docker's official images, across their supported tags.

use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::stage::Base;

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

/// Whether the base at the root of a stage's chain sets a variable.
#[must_use]
pub fn base_sets(root: &Base, name: &str) -> InBase {
    if name == "PATH" {
        return InBase::Set;
    }
    match root {
        Base::Scratch => InBase::Unset,
        Base::Image(base) => match image::parse(&Mapped::replaced(&*base.reference, Span::default())) {
            Ok(reference) => image_sets(&reference.familiar_name(), name),
            Err(_) => InBase::Unknown,
        },
        Base::Stage(_) | Base::Unknown => InBase::Unknown,
    }
}

fn image_sets(image: &str, name: &str) -> InBase {
    let known = COMPLETE.iter().find(|(images, _)| images.contains(&image));
    match known {
        Some((_, variables)) if variables.iter().any(|variable| fits(variable, name)) => InBase::Set,
        Some(_) => InBase::Unset,
        None => {
            // `PG_MAJOR` cannot be guessed from `postgres`, but `REDIS_VERSION` can from `redis`.
            let product = file_name(image).to_uppercase().replace('-', "_");
            if name.starts_with(&product) { InBase::Set } else { InBase::Unknown }
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
        assert_eq!(image_sets("node", "NODE_VERSION"), InBase::Set);
        assert_eq!(image_sets("python", "PYTHONPATH"), InBase::Unset);
        assert_eq!(image_sets("python", "PYTHON_VERSION"), InBase::Set);
        assert_eq!(image_sets("alpine", "VERSION"), InBase::Unset);
        assert_eq!(image_sets("redis", "REDIS_VERSION"), InBase::Set);
        assert_eq!(image_sets("example.com/python", "X"), InBase::Unknown);
    }
}
