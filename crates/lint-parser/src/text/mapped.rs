//! Text as a program sees it, with the place in the source of each of its bytes.

use std::ops::Range;

use super::span::Span;

/// Text that may differ from the bytes it was written as: line continuations joined, quotes and escapes
/// removed, YAML folding done, variables replaced. It still knows where each of its bytes came from.
///
/// Both languages and the shell inside them share this type, so that a rule can point at one word of a
/// command in a folded YAML scalar, or at one flag in a `RUN` of forty lines.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Mapped {
    text: String,
    span: Span,
    /// Empty when the text is the source under `span`, byte for byte.
    segments: Vec<Segment>,
}

/// A run of text and the source it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Segment {
    /// Byte offset in the text where the run begins; it ends where the next one begins.
    at: u32,
    source: Span,
    /// Byte for byte the source, or one replacement for the whole of it.
    verbatim: bool,
}

impl Mapped {
    /// Text that stands in the source as it is, beginning at byte `start`.
    #[must_use]
    pub fn verbatim(text: &str, start: usize) -> Self {
        Self { text: text.to_owned(), span: Span::new(start, start + text.len()), segments: Vec::new() }
    }

    /// Text that stands, as a whole, for the source under `span` without being it.
    #[must_use]
    pub fn replaced(text: impl Into<String>, span: Span) -> Self {
        let mut builder = MappedBuilder::default();
        builder.push_replaced(&text.into(), span);
        builder.finish(span)
    }

    /// The text as the program sees it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All the source bytes the text was written as, quotes and continuations included.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether the text is the source under [`Mapped::span`], byte for byte.
    #[must_use]
    pub fn is_verbatim(&self) -> bool {
        self.segments.is_empty()
    }

    /// Whether the text is empty; the span may not be, as in `""`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The source of a range of the text: from the first byte's place to just past the last byte's, so a
    /// range over a line continuation includes the backslash and the newline, and a range that ends before
    /// one does not. A range inside a replacement gives the whole of what was replaced.
    ///
    /// Ranges beyond the text are cut to it.
    #[must_use]
    pub fn span_of(&self, range: Range<usize>) -> Span {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        if self.segments.is_empty() {
            return Span::new(self.span.start() + start, self.span.start() + end);
        }
        if start == end {
            return Span::at(self.source_start(start));
        }
        Span::new(self.source_start(start), self.source_end(end))
    }

    /// The source pieces of a range of the text, without the bytes between them that the text does not hold
    /// (continuations, removed quotes). An edit of the range may touch these and nothing else.
    #[must_use]
    pub fn pieces(&self, range: Range<usize>) -> Vec<Span> {
        let end = range.end.min(self.text.len());
        let start = range.start.min(end);
        if self.segments.is_empty() || start == end {
            return vec![self.span_of(start..end)];
        }
        let first = self.segment_index(start);
        let mut pieces = Vec::new();
        for (i, segment) in self.segments.iter().enumerate().skip(first) {
            if segment.at as usize >= end {
                break;
            }
            let from = start.max(segment.at as usize);
            let to = end.min(self.segment_end(i));
            if from < to {
                pieces.push(Span::new(segment.source_at(from), segment.source_until(to)));
            }
        }
        pieces
    }

