//! Texts of which a part is known only where they are run, and the paths they name.

use crate::files::{directory, is_absolute, join};
use crate::model::kit::holes::{ROOTED, UNKNOWN};

/// How many directories a command may be thought to run in.
const MOST_PLACES: usize = 12;

/// The longest path that is looked at, in bytes: a script may go up, and up again, ten thousand times.
const LONGEST: usize = 1_024;

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

#[cfg(test)]
mod tests {
    use super::*;

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
