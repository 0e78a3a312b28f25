//! Looking things up in sorted text, as it lies in the binary: nothing is built when the program starts.

use std::ops::Deref;

/// A text whose lines are sorted, or sorted by a first part of them; lines of comments stand at its top.
#[derive(Debug)]
pub struct SortedLines {
    pub text: &'static str,
    /// Where each line starts, in bytes.
    pub starts: &'static [u32],
}

/// A sorted text, with where its lines start worked out by the compiler: `sorted_lines!("../../data/images.txt")`.
macro_rules! sorted_lines {
    ($file:literal) => {
        $crate::model::kit::sorted_lines::sorted_lines!(text include_str!($file))
    };
    (text $text:expr) => {{
        use $crate::model::kit::sorted_lines::{SortedLines, count, starts};
        const TEXT: &str = $text;
        static STARTS: [u32; count(TEXT)] = starts(TEXT);
        SortedLines { text: TEXT, starts: &STARTS }
    }};
}
pub(crate) use sorted_lines;

/// How many lines a text has.
pub const fn count(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut at) = (0, 0);
    while at < bytes.len() {
        if at == 0 || bytes[at - 1] == b'\n' {
            count += 1;
        }
        at += 1;
    }
    count
}

/// Where the lines of a text start.
pub const fn starts<const LINES: usize>(text: &str) -> [u32; LINES] {
    let bytes = text.as_bytes();
    assert!(bytes.len() < u32::MAX as usize, "the places fit their type");
    let mut starts = [0; LINES];
    let (mut line, mut at) = (0, 0);
    while at < bytes.len() {
        if at == 0 || bytes[at - 1] == b'\n' {
            starts[line] = at as u32;
            line += 1;
        }
        at += 1;
    }
    starts
}

impl SortedLines {
    /// The lines that begin with `key`, in order. `key` ends what the lines are sorted by.
    pub fn starting_with<'k>(&self, key: &'k str) -> impl Iterator<Item = &'static str> + use<'k> {
        let text = self.text;
        // A line that is shorter than the key ends with what comes before every character of one.
        let comes_before = |start: &u32| {
            let rest = text.as_bytes().get(*start as usize..).unwrap_or_default();
            rest.get(..key.len()).unwrap_or(rest) < key.as_bytes()
        };
        let first = self.starts.get(self.starts.partition_point(comes_before));
        let rest = first.and_then(|first| text.get(*first as usize..)).unwrap_or_default();
        rest.lines().take_while(move |line| line.starts_with(key))
    }
}

impl Deref for SortedLines {
    type Target = str;

    fn deref(&self) -> &str {
        self.text
    }
}

/// The keys of a text's lines, for tests: the words before the `words`th blank, with it.
#[cfg(test)]
pub fn keys(text: &'static str, words: usize) -> Vec<&'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let blank = line.match_indices(' ').nth(words - 1).expect(line).0;
            &line[..=blank]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_by_its_key() {
        static TEXT: SortedLines = sorted_lines!(text "# a comment\n# another\na 1\na 2\na-b 3\nab 4\nb 5\n");
        static EMPTY: SortedLines = sorted_lines!(text "");
        static ONE: SortedLines = sorted_lines!(text "a 1");
        let found = |key| TEXT.starting_with(key).collect::<Vec<_>>();
        assert_eq!(found("a "), ["a 1", "a 2"]);
        assert_eq!(found("a-b "), ["a-b 3"]);
        assert_eq!(found("ab "), ["ab 4"]);
        assert_eq!(found("b "), ["b 5"]);
        for missing in ["0 ", "a- ", "abc ", "c "] {
            assert_eq!(found(missing), [""; 0], "{missing}");
        }
        assert_eq!(EMPTY.starting_with("a ").count(), 0);
        assert_eq!(ONE.starting_with("a ").count(), 1, "without a line's end");
    }
}
