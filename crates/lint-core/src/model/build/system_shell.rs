//! Which program `/bin/sh` is in an image, as far as its name tells.

use lint_parser::image::{self, ImageReference};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::build::stage::Base;

/// What `/bin/sh` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemShell {
    /// dash: Debian and Ubuntu, and what is built on them.
    Dash,
    /// BusyBox's ash: Alpine and what is built on it.
    Ash,
    /// bash: Red Hat's family, SUSE, Arch, Amazon Linux.
    Bash,
    /// Not known.
    Unknown,
}

/// What a shell understands beside the standard. `None` is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// `{a,b}` are two words.
    pub braces: Option<bool>,
    /// `-o pipefail`
    pub pipefail: Option<bool>,
}

impl Features {
    /// Those of a shell by its program's name; `root` is what the image starts from, which says what `sh` is, and how old.
    #[must_use]
    pub fn of(program: &str, root: &Base) -> Self {
        let is = |feature: bool| Some(feature);
        match file_name(program) {
            "sh" => match of_base(root) {
                SystemShell::Dash => Self::of("dash", root),
                SystemShell::Ash => Self::of("ash", root),
                // Called `sh` it still expands braces.
                SystemShell::Bash => Self::of("bash", root),
                SystemShell::Unknown => Self::UNKNOWN,
            },
            "bash" | "zsh" | "ksh" | "ksh93" => Self { braces: is(true), pipefail: is(true) },
            "ash" => Self { braces: is(false), pipefail: is(true) },
            // 0.5.13 was the first dash to have it.
            "dash" => Self { braces: is(false), pipefail: has_old_dash(root).then_some(false) },
            _ => Self::UNKNOWN,
        }
    }

    /// Nothing is known.
    pub const UNKNOWN: Self = Self { braces: None, pipefail: None };
}

