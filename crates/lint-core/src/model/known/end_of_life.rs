//! Releases that get no security fixes any more.
//!
//! The knowledge is data: `data/end-of-life.txt`, dated. There is no clock here: what had ended when the table was
//! written is reported, today and in a year.

use std::fmt;

use lint_parser::image::ImageReference;

use crate::files::file_name;
use crate::model::kit::sorted_lines::{SortedLines, sorted_lines};
use crate::model::known::image_facts::canonical;

/// Releases, sorted by product and version.
static RELEASES: SortedLines = sorted_lines!("../../../data/end-of-life.txt");
/// The products of repositories, sorted by these.
static IMAGES: SortedLines = sorted_lines!("../../../data/end-of-life-images.txt");

/// A release whose support has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The product, as the table calls it: `golang`.
    pub product: &'static str,
    /// What people call it: `Go`.
    name: &'static str,
    version: &'static str,
    /// The day, as `2024-06-30`; `None` where nobody wrote it down.
    day: Option<&'static str>,
}

/// `Debian 10 (buster) has had no security fixes since 2024-06-30`
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some(day) => write!(f, "{} {} has had no security fixes since {day}", self.name, self.version),
            None => write!(f, "{} {} gets no security fixes any more", self.name, self.version),
        }
    }
}

/// What the parts of tags that say what an image is built on begin with: `alpine3.15`, `debian-11`, `ubuntu20.04`.
const SYSTEMS: [(&str, &str); 7] = [
    ("alpine", "alpine"),
    ("debian", "debian"),
    ("ubuntu", "ubuntu"),
    ("centos", "centos"),
    ("fedora", "fedora"),
    ("ubi", "rhel"),
    ("pg", "postgres"),
];

/// The day on which the table was written, as `2026-11-29`.
#[must_use]
pub fn dated() -> &'static str {
    let line = RELEASES.split_once(" ended on ").map_or("", |(_, rest)| rest);
    line.split([',', '\n']).next().unwrap_or_default()
}

/// The release an image is, or is built on, when its support had ended. Of an image named by its digest alone
/// nothing is known.
#[must_use]
pub fn ended(reference: &ImageReference) -> Option<Ended> {
    let tag = reference.effective_tag()?;
    let name = reference.normalized_name();
    let name = &*canonical(&name);
    own(name, tag).or_else(|| built_on(name, tag))
}

/// The compiler an image brings, when what it compiles holds the compiler's library and that had ended.
#[must_use]
pub fn compiler(reference: &ImageReference) -> Option<Ended> {
    const COMPILERS: [&str; 2] = ["golang", "graalvm-ce"];
    let name = reference.normalized_name();
    let release = own(&canonical(&name), reference.effective_tag()?)?;
    COMPILERS.contains(&release.product).then_some(release)
}

/// The release of the image's own product: the first part of its tag.
fn own(name: &str, tag: &str) -> Option<Ended> {
    let first = tag.split('-').next()?;
    products(name)?.find_map(|product| release(product, first))
}

/// The products whose releases the tags of a repository name; `name` is canonical.
pub(super) fn products(name: &str) -> Option<impl Iterator<Item = &'static str>> {
    let products = |name: &str| {
        let line = IMAGES.starting_with(&format!("{name} ")).next()?;
        line.split_once(' ').map(|(_, products)| products)
    };
    // A registry's copy of an official image, in the project most registries are born with.
    let copy = || {
        let (rest, last) = name.rsplit_once('/')?;
        rest.ends_with("/library").then(|| products(&format!("docker.io/library/{last}"))).flatten()
    };
    Some(products(name).or_else(copy)?.split(','))
}

/// The distribution that later parts of the tag, or the repository's name, say the image is built on.
fn built_on(name: &str, tag: &str) -> Option<Ended> {
    const PUBLIC: [&str; 5] =
        ["docker.io/", "mcr.microsoft.com/", "nvcr.io/", "gcr.io/distroless/", "registry.access.redhat.com/"];
    if !PUBLIC.iter().any(|registry| name.starts_with(registry)) {
        return None;
    }
    // Others name what they like after a dash.
    let of_official = name.starts_with("docker.io/library/") || name.starts_with("mcr.microsoft.com/dotnet/");
    let parts = tag.split('-').take(8);
    let following = tag.split('-').skip(1).map(Some).chain([None]);
    let by_tag = parts.zip(following).find_map(|(part, following)| {
        let is_name = part.len() > 1 && part.bytes().all(|b| b.is_ascii_lowercase());
        let named = || release("debian", part).or_else(|| release("ubuntu", part));
        let by_name = (is_name && of_official).then(named).flatten();
        by_name.or_else(|| system(part, following))
    });
    // `static-debian10`, `ubi7/ubi-minimal`, `ubi7-minimal`
    by_tag.or_else(|| {
        let (rest, last) = name.rsplit_once('/')?;
        [file_name(rest), last]
            .into_iter()
            .flat_map(|name| name.split('-'))
            .find_map(|part| system(part, None))
    })
}

/// `alpine3.15`, or `debian` before `11`.
pub(super) fn system(part: &str, following: Option<&str>) -> Option<Ended> {
    SYSTEMS.iter().find_map(|(word, product)| {
        let version = match part.strip_prefix(word)? {
            "" => following.filter(|_| *product != "postgres")?,
            version => version,
        };
        let is_number = version.starts_with(|c: char| c.is_ascii_digit());
        is_number.then(|| release(product, version)).flatten()
    })
}

