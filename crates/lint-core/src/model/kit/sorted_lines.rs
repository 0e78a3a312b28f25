//! Looking things up in sorted text, as it lies in the binary: nothing is built when the program starts.

/// The lines that begin with `key`, in order. The text is sorted by its lines, or by a first part of them that `key`
/// ends; lines of comments stand at its top.
pub fn starting_with<'k>(text: &'static str, key: &'k str) -> impl Iterator<Item = &'static str> + use<'k> {
    let start = text.get(first(text, key)..).unwrap_or_default();
    start.lines().take_while(move |line| line.starts_with(key))
}

/// The offset of the first line that does not come before `key`.
fn first(text: &str, key: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        // The line that the middle of what is left lies in.
        let middle = low + (high - low) / 2;
        let before = bytes.get(low..middle).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(low, |at| low + at + 1);
        let rest = bytes.get(start..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        if line.get(..key.len()).unwrap_or(line) < key.as_bytes() {
            low = start + length + 1;
        } else {
            high = start;
        }
    }
    low
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
        const TEXT: &str = "# a comment\n# another\na 1\na 2\na-b 3\nab 4\nb 5\n";
        let found = |key| starting_with(TEXT, key).collect::<Vec<_>>();
        assert_eq!(found("a "), ["a 1", "a 2"]);
        assert_eq!(found("a-b "), ["a-b 3"]);
        assert_eq!(found("ab "), ["ab 4"]);
        assert_eq!(found("b "), ["b 5"]);
        for missing in ["0 ", "a- ", "abc ", "c "] {
            assert_eq!(found(missing), [""; 0], "{missing}");
        }
        assert_eq!(starting_with("", "a ").count(), 0);
        assert_eq!(starting_with("a 1", "a ").count(), 1, "without a line's end");
    }
}