/// Releases whose dash is older than 0.5.13, by their names.
const OLD_DASH: [&str; 10] =
    ["jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "xenial", "bionic", "focal", "jammy"];

/// Whether an image is of a release of Debian or Ubuntu whose dash is older than 0.5.13, as far as its name tells.
fn has_old_dash(root: &Base) -> bool {
    let Base::Image(base) = root else { return false };
    let Ok(reference) = image::parse(&Mapped::replaced(&*base.reference, Span::default())) else {
        return false;
    };
    let name = reference.familiar_name();
    let last = file_name(&name);
    let is_old = |distribution: &str, version: &str| {
        let major: Option<u32> = version.split('.').next().and_then(|major| major.parse().ok());
        match distribution {
            "debian" => major.is_some_and(|major| major <= 13),
            "ubuntu" => major.is_some_and(|major| major <= 24),
            _ => false,
        }
    };
    reference.effective_tag().unwrap_or_default().split(['-', '_']).any(|part| {
        OLD_DASH.contains(&part)
            || part == "noble"
            || is_old(last, part)
            || ["debian", "ubuntu"].iter().any(|distribution| {
                part.strip_prefix(distribution).is_some_and(|version| is_old(distribution, version))
            })
    })
}

/// The last part of a repository's name, where it is a distribution's own.
const DISTRIBUTIONS: [(&[&str], SystemShell); 3] = [
    (&["debian", "ubuntu", "buildpack-deps", "neurodebian"], SystemShell::Dash),
    (&["alpine", "busybox"], SystemShell::Ash),
    (
        &[
            "centos",
            "fedora",
            "rockylinux",
            "almalinux",
            "amazonlinux",
            "oraclelinux",
            "archlinux",
            "photon",
            "mageia",
            "leap",
            "tumbleweed",
            "ubi",
            "ubi-minimal",
            "ubi8",
            "ubi8-minimal",
            "ubi9",
            "ubi9-minimal",
            "ubi10",
            "ubi10-minimal",
        ],
        SystemShell::Bash,
    ),
];

/// Docker's official images that are built on Debian where their tag names nothing else.
const ON_DEBIAN: [&str; 19] = [
    "python",
    "node",
    "ruby",
    "golang",
    "rust",
    "php",
    "perl",
    "gcc",
    "pypy",
    "julia",
    "haskell",
    "erlang",
    "elixir",
    "postgres",
    "redis",
    "nginx",
    "httpd",
    "haproxy",
    "memcached",
];

/// Parts of a tag that name a distribution or a release of one.
const TAGS: [(&[&str], SystemShell); 2] = [
    (
        &[
            "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid", "xenial",
            "bionic", "focal", "jammy", "noble",
        ],
        SystemShell::Dash,
    ),
    (&["azurelinux", "mariner", "rockylinux", "centos", "fedora"], SystemShell::Bash),
];

/// What begins a part of a tag that names a distribution with its version: `alpine3.20`, `ubuntu22.04`.
const VERSIONED: [(&str, SystemShell); 9] = [
    ("alpine", SystemShell::Ash),
    ("ubuntu", SystemShell::Dash),
    ("debian", SystemShell::Dash),
    ("ubi", SystemShell::Bash),
    ("centos", SystemShell::Bash),
    ("rockylinux", SystemShell::Bash),
    ("azurelinux", SystemShell::Bash),
    ("oraclelinux", SystemShell::Bash),
    ("al20", SystemShell::Bash),
];

/// Whether a command puts another program in the place of `/bin/sh`.
#[must_use]
pub fn replaces_sh(command: &str) -> bool {
    (command.contains("/bin/sh") && (command.contains("ln ") || command.contains("update-alternatives")))
        || (command.contains("dpkg-reconfigure") && command.contains("dash"))
}

/// What `/bin/sh` is at the root of a stage's chain.
#[must_use]
pub fn of_base(root: &Base) -> SystemShell {
    match root {
        Base::Image(base) => match image::parse(&Mapped::replaced(&*base.reference, Span::default())) {
            Ok(reference) => of_image(&reference),
            Err(_) => SystemShell::Unknown,
        },
        Base::Scratch | Base::Stage(_) | Base::Unknown => SystemShell::Unknown,
    }
}

fn of_image(reference: &ImageReference) -> SystemShell {
    let name = reference.familiar_name();
    let last = file_name(&name);
    let tag = reference.effective_tag();
    for part in tag.unwrap_or_default().split(['-', '_']) {
        let named = TAGS.iter().find(|(names, _)| names.contains(&part)).map(|(_, shell)| *shell);
        let versioned = || {
            let is_of = |prefix: &&str| {
                part.strip_prefix(*prefix)
                    .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
            };
            VERSIONED.iter().find(|(prefix, _)| is_of(prefix)).map(|(_, shell)| *shell)
        };
        if let Some(shell) = named.or_else(versioned) {
            return shell;
        }
    }
    if let Some((_, shell)) = DISTRIBUTIONS.iter().find(|(names, _)| names.contains(&last)) {
        return *shell;
    }
    // Of an image that is named by its digest alone the tag may have been anything.
    let is_official = !name.contains('/') && tag.is_some();
    match last {
        "docker" | "bash" if is_official => SystemShell::Ash,
        name if is_official && ON_DEBIAN.contains(&name) => SystemShell::Dash,
        _ => SystemShell::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_depend_on_the_release() {
        let base = |image: &str| {
            Base::Image(Box::new(crate::model::build::stage::BaseImage {
                reference: image.to_owned(),
                facts: None,
            }))
        };
        for (program, image, braces, pipefail) in [
            ("/bin/sh", "debian:12", Some(false), Some(false)),
            ("sh", "debian:13-slim", Some(false), Some(false)),
            ("sh", "debian:14", Some(false), None),
            ("sh", "debian", Some(false), None),
            ("sh", "python:3.13-slim-trixie", Some(false), Some(false)),
            ("sh", "python:3.13-slim", Some(false), None),
            ("sh", "ubuntu:24.04", Some(false), Some(false)),
            ("sh", "ubuntu:26.04", Some(false), None),
            ("sh", "nvidia/cuda:12.4.1-devel-ubuntu22.04", Some(false), Some(false)),
            ("sh", "alpine:3.22", Some(false), Some(true)),
            ("sh", "fedora:42", Some(true), Some(true)),
            ("/bin/bash", "debian:12", Some(true), Some(true)),
            ("sh", "example.com/a:1", None, None),
            ("pwsh", "debian:12", None, None),
        ] {
            assert_eq!(
                Features::of(program, &base(image)),
                Features { braces, pipefail },
                "{program} {image}"
            );
        }
    }

    #[test]
    fn names_and_tags_tell_the_distribution() {
        use SystemShell::{Ash, Bash, Dash, Unknown};
        for (image, shell) in [
            ("debian:12", Dash),
            ("python:3.12", Dash),
            ("python:3.12-slim", Dash),
            ("python:3.12-alpine3.20", Ash),
            ("node:20-alpine", Ash),
            ("alpine", Ash),
            ("docker.io/library/alpine:3", Ash),
            ("public.ecr.aws/docker/library/alpine:3", Ash),
            ("docker:27-dind", Ash),
            ("nvidia/cuda:12.4.1-devel-ubuntu22.04", Dash),
            ("nvidia/cuda:12.4.1-devel-ubi9", Bash),
            ("mcr.microsoft.com/dotnet/sdk:8.0-jammy", Dash),
            ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", Bash),
            ("fedora:40", Bash),
            ("openjdk:17", Unknown),
            ("example.com/team/python:3", Unknown),
            ("python@sha256:0123456789012345678901234567890123456789012345678901234567890123", Unknown),
            ("x:alpinist", Unknown),
        ] {
            let reference = image::parse(&Mapped::replaced(image, Span::default())).unwrap();
            assert_eq!(of_image(&reference), shell, "{image}");
        }
    }
}
