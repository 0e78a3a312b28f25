//! Words for errors: quoting hostile text, and guessing what was meant.

/// Longest piece of source an error message repeats, in characters.
const SHOWN: usize = 60;

/// Longest word worth guessing at, in characters; real names are shorter, and the guess costs its square.
const GUESSED: usize = 32;

/// Source text for a message: cut when long, control characters replaced.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// The one of `names` that `word` most likely misspells, compared without regard to case.
///
/// Only a name at most a third of its letters away counts: `FORM` is `FROM`, `FOO` is nothing.
pub(super) fn closest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.chars().nth(GUESSED).is_some() {
        return None;
    }
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let wanted: Vec<char> = name.to_lowercase().chars().collect();
        let distance = distance(&word, &wanted);
        let near = distance <= (wanted.len() / 3).max(1);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Edit distance in which swapping two neighbours costs one, as people's fingers do.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_guessed_and_far_ones_are_not() {
        let names = ["FROM", "RUN", "ENTRYPOINT", "ENV"];
        assert_eq!(closest("FORM", names), Some("FROM"));
        assert_eq!(closest("entrypiont", names), Some("ENTRYPOINT"));
        assert_eq!(closest("services:", names), None);
        assert_eq!(closest(&"x".repeat(1_000_000), names), None);
    }

    #[test]
    fn long_and_control_text_is_tamed() {
        assert_eq!(shown("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
        assert_eq!(shown(&"é".repeat(99)).chars().count(), SHOWN + 1);
    }
}
