//! Tags that are moved from one image to the next.

/// Words that name what is newest of something.
const MOVING: [&str; 26] = [
    "canary",
    "current",
    "dev",
    "devel",
    "develop",
    "development",
    "edge",
    "experimental",
    "head",
    "insiders",
    "latest",
    "main",
    "master",
    "next",
    "nightly",
    "preview",
    "rawhide",
    "rolling",
    "sid",
    "snapshot",
    "snapshots",
    "testing",
    "tip",
    "trunk",
    "tumbleweed",
    "unstable",
];

/// Whether a tag stands for something else every day: `latest`, `edge`, `nightly-alpine`. With a version, a date or a
/// commit behind the word it does not: `main-4f2a9c1`, `dev-1.4.2`, `nightly-2026-02-01`.
#[must_use]
pub fn is_moving(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    // `alpine-latest`, but not `2022-latest`: that is the newest of a line.
    let has_number = tag.bytes().any(|byte| byte.is_ascii_digit());
    let last = tag.rsplit(['-', '_']).next().unwrap_or_default();
    if !has_number
        && ["canary", "edge", "latest", "nightly"].iter().any(|word| last.eq_ignore_ascii_case(word))
    {
        return true;
    }
    MOVING.iter().any(|word| first.eq_ignore_ascii_case(word)) && !parts.any(names_a_build)
}

/// `1`, `2026`, `4f2a9c1`, `v2`, `build12`; but not `alpine3`, `pg16` and `jdk17`, which are variants.
fn names_a_build(part: &str) -> bool {
    let commit = part.strip_prefix("sha").or_else(|| part.strip_prefix('g')).unwrap_or(part);
    let is_hex = commit.len() >= 7 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let word = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    part.bytes().any(|byte| byte.is_ascii_digit())
        && (part.starts_with(|c: char| c.is_ascii_digit())
            || is_hex
            || matches!(word, "v" | "r" | "b" | "build" | "rc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_move_and_builds_do_not() {
        for tag in [
            "latest",
            "edge",
            "nightly-bookworm-slim",
            "latest-pg16",
            "Main",
            "sid-slim",
            "latest-alpine3.20",
        ] {
            assert!(is_moving(tag), "{tag}");
        }
        for tag in [
            "3.20",
            "main-4f2a9c1",
            "dev-1.4.2",
            "nightly-2026-02-01",
            "edge-v2",
            "master-sha4f2a9c1d",
            "bookworm",
            "stable",
            "mainline",
            "latestish",
            "",
        ] {
            assert!(!is_moving(tag), "{tag}");
        }
    }
}