    /// A part of the text, still mapped. Ranges beyond the text or inside a character give an empty part.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Mapped {
        let span = self.span_of(range.clone());
        let Some(text) = self.text.get(range.clone()) else {
            return Mapped { text: String::new(), span: Span::at(span.start()), segments: Vec::new() };
        };
        if self.segments.is_empty() {
            return Mapped { text: text.to_owned(), span, segments: Vec::new() };
        }
        let mut builder = MappedBuilder::default();
        builder.push_slice(self, range);
        builder.finish(span)
    }

    /// The text without leading and trailing characters that `trim` accepts.
    #[must_use]
    pub fn trim_matches(&self, trim: impl Fn(char) -> bool) -> Mapped {
        let start = self.text.len() - self.text.trim_start_matches(&trim).len();
        let end = self.text.trim_end_matches(&trim).len().max(start);
        self.slice(start..end)
    }

    /// The text without leading and trailing whitespace.
    #[must_use]
    pub fn trim(&self) -> Mapped {
        self.trim_matches(char::is_whitespace)
    }

    /// The same text, whose places are offsets into `outer`'s text, with its places in `outer`'s source: for a
    /// language written inside another, as a Dockerfile in a YAML scalar.
    #[must_use]
    pub fn through(&self, outer: &Mapped) -> Mapped {
        let span = outer.span_of(self.span.range());
        if self.segments.is_empty() {
            return outer.slice(self.span.range());
        }
        let mut builder = MappedBuilder::default();
        for (i, segment) in self.segments.iter().enumerate() {
            if segment.verbatim {
                builder.push_slice(outer, segment.source.range());
            } else {
                let text = self.text.get(segment.at as usize..self.segment_end(i)).unwrap_or_default();
                builder.push_replaced(text, outer.span_of(segment.source.range()));
            }
        }
        builder.finish(span)
    }

    fn segment_index(&self, at: usize) -> usize {
        // Of two segments that begin at the same place (the first is empty), the later one holds the byte.
        self.segments.partition_point(|s| s.at as usize <= at).saturating_sub(1)
    }

    fn segment_end(&self, index: usize) -> usize {
        self.segments.get(index + 1).map_or(self.text.len(), |next| next.at as usize)
    }

    fn source_start(&self, at: usize) -> usize {
        if at == self.text.len() && at > 0 {
            return self.source_end(at);
        }
        self.segments[self.segment_index(at)].source_at(at)
    }

    fn source_end(&self, at: usize) -> usize {
        self.segments[self.segment_index(at - 1)].source_until(at)
    }
}

impl Segment {
    fn source_at(&self, at: usize) -> usize {
        if self.verbatim { self.source.start() + (at - self.at as usize) } else { self.source.start() }
    }

    fn source_until(&self, at: usize) -> usize {
        if self.verbatim { self.source.start() + (at - self.at as usize) } else { self.source.end() }
    }
}

/// Builds a [`Mapped`] from pieces, in the order of the text.
#[derive(Debug, Default)]
pub struct MappedBuilder {
    text: String,
    segments: Vec<Segment>,
}

