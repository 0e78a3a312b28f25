//! "Did you mean": the name that a misspelt one was meant to be.

/// Longest name worth guessing at, in characters; real ones are shorter, and the guess costs its square.
const LONGEST: usize = 48;

/// The candidates that `name` may misspell, nearest first, at most three. Case does not matter, and neither
/// does `-` for `_`.
///
/// One slip is allowed in a short name and a third of the letters in a long one, three at most; two letters
/// swapped are one slip. `FORM` is `FROM`, `FOO` is nothing.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let Some(wanted) = plain(name) else { return Vec::new() };
    let allowed = match wanted.len() {
        0 | 1 => return Vec::new(),
        length => (length / 3).clamp(1, 3),
    };
    let mut near: Vec<_> = candidates
        .into_iter()
        .filter(|&candidate| candidate != name)
        // Each letter more or less is a slip: most names need no closer look.
        .filter(|candidate| candidate.chars().count().abs_diff(wanted.len()) <= allowed)
        .filter_map(|candidate| Some((distance(&wanted, &plain(candidate)?), candidate)))
        .filter(|&(distance, candidate)| distance <= allowed && distance < candidate.chars().count())
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// The first of [`nearest`].
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(name, candidates).first().copied()
}

fn plain(name: &str) -> Option<Vec<char>> {
    let fold = |c: char| if c == '-' { '_' } else { c.to_ascii_lowercase() };
    let plain: Vec<char> = name.chars().take(LONGEST + 1).map(fold).collect();
    (plain.len() <= LONGEST).then_some(plain)
}

/// Insertions, deletions, replacements and swaps of neighbours between two names.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let names =
            ["image", "container_name", "environment", "ports", "privileged", "FROM", "ENTRYPOINT", "web"];
        for (word, meant) in [
            ("imaeg", Some("image")),
            ("containerName", Some("container_name")),
            ("container-name", Some("container_name")),
            ("enviroment", Some("environment")),
            ("priviledged", Some("privileged")),
            ("port", Some("ports")),
            ("FORM", Some("FROM")),
            ("entrypiont", Some("ENTRYPOINT")),
            ("wbe", Some("web")),
            ("hello", None),
            ("we", Some("web")),
            ("w", None),
            ("", None),
            ("image", None),
        ] {
            assert_eq!(closest(word, names), meant, "{word}");
        }
        assert_eq!(closest(&"image".repeat(1000), names), None);
    }
}
