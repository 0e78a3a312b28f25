//! Whether two projects are one thing in two ways, of which people run one.

use std::collections::BTreeSet;

use crate::files::directory;
use crate::model::repository::claims::{ClaimedService, Claims};

/// Words that tell one way from another: of use, of hardware, of age.
const WAYS: [&str; 66] = [
    "alpha",
    "alternative",
    "alternatives",
    "amd",
    "amd64",
    "archive",
    "archived",
    "arm",
    "arm64",
    "backup",
    "beta",
    "cd",
    "ci",
    "cloud",
    "cluster",
    "common",
    "cpu",
    "cuda",
    "debug",
    "deprecated",
    "dev",
    "devel",
    "develop",
    "development",
    "experimental",
    "gpu",
    "ha",
    "integration",
    "intel",
    "legacy",
    "light",
    "lite",
    "live",
    "local",
    "localhost",
    "mac",
    "macos",
    "minimal",
    "mono",
    "new",
    "nvidia",
    "old",
    "orig",
    "original",
    "override",
    "podman",
    "preview",
    "prod",
    "production",
    "qa",
    "release",
    "remote",
    "replica",
    "rocm",
    "sandbox",
    "simple",
    "single",
    "slim",
    "stable",
    "stage",
    "staging",
    "standalone",
    "swarm",
    "uat",
    "variants",
    "windows",
];

/// Words for what is there to be looked at, each for itself.
const SAMPLES: [&str; 40] = [
    "assignment",
    "assignments",
    "bench",
    "benchmark",
    "benchmarks",
    "chapter",
    "chapters",
    "compose-examples",
    "course",
    "demo",
    "demos",
    "doc",
    "docs",
    "e2e",
    "example",
    "examples",
    "exercise",
    "exercises",
    "fixture",
    "fixtures",
    "lab",
    "labs",
    "lesson",
    "lessons",
    "playground",
    "quickstart",
    "quickstarts",
    "recipes",
    "sample",
    "samples",
    "snippets",
    "starter",
    "starters",
    "template",
    "templates",
    "test",
    "testdata",
    "testing",
    "tests",
    "tutorial",
];

/// Whether the places of two projects, or what they run, show that they are alternatives.
pub(super) fn are_alternatives(one: &Claims, other: &Claims) -> bool {
    is_sample(one) || is_sample(other) || differ_in_way(one, other) || run_the_same(one, other)
}

/// Whether a project is there to be looked at.
fn is_sample(claims: &Claims) -> bool {
    words(claims).iter().any(|word| SAMPLES.binary_search(&word.as_str()).is_ok())
}

/// Whether the paths differ in a word that tells one way from another, or in a version.
pub(super) fn differ_in_way(one: &Claims, other: &Claims) -> bool {
    let (one, other) = (words(one), words(other));
    one.symmetric_difference(&other).any(|word| {
        let is_version = word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
        is_version || WAYS.binary_search(&word.as_str()).is_ok()
    })
}

/// Whether one of them runs most of what the other runs.
fn run_the_same(one: &Claims, other: &Claims) -> bool {
    let is_same = |service: &ClaimedService| {
        other.services.iter().any(|known| known.name == service.name && known.runs == service.runs)
    };
    let same = one.services.iter().filter(|service| is_same(service)).count();
    let fewest = one.services.len().min(other.services.len());
    let is_built_by_both = |service: &ClaimedService| {
        let built = service.runs.as_ref().filter(|runs| !runs.contains(':'));
        built.is_some_and(|built| other.services.iter().any(|known| known.runs.as_ref() == Some(built)))
    };
    // One file for all, and one for a part of it alone.
    let is_part = is_above(&one.directory, &other.directory) || is_above(&other.directory, &one.directory);
    let shares_name =
        || one.services.iter().any(|service| other.services.iter().any(|known| known.name == service.name));
    (same > 1 && same * 2 > fewest) || one.services.iter().any(is_built_by_both) || (is_part && shares_name())
}

fn is_above(above: &str, below: &str) -> bool {
    above.is_empty() || below.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// The words of a project's paths.
fn words(claims: &Claims) -> BTreeSet<String> {
    let files = claims.started.iter().map(String::as_str);
    let paths = files.chain([claims.directory.as_str()]);
    paths
        .flat_map(|path| path.split(['/', '.', '-', '_', ' ']))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Whether two projects lie in one directory.
pub(super) fn are_beside(one: &Claims, other: &Claims) -> bool {
    let places = |claims: &Claims| -> BTreeSet<String> {
        claims.started.iter().map(|file| directory(file).to_owned()).collect()
    };
    one.directory == other.directory || !places(one).is_disjoint(&places(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        assert!(WAYS.is_sorted() && SAMPLES.is_sorted());
    }
}
