//! Where each byte of a scalar's text comes from.
//!
//! The YAML crate gives the finished text. These functions walk the source beside it by the rules of YAML 1.2
//! (sections 5.7, 6.5, 7.3 and 8.1); where a walk does not arrive at the crate's text, the text is mapped to
//! the scalar as a whole, so a mapping is exact or coarse but never wrong.

use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// A plain scalar under `span`.
pub(super) fn plain(source: &str, span: Span, cooked: String) -> Mapped {
    let raw = span.slice(source);
    if raw == cooked {
        return Mapped::verbatim(raw, span.start());
    }
    let walk = Flow { source, at: span.start(), end: span.end(), out: MappedBuilder::default() };
    checked(walk.run(Quotes::None), span, cooked)
}

/// A scalar in single quotes; `span` holds the quotes.
pub(super) fn single_quoted(source: &str, span: Span, cooked: String) -> Mapped {
    quoted(source, span, cooked, Quotes::Single)
}

/// A scalar in double quotes; `span` holds the quotes.
pub(super) fn double_quoted(source: &str, span: Span, cooked: String) -> Mapped {
    quoted(source, span, cooked, Quotes::Double)
}

fn quoted(source: &str, span: Span, cooked: String, quotes: Quotes) -> Mapped {
    if span.len() < 2 {
        return Mapped::replaced(cooked, span);
    }
    let (at, end) = (span.start() + 1, span.end() - 1);
    let walk = Flow { source, at, end, out: MappedBuilder::default() };
    checked(walk.run(quotes), span, cooked)
}

fn checked(walked: MappedBuilder, span: Span, cooked: String) -> Mapped {
    if walked.text() == cooked { walked.finish(span) } else { Mapped::replaced(cooked, span) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    None,
    Single,
    Double,
}

/// A walk over a plain or quoted scalar.
struct Flow<'t> {
    source: &'t str,
    at: usize,
    end: usize,
    out: MappedBuilder,
}

