//! The lines of a file that a message is about, fit to be printed.
//!
//! miette's own sources read a text from its beginning for every label, join distant labels into one snippet, and
//! print control characters and lines of any length as they are. An excerpt copies the few lines that will be
//! shown, from the file's line index, and keeps for each where it came from.

use lint_core::Place;
use lint_core::report::concise::{is_unprintable, printable};
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// How much fits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Characters of a line that are shown.
    pub(crate) columns: usize,
    /// What stands for those that are not.
    pub(crate) ellipsis: &'static str,
}

/// Lines of one file, not always adjacent.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// 1-based, in the file.
    number: usize,
    /// Where the line begins in the excerpt.
    start: usize,
    /// Where its characters begin in the excerpt, after an ellipsis if there is one.
    shown_at: usize,
    /// The bytes of the file that are shown.
    shown: Span,
    /// The 1-based column of the first of them.
    column: usize,
}

/// How many lines of one place are shown; the first ones tell what it is.
const LINES: usize = 8;

impl Excerpt {
    /// An excerpt for places that all lie in one file.
    pub(crate) fn new(places: &[&Place], bounds: &Bounds) -> Self {
        let Some(file) = places.first().map(|place| &place.file) else {
            return Self { name: String::new(), text: String::new(), lines: Vec::new() };
        };
        let spans: Vec<Span> = places.iter().map(|place| trimmed(file, place.span)).collect();
        let mut numbers: Vec<usize> = spans
            .iter()
            .flat_map(|span| {
                let (first, last) = (file.line(span.start()), file.line(span.end()));
                let last = last.min(first + LINES - 1);
                first.saturating_sub(1).max(1)..=(last + 1).min(file.line_count().max(last))
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut excerpt = Self { name: printable(file.name()), text: String::new(), lines: Vec::new() };
        for number in numbers {
            excerpt.push(file, number, &spans, bounds);
        }
        excerpt
    }

    fn push(&mut self, file: &SourceFile, number: usize, spans: &[Span], bounds: &Bounds) {
        let line = file.line_span(number);
        let focus = spans.iter().filter(|span| span.start() <= line.end() && span.end() >= line.start());
        let focus = focus.map(|span| span.start().max(line.start())).min().unwrap_or(line.start());
        let shown = window(file, line, focus, bounds.columns);
        let start = self.text.len();
        if shown.start() > line.start() {
            self.text.push_str(bounds.ellipsis);
        }
        let shown_at = self.text.len();
        // Replacements have the length of what they replace, so that one addition maps every offset.
        self.text.extend(file.slice(shown).chars().map(|c| match c {
            '\t' => c,
            c if !is_unprintable(c) => c,
            c if c.len_utf8() == 1 => '?',
            c if c.len_utf8() == 2 => '¿',
            _ => '\u{FFFD}',
        }));
        if shown.end() < line.end() {
            self.text.push_str(bounds.ellipsis);
        }
        self.text.push('\n');
        let column = file.line_column(shown.start()).column;
        self.lines.push(Line { number, start, shown_at, shown, column });
    }

    /// A place of the file as a label of the excerpt.
    pub(crate) fn label(&self, span: Span, text: Option<String>, primary: bool) -> LabeledSpan {
        let start = self.position(span.start());
        let end = self.position(span.end()).max(start);
        // What ends after a line break, or after what is shown, ends with the line.
        let end = if self.text.get(start..end).is_some_and(|s| s.ends_with('\n')) { end - 1 } else { end };
        let range = start..end.max(start);
        if primary {
            LabeledSpan::new_primary_with_span(text, range)
        } else {
            LabeledSpan::new_with_span(text, range)
        }
    }

    /// Where a byte of the file is in the excerpt, or what is nearest to it.
    fn position(&self, offset: usize) -> usize {
        let line = self.lines.iter().rev().find(|line| line.shown.start() <= offset).or(self.lines.first());
        line.map_or(0, |line| {
            line.shown_at + offset.clamp(line.shown.start(), line.shown.end()) - line.shown.start()
        })
    }

    /// The index of the line that holds a byte of the excerpt.
    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    fn end_of(&self, index: usize) -> usize {
        self.lines.get(index + 1).map_or(self.text.len(), |next| next.start)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (at, end) = (span.offset(), span.offset() + span.len());
        let (mut first, mut last) = (self.line_at(at), self.line_at(end));
        let begin = self.lines.get(first).ok_or(MietteError::OutOfBounds)?;
        // miette asks without context for the place itself, to print it.
        let column = match self.text.get(begin.shown_at..at) {
            Some(text) if before == 0 => begin.column - 1 + text.chars().count(),
            _ => 0,
        };
        let adjacent = |a: usize, b: usize| match (self.lines.get(a), self.lines.get(b)) {
            (Some(a), Some(b)) => a.number + 1 == b.number,
            _ => false,
        };
        for _ in 0..before {
            if first > 0 && adjacent(first - 1, first) {
                first -= 1;
            }
        }
        for _ in 0..after {
            if adjacent(last, last + 1) {
                last += 1;
            }
        }
        let line = self.lines.get(first).ok_or(MietteError::OutOfBounds)?;
        let range = line.start..self.end_of(last);
        let data = self.text.get(range.clone()).ok_or(MietteError::OutOfBounds)?.as_bytes();
        // The number of lines here, not in the whole file: by it miette tells whether two labels share a snippet.
        let count = last + 1 - first;
        let range = SourceSpan::from(range);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            range,
            line.number - 1,
            column,
            count,
        )))
    }
}

/// A span without the line breaks it ends in: they would drag in the line below.
fn trimmed(file: &SourceFile, span: Span) -> Span {
    let text = file.slice(span);
    Span::new(span.start(), span.start() + text.trim_end_matches(['\n', '\r']).len())
}

/// The part of a line that is shown: all of it, or as much as fits around `focus`. Looks at no more of the line than
/// that, however long it is.
fn window(file: &SourceFile, line: Span, focus: usize, columns: usize) -> Span {
    let text = file.slice(line);
    if fitting(text.chars(), columns) == text.len() {
        return line;
    }
    let Some((before, after)) = text.split_at_checked(focus.clamp(line.start(), line.end()) - line.start())
    else {
        return line;
    };
    // A quarter of the room before the place, the rest after it; what one side does not need, the other gets.
    let ahead = fitting(after.chars(), columns - columns / 4);
    let used: usize = after[..ahead].chars().map(width).sum();
    let back = fitting(before.chars().rev(), columns.saturating_sub(used));
    let used: usize = before[before.len() - back..].chars().map(width).sum();
    let ahead = fitting(after.chars(), columns.saturating_sub(used));
    let focus = line.start() + before.len();
    Span::new(focus - back, focus + ahead)
}

/// How many bytes of the characters fit into so many columns.
fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut used = 0;
    let fit = chars.take_while(|&c| {
        used += width(c);
        used <= columns
    });
    fit.map(char::len_utf8).sum()
}

/// At least as many columns as a character takes: a line that is cut a little early does no harm.
fn width(c: char) -> usize {
    match c {
        '\t' => 4,
        c if c >= '\u{1100}' => 2,
        _ => 1,
    }
}
