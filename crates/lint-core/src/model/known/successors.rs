//! The releases that take the place of those that have ended, and of tags that name none.
//!
//! The knowledge is data: `data/releases.txt`, dated. Only official images are in it whose tags name a release by its cycle
//! alone (`postgres:17`), so that a tag can be made that is certain to exist.

use lint_parser::image::ImageReference;

use crate::model::kit::sorted_lines::{SortedLines, sorted_lines};
use crate::model::known::end_of_life::{products, release, system};
use crate::model::known::image_facts::canonical;

/// Releases that are maintained, sorted by product.
static RELEASES: SortedLines = sorted_lines!("../../../data/releases.txt");

/// What tags say of an image besides its release, and go on saying of the next one. What names a system by its release
/// is left out: the tag without it stands for the newest.
const VARIANTS: [&str; 14] = [
    "alpine",
    "apache",
    "cli",
    "fpm",
    "full",
    "jdk",
    "jre",
    "jdk17",
    "jdk21",
    "management",
    "otp",
    "slim",
    "temurin",
    "zts",
];

/// Products that cannot open what an older release wrote, or only that of the one before.
const NO_WAY_BACK: [&str; 6] = ["cassandra", "couchdb", "mongo", "mysql", "nextcloud", "postgres"];

/// A tag that takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The tag.
    pub tag: String,
    /// Whether data that the older release wrote has to be converted first.
    pub converts: bool,
}

/// The newest maintained release of the line a tag is of, where its own has ended; or the same release on a system that is
/// maintained.
#[must_use]
pub fn of_ended(reference: &ImageReference) -> Option<Successor> {
    let (tag, name) = (reference.tag.as_ref()?.text().to_owned(), reference.normalized_name());
    if reference.digest.is_some() {
        return None;
    }
    let (first, rest) = tag.split_once('-').unwrap_or((&tag, ""));
    let (product, kept) = maintained(&name)?;
    let ended = release(product, first).is_some();
    let version = match ended {
        false => first,
        true => newest_of_line(first, &kept)?,
    };
    let tag = with_variant(version, rest)?;
    (reference.tag.as_ref()?.text() != tag)
        .then(|| Successor { tag, converts: ended && NO_WAY_BACK.contains(&product) })
}

/// The release that `latest` stands for.
#[must_use]
pub fn of_latest(reference: &ImageReference) -> Option<String> {
    let is_latest =
        reference.tag.as_ref().is_none_or(|tag| tag.text() == "latest") && reference.digest.is_none();
    let (_, kept) = maintained(&reference.normalized_name()).filter(|_| is_latest)?;
    kept.last().map(|version| (*version).to_owned())
}

/// The releases of an official image that are maintained, oldest first, and of which product.
fn maintained(name: &str) -> Option<(&'static str, Vec<&'static str>)> {
    let name = &*canonical(name);
    let official = name.strip_prefix("docker.io/library/")?;
    let product = products(name)?.find(|product| *product == official)?;
    let line = RELEASES.starting_with(&format!("{product} ")).next()?;
    Some((product, line.split(' ').skip(1).collect()))
}

/// Python 3.14 for 3.7, and Node.js 24 for 16: the newest with the same first number, where there is one.
fn newest_of_line<'k>(version: &str, kept: &[&'k str]) -> Option<&'k str> {
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    let is_number = version.starts_with(|c: char| c.is_ascii_digit());
    let same = kept.iter().rfind(|kept| is_number && kept.contains('.') && major(kept) == major(version));
    same.or(kept.last()).copied()
}

/// The tag of a version, with what the older tag says besides; `None` where that is not understood.
fn with_variant(version: &str, rest: &str) -> Option<String> {
    let mut tag = version.to_owned();
    let mut parts = rest.split('-').filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let is_code_name = release("debian", part).is_some() || release("ubuntu", part).is_some();
        if is_code_name || NAMES.contains(&part) {
            continue;
        }
        let word = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_system = word == "alpine" && system(part, parts.peek().copied()).is_some();
        let kept = if is_system { word } else { part };
        if !(VARIANTS.contains(&kept) || kept.starts_with("alpine3.")) {
            return None;
        }
        tag.push('-');
        tag.push_str(kept);
    }
    Some(tag)
}

/// Systems of which a release that is maintained may be too old for the next one: the tag without it has the newest.
const NAMES: [&str; 6] = ["bookworm", "trixie", "jammy", "noble", "resolute", "bullseye"];

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::image::parse;
    use lint_parser::text::mapped::Mapped;

    fn reference(image: &str) -> ImageReference {
        parse(&Mapped::verbatim(image, 0)).expect(image)
    }

    #[test]
    fn releases_that_ended_have_one_that_follows() {
        for (image, expected) in [
            ("node:16", "26"),
            ("node:17.0.1-bullseye-slim", "26-slim"),
            ("python:3.7-slim-buster", "3.14-slim"),
            ("python:3.7-alpine3.12", "3.14-alpine"),
            ("node:22-buster", "22"),
            ("php:7.4-apache", "8.5-apache"),
            ("mariadb:10.5", "10.11"),
            ("debian:buster-slim", "13-slim"),
            ("golang:1.18-alpine", "1.27-alpine"),
            ("docker.io/library/ubuntu:18.04", "26.04"),
        ] {
            assert_eq!(
                of_ended(&reference(image)).map(|next| next.tag).as_deref(),
                Some(expected),
                "{image}"
            );
        }
        for image in [
            "node:16-windowsservercore",
            "node",
            "node:16@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "centos:7",
            "elasticsearch:7.17.0",
            "acme/node:16",
        ] {
            assert_eq!(of_ended(&reference(image)), None, "{image}");
        }
        assert!(of_ended(&reference("postgres:12")).unwrap().converts);
        assert!(!of_ended(&reference("nginx:1.20")).unwrap().converts);
    }

    #[test]
    fn latest_has_a_name() {
        assert_eq!(of_latest(&reference("nginx")).as_deref(), Some("1.31"));
        assert_eq!(of_latest(&reference("postgres:latest")).as_deref(), Some("18"));
        assert_eq!(of_latest(&reference("postgres:17")), None);
        assert_eq!(of_latest(&reference("acme/app")), None);
    }
}