impl Flow<'_> {
    fn run(mut self, quotes: Quotes) -> MappedBuilder {
        let bytes = self.source.as_bytes();
        // Begin of the run that is text as it stands.
        let mut verbatim = self.at;
        while self.at < self.end {
            let here = self.at;
            match bytes[here] {
                b' ' | b'\t' => {
                    let after = self.skip_blanks(here);
                    if after < self.end && matches!(bytes[after], b'\n' | b'\r') {
                        self.copy(verbatim, here);
                        self.fold(here, after);
                        verbatim = self.at;
                    } else {
                        self.at = after;
                    }
                }
                b'\n' | b'\r' => {
                    self.copy(verbatim, here);
                    self.fold(here, here);
                    verbatim = self.at;
                }
                b'\'' if quotes == Quotes::Single => {
                    self.copy(verbatim, here);
                    self.at = (here + 2).min(self.end);
                    self.out.push_replaced("'", Span::new(here, self.at));
                    verbatim = self.at;
                }
                b'\\' if quotes == Quotes::Double => {
                    self.copy(verbatim, here);
                    self.escape();
                    verbatim = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.copy(verbatim, self.end);
        self.out
    }

    fn copy(&mut self, from: usize, to: usize) {
        if let Some(text) = self.source.get(from..to) {
            self.out.push_verbatim(text, from);
        }
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        let bytes = self.source.as_bytes();
        while at < self.end && matches!(bytes[at], b' ' | b'\t') {
            at += 1;
        }
        at
    }

    /// Line folding: `from` is where the trailing blanks of a line begin, `at` its line break.
    fn fold(&mut self, from: usize, at: usize) {
        let breaks = self.line_breaks(at);
        let text = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
        self.out.push_replaced(&text, Span::new(from, self.at));
    }

    /// Moves past line breaks from `at` on and the blanks around them; how many there were, at least one.
    fn line_breaks(&mut self, mut at: usize) -> usize {
        let mut breaks = 0;
        while let Some(length) = line_break(self.source, at, self.end) {
            breaks += 1;
            at = self.skip_blanks(at + length);
        }
        self.at = at;
        breaks.max(1)
    }

    fn escape(&mut self) {
        let start = self.at;
        if line_break(self.source, start + 1, self.end).is_some() {
            let breaks = self.line_breaks(start + 1);
            self.out.push_replaced(&"\n".repeat(breaks - 1), Span::new(start, self.at));
            return;
        }
        let Some(code) = self.source.get(start + 1..self.end).and_then(|rest| rest.chars().next()) else {
            self.at = self.end;
            return;
        };
        let after = start + 1 + code.len_utf8();
        let (character, after) = match code {
            '0' => ('\0', after),
            'a' => ('\u{7}', after),
            'b' => ('\u{8}', after),
            't' | '\t' => ('\t', after),
            'n' => ('\n', after),
            'v' => ('\u{b}', after),
            'f' => ('\u{c}', after),
            'r' => ('\r', after),
            'e' => ('\u{1b}', after),
            'N' => ('\u{85}', after),
            '_' => ('\u{a0}', after),
            'L' => ('\u{2028}', after),
            'P' => ('\u{2029}', after),
            'x' => self.code_point(after, 2),
            'u' => self.code_point(after, 4),
            'U' => self.code_point(after, 8),
            other => (other, after),
        };
        self.at = after;
        self.out.push_replaced(character.encode_utf8(&mut [0; 4]), Span::new(start, after));
    }

    /// The character of `digits` hexadecimal digits at `at`, and where it ends. A surrogate pair is one.
    fn code_point(&self, at: usize, digits: usize) -> (char, usize) {
        let hex = |from: usize| {
            let digits = self.source.get(from..from + digits)?;
            u32::from_str_radix(digits, 16).ok()
        };
        let after = (at + digits).min(self.end);
        let Some(code) = hex(at) else { return (char::REPLACEMENT_CHARACTER, after) };
        if (0xd800..0xdc00).contains(&code)
            && self.source.get(after..after + 2) == Some("\\u")
            && let Some(low) = hex(after + 2).filter(|low| (0xdc00..0xe000).contains(low))
        {
            let code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            return (char::from_u32(code).unwrap_or_default(), (after + 2 + digits).min(self.end));
        }
        (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), after)
    }
}

/// The length of the line break at `at`, if there is one.
fn line_break(source: &str, at: usize, end: usize) -> Option<usize> {
    let rest = source.as_bytes().get(at..end)?;
    match rest {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        _ => None,
    }
}

/// A block scalar. `floor` is where the last thing before it ended; `content` is the crate's span, which may
/// begin behind the header and reach into the indentation of the next line.
pub(super) fn block(source: &str, floor: usize, content: Span, cooked: String, folded: bool) -> Mapped {
    let indicator = if folded { '>' } else { '|' };
    // At the end of the file the crate gives an empty scalar the place of its header.
    let at = if cooked.is_empty() { content.end() } else { content.start() };
    let Some(header) = header(source, floor, at, indicator) else {
        return Mapped::replaced(cooked, content);
    };
    let body = line_break(source, header.end(), source.len()).map_or(header.end(), |n| header.end() + n);
    let lines = Lines { source, at: body, end: content.end().max(body) };
    let indent = indentation(source, lines, &cooked);
    let mut out = MappedBuilder::default();
    // Bytes of text on the line before, and whether folding leaves the line as it is.
    let mut last: Option<(Span, bool)> = None;
    let mut breaks: Vec<Span> = Vec::new();
    for line in lines {
        let text = line.text.slice(source);
        let blanks = text.len() - text.trim_start_matches(' ').len();
        if text.len() <= indent && blanks == text.len() {
            breaks.push(line.line_break);
            continue;
        }
        let text = Span::new(line.text.start() + indent.min(blanks), line.text.end());
        let spaced = text.slice(source).starts_with([' ', '\t']);
        match last {
            Some((before, was_spaced)) if folded && !spaced && !was_spaced => {
                let fold = if breaks.len() == 1 {
                    " ".to_owned()
                } else {
                    "\n".repeat(breaks.len().saturating_sub(1))
                };
                out.push_replaced(&fold, Span::new(before.end(), text.start()));
            }
            _ => line_feeds(&mut out, source, &breaks),
        }
        breaks.clear();
        out.push_verbatim(text.slice(source), text.start());
        breaks.push(line.line_break);
        last = Some((text, spaced));
    }
    let end =
        last.map_or_else(|| header.slice(source).trim_end().len() + header.start(), |(text, _)| text.end());
    let span = Span::new(header.start(), end);
    // What chomping left of the line feeds at the end.
    if let Some(rest) = cooked.strip_prefix(out.text())
        && rest.bytes().all(|b| b == b'\n')
    {
        out.push_replaced(rest, Span::at(end));
    }
    checked(out, span, cooked)
}

fn line_feeds(out: &mut MappedBuilder, source: &str, breaks: &[Span]) {
    for line_break in breaks {
        if line_break.slice(source) == "\n" {
            out.push_verbatim("\n", line_break.start());
        } else {
            out.push_replaced("\n", *line_break);
        }
    }
}

/// From the last `|` or `>` before `end` that can begin a block scalar to the end of its line.
fn header(source: &str, floor: usize, mut end: usize, indicator: char) -> Option<Span> {
    loop {
        let start = source.get(floor..end)?.rfind(['\n', '\r']).map_or(floor, |i| floor + i + 1);
        let line = source.get(start..)?.split(['\n', '\r']).next()?;
        let found = line.match_indices(indicator).find(|&(at, _)| {
            let preceded = at == 0 || line[..at].ends_with([' ', '\t', '\u{feff}']);
            preceded && is_header(&line[at + 1..])
        });
        if let Some((at, _)) = found.filter(|&(at, _)| start + at < end) {
            return Some(Span::new(start + at, start + line.len()));
        }
        if start <= floor {
            return None;
        }
        end = start - 1;
    }
}

/// Whether this may follow the `|` or `>` on its line.
fn is_header(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    let comment = rest.trim_start_matches([' ', '\t']);
    comment.is_empty() || (comment.starts_with('#') && comment.len() < rest.len())
}

/// How far a block scalar is indented: as far as its first line of text, less the blanks which that text
/// begins with (they are text only under an explicit indentation such as `|2`).
fn indentation(source: &str, lines: Lines<'_>, cooked: &str) -> usize {
    let leading = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let first = lines.map(|line| line.text.slice(source)).find(|line| leading(line) < line.len());
    first.map_or(usize::MAX, |line| leading(line).saturating_sub(leading(cooked.trim_start_matches('\n'))))
}

#[derive(Clone, Copy)]
struct Lines<'t> {
    source: &'t str,
    at: usize,
    end: usize,
}

struct Line {
    text: Span,
    line_break: Span,
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.at >= self.end {
            return None;
        }
        let rest = self.source.get(self.at..self.end)?;
        let text = Span::new(self.at, self.at + rest.find(['\n', '\r']).unwrap_or(rest.len()));
        let after = text.end() + line_break(self.source, text.end(), self.end).unwrap_or(0);
        self.at = after;
        Some(Line { text, line_break: Span::new(text.end(), after) })
    }
}