/// The release of a version: the version itself, or a shorter one it belongs to.
pub(super) fn release(product: &'static str, version: &str) -> Option<Ended> {
    let mut version = version.strip_prefix('v').unwrap_or(version);
    loop {
        let line = RELEASES.starting_with(&format!("{product} {version} ")).next();
        if let Some(line) = line.filter(|_| version != "!") {
            let mut fields = line.splitn(4, ' ').skip(1);
            let (version, day) = (fields.next()?, fields.next()?);
            let name = RELEASES.starting_with(&format!("{product} ! ")).next()?;
            return Some(Ended {
                product,
                name: name.splitn(3, ' ').nth(2)?,
                version: fields.next().unwrap_or(version),
                day: Some(day).filter(|day| *day != "-"),
            });
        }
        version = version.rsplit_once('.')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kit::sorted_lines::keys;
    use lint_parser::image::parse;
    use lint_parser::text::mapped::Mapped;

    fn name(image: &str) -> Option<String> {
        let reference = parse(&Mapped::verbatim(image, 0)).expect(image);
        ended(&reference).map(|release| format!("{} {}", release.name, release.version))
    }

    #[test]
    fn every_line_of_the_data_is_understood() {
        let keys = keys(RELEASES.text, 2);
        assert!(keys.is_sorted_by(|a, b| a < b), "sorted, and no version twice");
        let products: Vec<_> = IMAGES.lines().flat_map(|line| line.split([' ', ',']).skip(1)).collect();
        for line in RELEASES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<_> = line.splitn(3, ' ').collect();
            let [product, version, rest] = fields[..] else { panic!("{line}") };
            assert!(products.contains(&product), "no image of {product}");
            assert!(keys.contains(&&*format!("{product} ! ")), "{product} has no name");
            let day = rest.split(' ').next().unwrap_or_default();
            let digits = day.split('-').all(|part| part.parse::<u32>().is_ok());
            let is_day = day == "-" || digits && day.len() == 10 && day < "2026-11-30";
            assert!(version == "!" || is_day, "{line}");
        }
    }

    #[test]
    fn every_repository_has_its_products() {
        let keys = keys(IMAGES.text, 1);
        assert!(keys.is_sorted_by(|a, b| a < b), "sorted, and no repository twice");
        for line in IMAGES.lines().filter(|line| !line.starts_with('#')) {
            for product in line.split([' ', ',']).skip(1) {
                assert_eq!(RELEASES.starting_with(&format!("{product} ! ")).count(), 1, "{product}");
            }
        }
    }

    #[test]
    fn releases_that_ended() {
        for (image, expected) in [
            ("debian:buster-slim", "Debian 10 (buster)"),
            ("debian:10.13", "Debian 10 (buster)"),
            ("node:16", "Node.js 16"),
            ("node:16.20.2-alpine3.18", "Node.js 16"),
            ("node:22-buster", "Debian 10 (buster)"),
            ("python:3.7-slim", "Python 3.7"),
            ("python:3.13-alpine3.15", "Alpine 3.15"),
            ("ubuntu:18.04", "Ubuntu 18.04 (bionic)"),
            ("ubuntu:lucid", "Ubuntu 10.04 (lucid)"),
            ("alpine:3.12.4", "Alpine 3.12"),
            ("centos", "CentOS 8"),
            ("public.ecr.aws/docker/library/node:14-alpine", "Node.js 14"),
            ("mcr.microsoft.com/dotnet/aspnet:6.0-focal", ".NET 6"),
            ("eclipse-temurin:21-jre-focal", "Ubuntu 20.04 (focal)"),
            ("arm64v8/node:14", "Node.js 14"),
            ("mirror.gcr.io/library/php:7.4-fpm", "PHP 7.4"),
            ("harbor.example.com/library/python:3.8", "Python 3.8"),
            ("php:7", "PHP 7"),
            ("redis:6.0.20-alpine", "Redis 6.0"),
            ("docker.io/bitnami/redis:7.2.1-debian-11-r0", "Debian 11 (bullseye)"),
            ("nvidia/cuda:11.0.3-base-ubuntu18.04", "Ubuntu 18.04 (bionic)"),
            ("timescale/timescaledb:2.14.2-pg13", "PostgreSQL 13"),
            ("gcr.io/distroless/static-debian10:nonroot", "Debian 10 (buster)"),
            ("registry.access.redhat.com/ubi7/ubi-minimal", "Red Hat UBI 7"),
            ("ros:melodic-ros-core-bionic", "ROS melodic"),
            ("traefik:v2.11", "Traefik 2.11"),
            ("node:16@sha256:0000000000000000000000000000000000000000000000000000000000000000", "Node.js 16"),
        ] {
            assert_eq!(name(image).as_deref(), Some(expected), "{image}");
        }
    }

    #[test]
    fn releases_that_did_not() {
        for image in [
            "debian",
            "debian:trixie",
            "node:22-alpine",
            "node:160",
            "python:3.14",
            "php:8",
            "mirror.example.com/python:3.8",
            "gcr.io/distroless/static-debian13",
            "nvidia/cuda:12.8.0-base-ubuntu24.04",
            "registry.access.redhat.com/ubi9/ubi",
            "wordpress:6.2",
            "alpine:3",
            "alpine:3.22",
            "alpine:edge",
            "acme/node:16",
            "ghcr.io/acme/app:1-buster",
            "postgres:17",
            "ubuntu:24.04",
            "node@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        ] {
            assert_eq!(name(image), None, "{image}");
        }
    }
}
