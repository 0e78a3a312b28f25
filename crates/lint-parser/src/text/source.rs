//! A source text with its name, and lines and columns on demand.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::span::Span;

/// A named source text; cheap to clone.
///
/// ```
/// use lint_parser::text::source::SourceFile;
/// use lint_parser::text::span::Span;
///
/// let file = SourceFile::new("Dockerfile", "FROM debian\nUSER root\n");
/// assert_eq!(file.slice(Span::new(17, 21)), "root");
/// let at = file.line_column(17);
/// assert_eq!((at.line, at.column), (2, 6));
/// ```
#[derive(Clone)]
pub struct SourceFile(Arc<Inner>);

struct Inner {
    name: String,
    text: String,
    index: OnceLock<Index>,
}

/// Where lines begin, and how many characters precede every `STEP`-th byte, so that a column costs the same
/// in a file of one 10 MB line as anywhere else.
struct Index {
    lines: Vec<u32>,
    checkpoints: Vec<Checkpoint>,
    ascii: bool,
}

#[derive(Clone, Copy, Default)]
struct Checkpoint {
    chars: u32,
    utf16: u32,
}

const STEP: usize = 512;

/// A place in a text as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// 1-based line.
    pub line: usize,
    /// 1-based column.
    pub column: usize,
}

impl SourceFile {
    /// Names a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Arc::new(Inner { name: name.into(), text: text.into(), index: OnceLock::new() }))
    }

    /// The name the text was given: a path as the user wrote it, `/`-separated.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The text under `span`; empty when the span does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        span.slice(self.text())
    }

    /// How many lines the text has; a final newline does not begin another one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        let lines = &self.index().lines;
        if lines.len() > 1 && lines[lines.len() - 1] as usize == self.text().len() {
            lines.len() - 1
        } else {
            lines.len()
        }
    }

    /// 1-based line of a byte offset. Lines end at `\n`, as in BuildKit and YAML.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.index().lines.partition_point(|&start| start <= offset)
    }

    /// Line and column of a byte offset, the column in Unicode code points.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> LineColumn {
        self.place(offset, |c| c.chars)
    }

    /// Line and column of a byte offset, the column in UTF-16 units, as editors' protocols count.
    #[must_use]
    pub fn line_column_utf16(&self, offset: usize) -> LineColumn {
        self.place(offset, |c| c.utf16)
    }

    /// Bytes of a 1-based line, without its line ending (`\n` or `\r\n`); empty beyond the last line.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let lines = &self.index().lines;
        let text = self.text();
        let Some(&start) = line.checked_sub(1).and_then(|i| lines.get(i)) else {
            return Span::at(text.len());
        };
        let start = start as usize;
        let end = lines.get(line).map_or(text.len(), |&next| next as usize);
        let content = &text[start..end];
        let content = content.strip_suffix('\n').unwrap_or(content);
        let content = content.strip_suffix('\r').unwrap_or(content);
        Span::new(start, start + content.len())
    }

    fn place(&self, offset: usize, unit: fn(Checkpoint) -> u32) -> LineColumn {
        let offset = floor_char_boundary(self.text(), offset);
        let line = self.line(offset);
        let start = self.index().lines[line - 1] as usize;
        let column = unit(self.units_before(offset)) - unit(self.units_before(start)) + 1;
        LineColumn { line, column: column as usize }
    }

    /// Characters and UTF-16 units before a byte offset on a character boundary.
    fn units_before(&self, offset: usize) -> Checkpoint {
        let index = self.index();
        if index.ascii {
            let units = u32::try_from(offset).unwrap_or(u32::MAX);
            return Checkpoint { chars: units, utf16: units };
        }
        let step = offset / STEP;
        let mut units = index.checkpoints[step];
        // A checkpoint counts the characters that begin before its byte.
        let from = (step * STEP..=offset).find(|&i| self.text().is_char_boundary(i)).unwrap_or(offset);
        count(&self.text()[from..offset], &mut units);
        units
    }

    fn index(&self) -> &Index {
        self.0.index.get_or_init(|| Index::new(&self.0.text))
    }
}

impl Index {
    fn new(text: &str) -> Self {
        let mut lines = vec![0];
        lines.extend(
            memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| u32::try_from(i + 1).unwrap_or(u32::MAX)),
        );
        let ascii = text.is_ascii();
        let mut checkpoints = Vec::new();
        if !ascii {
            let mut units = Checkpoint::default();
            let mut from = 0;
            for at in (0..=text.len()).step_by(STEP) {
                let to = (at..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
                count(&text[from..to], &mut units);
                from = to;
                checkpoints.push(units);
            }
        }
        Self { lines, checkpoints, ascii }
    }
}

fn count(text: &str, units: &mut Checkpoint) {
    for c in text.chars() {
        units.chars += 1;
        units.utf16 += c.len_utf16() as u32;
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.name() == other.name() && self.text() == other.text())
    }
}

impl Eq for SourceFile {}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceFile({:?}, {} bytes)", self.name(), self.text().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_characters_and_utf16_units() {
        let file = SourceFile::new("f", "a\r\né😀x\n");
        let x = file.text().find('x').unwrap();
        assert_eq!(file.line_column(x), LineColumn { line: 2, column: 3 });
        assert_eq!(file.line_column_utf16(x), LineColumn { line: 2, column: 4 });
        assert_eq!(file.slice(file.line_span(1)), "a");
        assert_eq!(file.slice(file.line_span(2)), "é😀x");
        assert_eq!(file.line_span(9), Span::at(file.text().len()));
        assert_eq!((file.line_count(), file.line(file.text().len())), (2, 3));
    }

    #[test]
    fn columns_agree_with_a_plain_count_around_every_checkpoint() {
        let text = "é😀a".repeat(400);
        let file = SourceFile::new("f", text.clone());
        for (chars, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(file.line_column(offset).column, chars + 1, "at byte {offset}");
            let utf16 = text[..offset].encode_utf16().count();
            assert_eq!(file.line_column_utf16(offset).column, utf16 + 1, "at byte {offset}");
        }
    }

    #[test]
    fn offsets_off_a_boundary_or_off_the_end_are_tolerated() {
        let file = SourceFile::new("f", "é");
        assert_eq!(file.line_column(1).column, 1);
        assert_eq!(file.line_column(99).column, 2);
        assert_eq!(SourceFile::new("e", "").line_column(0), LineColumn { line: 1, column: 1 });
    }
}
