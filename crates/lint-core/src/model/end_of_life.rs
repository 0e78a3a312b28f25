//! Releases that get no security fixes any more.
//!
//! The knowledge is data: `data/end-of-life.txt`, dated. There is no clock here: what had ended when the table was
//! written is reported, today and in a year.

use std::collections::HashMap;
use std::sync::OnceLock;

use lint_parser::image::ImageReference;

static DATA: &str = include_str!("../../data/end-of-life.txt");

/// A release whose support has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// `Debian 10 (buster)`
    pub name: &'static str,
    /// The day, as `2024-06-30`.
    pub ended: &'static str,
}

#[derive(Default)]
struct Table {
    /// The product of a repository.
    images: HashMap<&'static str, &'static str>,
    /// By product and version.
    releases: HashMap<(&'static str, &'static str), Ended>,
}

/// The release an image is, or is built on, when its support had ended. Of an image named by its digest alone
/// nothing is known.
#[must_use]
pub fn ended(reference: &ImageReference) -> Option<Ended> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(|| read(DATA));
    let tag = reference.effective_tag()?;
    let name = reference.normalized_name();
    let official = ["public.ecr.aws/docker/library/", "mirror.gcr.io/library/"]
        .iter()
        .find_map(|mirror| name.strip_prefix(mirror))
        .map(|name| format!("docker.io/library/{name}"));
    let name = official.as_deref().unwrap_or(&name);
    let product = table.images.get(name).copied();
    let mut parts = tag.split('-');
    let first = parts.next()?;
    if let Some(product) = product
        && let Some(release) = table.release(product, first)
    {
        return Some(release);
    }
    // Others name what they like after a dash.
    let of_official = name.starts_with("docker.io/library/") || name.starts_with("mcr.microsoft.com/dotnet/");
    let mut parts = std::iter::once(first).chain(parts).filter(|_| of_official).take(8);
    parts.find_map(|part| match part.strip_prefix("alpine") {
        Some(version) if !version.is_empty() => table.release("alpine", version),
        _ => {
            let is_name = part.bytes().all(|b| b.is_ascii_lowercase());
            let named = |product| table.releases.get(&(product, part)).copied().filter(|_| is_name);
            (part != "latest").then(|| named("debian").or_else(|| named("ubuntu")))?
        }
    })
}

impl Table {
    /// The release of a version: the version itself, or a shorter one it belongs to.
    fn release(&self, product: &'static str, version: &str) -> Option<Ended> {
        let mut version = version.strip_prefix('v').unwrap_or(version);
        loop {
            if let Some(release) = self.releases.get(&(product, version)) {
                return Some(*release);
            }
            version = version.rsplit_once('.')?.0;
        }
    }
}

fn read(data: &'static str) -> Table {
    let mut table = Table::default();
    for line in data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.splitn(2, char::is_whitespace);
        let (Some(kind), Some(rest)) = (words.next(), words.next()) else { continue };
        let mut fields = rest.split_whitespace();
        let (Some(first), Some(second)) = (fields.next(), fields.next()) else { continue };
        if kind == "image" {
            table.images.insert(first, second);
            continue;
        }
        let Some(ended) = fields.next() else { continue };
        let Some(name) = rest.split_once(ended).map(|(_, name)| name.trim()) else { continue };
        table.releases.insert((first, second), Ended { name, ended });
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::image::parse;
    use lint_parser::text::mapped::Mapped;

    fn name(image: &str) -> Option<&'static str> {
        let reference = parse(&Mapped::verbatim(image, 0)).expect(image);
        ended(&reference).map(|release| release.name)
    }

    #[test]
    fn every_line_of_the_data_is_understood() {
        let lines =
            DATA.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).collect::<Vec<_>>();
        let table = read(DATA);
        assert_eq!(lines.len(), table.images.len() + table.releases.len(), "a line is doubled or not read");
        let products: Vec<_> = table.images.values().collect();
        for ((product, version), release) in &table.releases {
            assert!(products.contains(&product), "no image of {product}");
            let date: Vec<_> = release.ended.split('-').collect();
            let whole = date.len() == 3 && release.ended.len() == 10;
            assert!(whole && date.iter().all(|part| part.parse::<u32>().is_ok()), "{product} {version}");
            assert!(!release.name.is_empty() && release.ended < "2026-12", "{product} {version}");
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
            ("ubuntu:18.04", "Ubuntu 18.04"),
            ("alpine:3.12.4", "Alpine 3.12"),
            ("centos", "CentOS 8"),
            ("public.ecr.aws/docker/library/node:14-alpine", "Node.js 14"),
            ("mcr.microsoft.com/dotnet/aspnet:6.0-focal", ".NET 6"),
            ("eclipse-temurin:21-jre-focal", "Ubuntu 20.04 (focal)"),
            ("node:16@sha256:0000000000000000000000000000000000000000000000000000000000000000", "Node.js 16"),
        ] {
            assert_eq!(name(image), Some(expected), "{image}");
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
            "python:3.1",
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
