//! Texts of which a part is known only where they are run, and the paths they name.

use crate::files::{directory, is_absolute, join};

/// Stands for a part of a text that is known only where it is run: `$1`, `$(git describe)`.
pub(super) const UNKNOWN: char = '\u{F8F0}';

/// Begins a path that does not depend on where the command runs: `"$(dirname "$0")/.."`.
pub(super) const ROOTED: char = '\u{F8F1}';

/// How many directories a command may be thought to run in.
const MOST_PLACES: usize = 12;

/// The longest path that is looked at, in bytes: a script may go up, and up again, ten thousand times.
const LONGEST: usize = 1_024;

/// Whether a text is known from its first letter to its last.
pub(super) fn is_known(text: &str) -> bool {
    !text.contains([UNKNOWN, ROOTED])
}

/// A directory and all above it, the innermost first; the last is the one that names start from.
pub(super) fn upwards(of: &str) -> Vec<String> {
    let mut places = Vec::new();
    let mut at = if of == "." { "" } else { of };
    while places.len() < MOST_PLACES {
        places.push(at.to_owned());
        if at.is_empty() || at == "/" || at == ".." || at.ends_with("/..") {
            break;
        }
        at = directory(at);
    }
    places
}

/// The paths a text may name: one for each of the directories it may be relative to. `here` is the directory of the file
/// that says it: below it, or above, lies what begins with something unknown (`$ROOT/web/Dockerfile`).
pub(super) fn paths(text: &str, places: &[String], here: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |path: String| {
        if found.len() < MOST_PLACES && path.len() <= LONGEST && !found.contains(&path) {
            found.push(path);
        }
    };
    if let Some(at) = text.rfind(ROOTED) {
        add(join("", &text[at + ROOTED.len_utf8()..]));
    } else if let Some(rest) = text.strip_prefix(UNKNOWN).and_then(|rest| rest.strip_prefix('/')) {
        upwards(here).iter().for_each(|place| add(join(place, rest)));
    } else if is_absolute(text) {
        add(join("", text));
    } else if !text.is_empty() {
        places.iter().for_each(|place| add(join(place, text)));
    }
    found
}

/// Whether a text is what a partly known one may become.
pub(super) fn may_be(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split(UNKNOWN);
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_may_be_anything() {
        let pattern = |text: &str| text.replace('?', &UNKNOWN.to_string());
        assert!(may_be("a/b", "a/b") && !may_be("a/b", "a/bc"));
        assert!(may_be(&pattern("a/?/b"), "a/x/y/b") && !may_be(&pattern("a/?/b"), "a/b"));
        assert!(may_be(&pattern("?"), "x") && may_be(&pattern("x?"), "x"));
        assert!(!may_be(&pattern("ab?ba"), "aba"));
    }

    #[test]
    fn paths_start_where_the_command_runs() {
        let places = ["ci".to_owned(), String::new()];
        assert_eq!(paths("../web", &places, "ci"), ["web", "../web"]);
        assert_eq!(paths(&format!("{ROOTED}ci/.."), &places, "ci"), ["."]);
        assert_eq!(paths(&format!("{UNKNOWN}/web"), &places, "a/b"), ["a/b/web", "a/web", "web"]);
        assert_eq!(paths("/srv/x", &places, "ci"), ["/srv/x"]);
        assert_eq!(upwards("a/b"), ["a/b", "a", ""]);
    }
}
