//! Places as editors count them: lines from 0, and columns in units of an encoding.

use lint_parser::text::span::Span;

/// How many bytes lie between two places whose columns are known.
const STEP: usize = 256;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, of which a character beyond the first 65,536 has two.
    #[default]
    Utf16,
    /// Code points.
    Utf32,
}

/// A place: its line, and how many units of the encoding precede it on its line, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub character: u32,
}

impl Position {
    /// A place.
    #[must_use]
    pub fn new(line: u32, character: u32) -> Self {
        Self { line, character }
    }
}

/// The lines of a text as editors see them: they end with `\n`, `\r\n` or `\r`.
///
/// ```
/// use lint_core::session::{Encoding, Position, Positions};
///
/// let text = "RUN echo 🦀 x\r\nUSER root\r\n";
/// let positions = Positions::new(text, Encoding::Utf16);
/// let x = text.find('x').unwrap();
/// assert_eq!(positions.position(text, x), Position::new(0, 12));
/// assert_eq!(positions.offset(text, Position::new(0, 12)), x);
/// // Beyond the end of a line is its end, and half a character is its beginning.
/// assert_eq!(positions.offset(text, Position::new(0, 99)), text.find('\r').unwrap());
/// assert_eq!(positions.offset(text, Position::new(0, 10)), text.find('🦀').unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct Positions {
    encoding: Encoding,
    /// Where lines begin.
    lines: Vec<u32>,
    /// How many units precede every `STEP`-th byte; empty where units are bytes.
    units: Vec<u32>,
}

impl Positions {
    /// Looks at the lines of a text.
    #[must_use]
    pub fn new(text: &str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut lines = vec![0];
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                lines.push(number(at + 1));
            }
        }
        let mut units = Vec::new();
        if encoding != Encoding::Utf8 && !text.is_ascii() {
            let (mut count, mut next) = (0, 0);
            for (at, c) in text.char_indices() {
                while next <= at {
                    units.push(count);
                    next += STEP;
                }
                count += width(encoding, c);
                // A character may lie across the step: what begins at or before it counts as before it.
            }
            while next <= text.len() {
                units.push(count);
                next += STEP;
            }
        }
        Self { encoding, lines, units }
    }

    /// How many lines there are; after a last line's end there is one more, which is empty.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The place of a byte offset. One inside a character is taken for where the character begins.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|&start| start as usize <= offset).saturating_sub(1);
        // Between `\r` and `\n` there is no place.
        let start = self.start(line);
        let offset = offset.min(self.end_of(text, line)).max(start);
        let character = self.before(text, offset) - self.before(text, start);
        Position { line: number(line), character }
    }

    /// The byte offset of a place; one beyond the end of its line is the end of the line, one beyond the last line the end of
    /// the text.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        if line >= self.lines.len() {
            return text.len();
        }
        let (start, end) = (self.start(line), self.end_of(text, line));
        let wanted = self.before(text, start).saturating_add(position.character);
        if self.units.is_empty() {
            let mut at = start.saturating_add(position.character as usize).min(end);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            return at;
        }
        // The last step that is not beyond, and from there character by character.
        let step = self.units.partition_point(|&units| units <= wanted).saturating_sub(1);
        let mut at = boundary(text, step * STEP).max(start);
        let mut count = self.before(text, at);
        for c in text.get(at..end).unwrap_or_default().chars() {
            count += width(self.encoding, c);
            if count > wanted {
                break;
            }
            at += c.len_utf8();
        }
        at.min(end)
    }

    /// The places where a span begins and ends.
    #[must_use]
    pub fn range(&self, text: &str, span: Span) -> (Position, Position) {
        (self.position(text, span.start()), self.position(text, span.end()))
    }

    fn start(&self, line: usize) -> usize {
        self.lines.get(line).map_or(0, |&start| start as usize)
    }

    /// Where a line ends, before what ends it.
    fn end_of(&self, text: &str, line: usize) -> usize {
        let Some(&next) = self.lines.get(line + 1) else { return text.len() };
        let content = &text[self.start(line)..next as usize];
        let content = content.strip_suffix('\n').unwrap_or(content);
        let content = content.strip_suffix('\r').unwrap_or(content);
        self.start(line) + content.len()
    }

    /// How many units precede an offset on a boundary.
    fn before(&self, text: &str, offset: usize) -> u32 {
        if self.units.is_empty() {
            return number(offset);
        }
        let step = offset / STEP;
        let from = boundary(text, step * STEP).min(offset);
        let known = self.units.get(step).copied().unwrap_or_default();
        let rest = text.get(from..offset).unwrap_or_default();
        known + rest.chars().map(|c| width(self.encoding, c)).sum::<u32>()
    }
}

/// The first boundary at or after an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (offset..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

fn width(encoding: Encoding, c: char) -> u32 {
    match encoding {
        Encoding::Utf8 => number(c.len_utf8()),
        Encoding::Utf16 => number(c.len_utf16()),
        Encoding::Utf32 => 1,
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, counted plainly.
    fn plain(text: &str, offset: usize, encoding: Encoding) -> Position {
        let mut position = Position::default();
        for (at, c) in text[..offset].char_indices() {
            let is_half = c == '\r' && text[at + 1..].starts_with('\n');
            if c == '\n' || (c == '\r' && !is_half) {
                position = Position::new(position.line + 1, 0);
            } else if !is_half {
                position.character += width(encoding, c);
            }
        }
        position
    }

    proptest! {
        #[test]
        fn places_agree_with_a_plain_count(parts in prop::collection::vec(prop::sample::select(vec![
            "a", "é", "𐐀", "👩‍🚀", "\t", "\n", "\r\n", "\r", "words and words", "\u{2028}", "\u{feff}",
        ]), 0..400)) {
            let text = parts.concat();
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let positions = Positions::new(&text, encoding);
                for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') {
                        continue;
                    }
                    let expected = plain(&text, offset, encoding);
                    prop_assert_eq!(positions.position(&text, offset), expected, "{:?} at {}", encoding, offset);
                    prop_assert_eq!(positions.offset(&text, expected), offset);
                }
            }
        }

        #[test]
        fn any_place_is_some_offset(text in ".{0,80}", line in 0u32..9, character in 0u32..200) {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let offset = Positions::new(&text, encoding).offset(&text, Position::new(line, character));
                prop_assert!(text.is_char_boundary(offset));
            }
        }
    }

    #[test]
    fn long_lines_cost_no_more_than_short_ones() {
        let text = "é𐐀a".repeat(20_000);
        let positions = Positions::new(&text, Encoding::Utf16);
        for number in 0..20_000_u32 {
            let at = number as usize * 7;
            assert_eq!(positions.position(&text, at), Position::new(0, number * 4));
            assert_eq!(positions.offset(&text, Position::new(0, number * 4)), at);
        }
    }
}
