//! What public images need where they are confined: under a read-only root file system, without capabilities, without
//! new privileges.
//!
//! The knowledge is data: `data/hardening.txt`, dated. It holds for the entrypoint and the user that an image comes with.

use crate::model::kit::sorted_lines::{SortedLines, sorted_lines};
use crate::model::known::image_facts::{canonical, glob};

/// Images, sorted by repository.
static IMAGES: SortedLines = sorted_lines!("../../../data/hardening.txt");

/// What an image needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hardening {
    words: &'static str,
}

/// A path that must stay writable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writes {
    /// The path.
    pub path: &'static str,
    /// The options of a tmpfs that it needs there, separated by colons: `exec`, `uid=1000:gid=1000`.
    pub options: &'static str,
}

/// What is known of a repository's tag; `repository` is normalised.
#[must_use]
pub fn lookup(repository: &str, tag: &str) -> Option<Hardening> {
    let repository = &*canonical(repository);
    IMAGES.starting_with(&format!("{repository} ")).find_map(|line| {
        let (_, rest) = line.split_once(' ')?;
        let (tags, words) = rest.split_once(' ')?;
        glob(tags, tag).then_some(Hardening { words })
    })
}

impl Hardening {
    fn fact(self, key: &str) -> Option<&'static str> {
        self.words.split(' ').find_map(|word| match word.split_once('=') {
            Some((name, value)) => (name == key).then_some(value),
            None => (word == key).then_some(""),
        })
    }

    fn list(self, key: &str) -> Option<Vec<&'static str>> {
        Some(self.fact(key)?.split(',').filter(|item| !item.is_empty()).collect())
    }

    /// The paths it writes to besides those of its data; `None` where that is not known, or is too much to be mounted.
    #[must_use]
    pub fn writes(self) -> Option<Vec<Writes>> {
        let read = |item: &'static str| {
            let (path, options) = item.split_once(':').unwrap_or((item, ""));
            Writes { path, options }
        };
        Some(self.list("writes")?.into_iter().map(read).collect())
    }

    /// The directories of its data.
    #[must_use]
    pub fn keeps(self) -> Vec<&'static str> {
        self.list("keeps").unwrap_or_default()
    }

    /// The capabilities it needs where it starts as root; `None` where that is not known.
    #[must_use]
    pub fn needs(self) -> Option<Vec<&'static str>> {
        self.list("needs")
    }

    /// The capabilities that its program's file carries: without them it does not start, whoever starts it.
    #[must_use]
    pub fn carries(self) -> Vec<&'static str> {
        self.list("carries").unwrap_or_default()
    }

    /// Variables, and paths where something is mounted, with which it needs more than is known.
    #[must_use]
    pub fn unless(self) -> Vec<&'static str> {
        self.list("unless").unwrap_or_default()
    }

    /// Whether a program of it gains privileges: `sudo`, a file with capabilities.
    #[must_use]
    pub fn escalates(self) -> bool {
        self.fact("escalates").is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kit::sorted_lines::keys;
    use crate::model::known::capabilities::capability;

    #[test]
    fn every_line_of_the_data_is_understood() {
        let lines: Vec<&str> = IMAGES.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 100 && keys(IMAGES.text, 1).is_sorted());
        for line in lines {
            let words = line.splitn(3, ' ').nth(2).expect(line);
            for word in words.split(' ') {
                let (key, value) = word.split_once('=').unwrap_or((word, ""));
                let items = value.split(',').filter(|item| !item.is_empty());
                for item in items {
                    match key {
                        "unless" if item.starts_with('/') => {}
                        "writes" | "keeps" => assert!(item.starts_with('/'), "{line}"),
                        "needs" | "carries" => assert!(capability(item).is_some(), "{line}"),
                        "unless" => {
                            assert!(item.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{line}")
                        }
                        _ => panic!("{line}"),
                    }
                }
                assert!(
                    ["writes", "keeps", "needs", "carries", "unless", "escalates"].contains(&key),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn what_images_need() {
        let postgres = lookup("docker.io/library/postgres", "16-alpine").unwrap();
        let paths: Vec<_> = postgres.writes().unwrap().iter().map(|writes| writes.path).collect();
        assert_eq!(paths, ["/tmp", "/run/postgresql"]);
        assert!(postgres.needs().unwrap().contains(&"SETUID"));
        assert_eq!(lookup("docker.io/library/neo4j", "5").unwrap().writes(), None);
        assert_eq!(lookup("docker.io/library/haproxy", "3").unwrap().writes(), Some(Vec::new()));
        assert_eq!(lookup("docker.io/gitea/gitea", "1.24-rootless").unwrap().needs(), Some(Vec::new()));
        assert_eq!(lookup("docker.io/gitea/gitea", "1.24").unwrap().needs(), None);
        assert_eq!(lookup("docker.io/library/caddy", "2").unwrap().carries(), ["NET_BIND_SERVICE"]);
        assert_eq!(lookup("example.com/postgres", "16"), None);
    }
}