impl MappedBuilder {
    /// Adds text that stands in the source as it is, at byte `start`.
    pub fn push_verbatim(&mut self, text: &str, start: usize) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len();
        self.text.push_str(text);
        let end = start + text.len();
        if let Some(last) = self.segments.last_mut() {
            let joined = last.verbatim
                && last.source.end() == start
                && last.source.end() - last.source.start() == at - last.at as usize;
            if joined {
                last.source = Span::new(last.source.start(), end);
                return;
            }
        }
        self.segments.push(Segment { at: offset(at), source: Span::new(start, end), verbatim: true });
    }

    /// Adds text that stands for the source under `span` as a whole.
    pub fn push_replaced(&mut self, text: &str, span: Span) {
        if text.is_empty() {
            return;
        }
        self.segments.push(Segment { at: offset(self.text.len()), source: span, verbatim: false });
        self.text.push_str(text);
    }

    /// Adds a part of text that is mapped already.
    pub fn push_slice(&mut self, from: &Mapped, range: Range<usize>) {
        let Some(text) = from.text.get(range.clone()) else { return };
        if from.segments.is_empty() {
            self.push_verbatim(text, from.span.start() + range.start);
            return;
        }
        let first = from.segment_index(range.start);
        for (i, segment) in from.segments.iter().enumerate().skip(first) {
            let at = range.start.max(segment.at as usize);
            let to = range.end.min(from.segment_end(i));
            if segment.at as usize >= range.end {
                break;
            }
            let Some(part) = from.text.get(at..to) else { continue };
            if segment.verbatim {
                self.push_verbatim(part, segment.source_at(at));
            } else {
                self.push_replaced(part, segment.source);
            }
        }
    }

    /// Adds the whole of a mapped text.
    pub fn push_mapped(&mut self, from: &Mapped) {
        self.push_slice(from, 0..from.text.len());
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Ends the text; `span` is all of the source it was written as.
    #[must_use]
    pub fn finish(self, span: Span) -> Mapped {
        let verbatim = match self.segments.as_slice() {
            [] => span.is_empty(),
            [only] => only.verbatim && only.source == span,
            _ => false,
        };
        let segments = match (verbatim, self.segments.is_empty()) {
            (true, _) => Vec::new(),
            (false, false) => self.segments,
            // Empty text written as something, such as `""`: one replacement keeps the two apart.
            (false, true) => vec![Segment { at: 0, source: span, verbatim: false }],
        };
        Mapped { text: self.text, span, segments }
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `apt-get \⏎  up"da"te` as the shell's lexer would see `apt-get   update`.
    fn sample() -> (&'static str, Mapped) {
        let source = "apt-get \\\n  up\"da\"te";
        let mut b = MappedBuilder::default();
        b.push_verbatim("apt-get ", 0);
        b.push_verbatim("  up", 10);
        b.push_verbatim("da", 15);
        b.push_verbatim("te", 18);
        (source, b.finish(Span::new(0, source.len())))
    }

    #[test]
    fn ranges_map_back_over_seams() {
        let (source, m) = sample();
        assert_eq!(m.text(), "apt-get   update");
        let at = m.text().find("update").unwrap();
        assert_eq!(m.span_of(at..at + 6).slice(source), "up\"da\"te");
        assert_eq!(m.span_of(0..7).slice(source), "apt-get");
        assert_eq!(m.span_of(0..8).slice(source), "apt-get ");
        let pieces: Vec<_> = m.pieces(at..at + 6).iter().map(|s| s.slice(source)).collect();
        assert_eq!(pieces, ["up", "da", "te"]);
        let part = m.slice(at + 1..at + 5);
        assert_eq!((part.text(), part.span().slice(source)), ("pdat", "p\"da\"t"));
        assert_eq!(part.span_of(1..3).slice(source), "da");
    }

    #[test]
    fn replacements_map_as_a_whole() {
        let source = "img:${TAG}";
        let mut b = MappedBuilder::default();
        b.push_verbatim("img:", 0);
        b.push_replaced("latest", Span::new(4, 10));
        let m = b.finish(Span::new(0, 10));
        assert_eq!(m.span_of(5..7).slice(source), "${TAG}");
        assert_eq!(m.slice(4..10).span().slice(source), "${TAG}");
    }

    #[test]
    fn text_inside_text_maps_to_the_outermost_source() {
        let (source, outer) = sample();
        let at = outer.text().find("update").unwrap();
        let inner = Mapped::verbatim("date", at + 2).through(&outer);
        assert_eq!((inner.text(), inner.span().slice(source)), ("date", "da\"te"));
        let replaced = Mapped::replaced("x", Span::new(at, at + 4)).through(&outer);
        assert_eq!((replaced.text(), replaced.span().slice(source)), ("x", "up\"da"));
    }

    #[test]
    fn verbatim_text_costs_no_segments_and_empty_text_keeps_its_span() {
        let m = Mapped::verbatim("alpine", 5);
        assert!(m.is_verbatim() && m.slice(1..3).is_verbatim());
        assert_eq!(m.slice(1..3).span(), Span::new(6, 8));
        let empty = MappedBuilder::default().finish(Span::new(3, 5));
        assert_eq!((empty.text(), empty.span(), empty.is_verbatim()), ("", Span::new(3, 5), false));
        assert_eq!(empty.span_of(0..0), Span::at(3));
        assert_eq!(m.slice(4..99).text(), "");
    }
}
