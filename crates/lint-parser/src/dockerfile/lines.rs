//! Physical lines, and the logical lines that continuations make of them.

use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// BuildKit reads lines through a buffer of this many bytes, line ending excluded.
const LONGEST: usize = 65535;

/// A line of the file with its ending.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Byte offset of its first character.
    pub(super) start: usize,
    /// The line, `\n` included when there is one.
    pub(super) raw: &'a str,
}

impl<'a> Line<'a> {
    /// The line without its ending. BuildKit takes off every trailing `\r` and `\n`, so `\r\r\n` ends a line too.
    pub(super) fn content(self) -> &'a str {
        self.raw.trim_end_matches(['\r', '\n'])
    }

    /// The line without ending and indentation, and where that begins.
    pub(super) fn unindented(self) -> (&'a str, usize) {
        let content = self.content();
        let text = content.trim_start();
        (text, self.start + content.len() - text.len())
    }

    /// Byte offset just past the line's ending.
    pub(super) fn end(self) -> usize {
        self.start + self.raw.len()
    }
}

/// The physical lines of a file, in order.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// Lines BuildKit refuses to read for their length.
    pub(super) too_long: Vec<Span>,
}

impl<'a> Lines<'a> {
    /// Lines of `text`; a byte order mark is passed over.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, too_long: Vec::new() }
    }

    /// Byte offset of the next line.
    pub(super) fn at(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let newline = memchr::memchr(b'\n', rest.as_bytes());
        let raw = newline.and_then(|at| rest.get(..=at)).unwrap_or(rest);
        let line = Line { start: self.at, raw };
        self.at += raw.len();
        if newline.unwrap_or(raw.len()) > LONGEST {
            self.too_long.push(Span::new(line.start, line.start + line.content().len()));
        }
        Some(line)
    }
}

/// An instruction's lines joined, heredocs not yet read.
#[derive(Debug)]
pub(super) struct Logical {
    /// The text with continuations, comments and blank lines removed.
    pub(super) joined: Mapped,
    /// Byte offset just past the last line's last character that is not blank.
    pub(super) end: usize,
    /// Comment lines between the lines, from `#` to the end of the line.
    pub(super) comments: Vec<Span>,
    /// Blank lines between the lines, endings excluded.
    pub(super) blank_lines: Vec<Span>,
}

impl Logical {
    /// Joins `first`, which holds neither a comment nor nothing, with the lines it goes on in.
    pub(super) fn read(first: Line<'_>, lines: &mut Lines<'_>, escape: char) -> Self {
        let (text, start) = first.unindented();
        let mut builder = MappedBuilder::default();
        let mut logical = Logical {
            joined: Mapped::default(),
            end: start + text.trim_end().len(),
            comments: Vec::new(),
            blank_lines: Vec::new(),
        };
        let (mut text_end, mut goes_on) = push(&mut builder, text, start, escape);
        while goes_on {
            let Some(line) = lines.next() else { break };
            let (unindented, at) = line.unindented();
            let content = line.content();
            let content_end = line.start + content.len();
            if unindented.starts_with('#') {
                logical.comments.push(Span::new(at, content_end));
                logical.end = content_end;
            } else if unindented.is_empty() {
                logical.blank_lines.push(Span::new(line.start, content_end));
                logical.end = content_end;
            } else {
                logical.end = line.start + content.trim_end().len();
                // Unlike the first line, a continuation keeps its indentation: `a\⏎ b` is two words.
                (text_end, goes_on) = push(&mut builder, content, line.start, escape);
            }
        }
        logical.joined = builder.finish(Span::new(start, text_end));
        logical
    }
}

/// Adds a line without its continuation; says where its text ends and whether another line follows.
fn push(builder: &mut MappedBuilder, line: &str, start: usize, escape: char) -> (usize, bool) {
    let continued = continued(line, escape);
    let text = continued.unwrap_or(line);
    builder.push_verbatim(text, start);
    (start + text.len(), continued.is_some())
}

/// The line before its trailing escape character, when it goes on: blanks may follow the escape, another escape
/// may not precede it.
fn continued(line: &str, escape: char) -> Option<&str> {
    let body = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!body.ends_with(escape)).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuations_end_in_one_escape_and_blanks() {
        assert_eq!(continued("RUN a \\ \t", '\\'), Some("RUN a "));
        assert_eq!(continued("\\", '\\'), Some(""));
        assert_eq!(continued("a\\\\", '\\'), None);
        assert_eq!(continued("a\\\\\\", '\\'), None);
        assert_eq!(continued("a`", '`'), Some("a"));
        assert_eq!(continued("a\\", '`'), None);
        assert_eq!(continued("a\\\u{a0}", '\\'), None);
    }

    #[test]
    fn lines_are_joined_over_comments_and_blank_lines() {
        let text = "  RUN a\\\r\n  # why\r\n\r\n  b\\\n";
        let mut lines = Lines::new(text);
        let first = lines.next().unwrap();
        let logical = Logical::read(first, &mut lines, '\\');
        assert_eq!(logical.joined.text(), "RUN a  b");
        assert_eq!(logical.joined.span().slice(text), "RUN a\\\r\n  # why\r\n\r\n  b");
        assert_eq!(logical.comments.iter().map(|s| s.slice(text)).collect::<Vec<_>>(), ["# why"]);
        assert_eq!(logical.blank_lines.len(), 1);
        assert_eq!(logical.end, text.len() - 1);
    }

    #[test]
    fn lone_carriage_returns_are_text_and_long_lines_are_noted() {
        let text = format!("RUN a\rb\n{}\n{}\n", "x".repeat(LONGEST), "y".repeat(LONGEST + 1));
        let mut lines = Lines::new(&text);
        assert_eq!(lines.next().unwrap().content(), "RUN a\rb");
        assert_eq!(lines.by_ref().count(), 2);
        assert_eq!(lines.too_long.len(), 1);
    }
}
