//! The line fingerprints by which GitHub code scanning follows an alert through the history of a file.
//!
//! They are CodeQL's: a rolling hash over the hundred UTF-16 units that begin with a line, blanks left out. GitHub
//! computes them itself for uploads that lack them, and warns when those it is given differ, so every quirk counts.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// Units in the window.
const WINDOW: usize = 100;
/// The base of the polynomial, modulo 2^64.
const BASE: u64 = 37;
/// The unit that stands for the end of the text.
const END: u16 = 0xFFFF;

/// The hashes of some lines (1-based): 64 bits in hexadecimal, a colon, and the how-manieth line of that hash it is.
pub(super) fn line_hashes(text: &str, wanted: &BTreeSet<usize>) -> BTreeMap<usize, String> {
    let mut hasher = Hasher {
        wanted,
        hashes: BTreeMap::new(),
        counts: HashMap::new(),
        window: VecDeque::from(vec![(0, None); WINDOW]),
        hash: 0,
        oldest: (0..WINDOW).fold(1, |power: u64, _| power.wrapping_mul(BASE)),
    };
    let (mut line, mut begins, mut after_return) = (0, true, false);
    for unit in text.encode_utf16().chain([END]) {
        let is_end_of_return = after_return && unit == u16::from(b'\n');
        after_return = false;
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || is_end_of_return {
            continue;
        }
        after_return = unit == u16::from(b'\r');
        let unit = if after_return { u16::from(b'\n') } else { unit };
        let begun = begins.then(|| {
            line += 1;
            line
        });
        begins = unit == u16::from(b'\n');
        hasher.push(unit, begun);
    }
    for _ in 0..WINDOW {
        hasher.push(0, None);
    }
    hasher.hashes
}

struct Hasher<'a> {
    wanted: &'a BTreeSet<usize>,
    hashes: BTreeMap<usize, String>,
    counts: HashMap<u64, usize>,
    /// Units, and the line that begins with each, if one does.
    window: VecDeque<(u16, Option<usize>)>,
    hash: u64,
    /// The weight of the unit that leaves the window.
    oldest: u64,
}

impl Hasher<'_> {
    /// Takes a unit in and lets the oldest go. When a line began with that one, the window holds all that counts of
    /// the line.
    fn push(&mut self, unit: u16, begins: Option<usize>) {
        let (gone, line) = self.window.pop_front().unwrap_or_default();
        if let Some(line) = line {
            let count = self.counts.entry(self.hash).or_default();
            *count += 1;
            if self.wanted.contains(&line) {
                self.hashes.insert(line, format!("{:x}:{count}", self.hash));
            }
        }
        self.window.push_back((unit, begins));
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(self.oldest.wrapping_mul(u64::from(gone)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<String> {
        let wanted = (1..100).collect();
        line_hashes(text, &wanted).into_values().collect()
    }

    /// Values of GitHub's own implementation (github/codeql-action, src/fingerprints.test.ts).
    #[test]
    fn hashes_are_those_that_github_computes() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let repeated = hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(
            repeated[..6],
            (1..=6).map(|n| format!("a7f2ff13bc495cf2:{n}")).collect::<Vec<_>>(),
            "{repeated:?}"
        );
    }

    #[test]
    fn kinds_of_line_ends_and_blanks_make_no_difference() {
        let plain = hashes("a\nb\n\nc\n");
        assert_eq!(hashes("a\r\nb\r\n\r\nc\r\n"), plain);
        assert_eq!(hashes("a\rb\r\rc\r"), plain);
        assert_eq!(hashes("\ta \n b\n \nc\n"), plain);
        assert_eq!(plain.len(), 5);
    }

    #[test]
    fn lines_before_make_no_difference() {
        let after = |text: &str| hashes(text).pop();
        assert_eq!(after("x"), after("a\nb\nx"));
        assert_ne!(after("x"), after("😀"));
    }
}
