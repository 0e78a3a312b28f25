//! "Did you mean": the attribute a misspelt one was meant to be.

/// The name nearest to `word`, if it is near enough to have been meant: one slip in a short word, a third of
/// a long one; two letters swapped are one slip.
pub(crate) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    const LONGEST: usize = 40;
    let word: Vec<char> = word.chars().take(LONGEST + 1).map(plain).collect();
    if word.len() > LONGEST {
        return None;
    }
    names
        .iter()
        .map(|name| (distance(&word, &name.chars().map(plain).collect::<Vec<_>>()), *name))
        .filter(|(distance, name)| *distance <= name.chars().count().max(word.len()).div_ceil(3).min(3))
        .min()
        .map(|(_, name)| name)
}

/// `containerName` and `container-name` are `container_name`.
fn plain(c: char) -> char {
    if c == '-' { '_' } else { c.to_ascii_lowercase() }
}

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
    use super::nearest;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let names = ["image", "container_name", "command", "environment", "ports", "privileged", "pid"];
        for (word, meant) in [
            ("imaeg", Some("image")),
            ("containerName", Some("container_name")),
            ("container-name", Some("container_name")),
            ("enviroment", Some("environment")),
            ("priviledged", Some("privileged")),
            ("port", Some("ports")),
            ("hello", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &names), meant, "{word}");
        }
        assert_eq!(nearest(&"image".repeat(1000), &names), None);
    }
}
