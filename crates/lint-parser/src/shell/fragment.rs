//! A part of a shell text that still knows the whole it was cut from.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::text::mapped::Mapped;
use crate::text::span::Span;

/// A range of the text a shell reads.
///
/// It shares the text with every other part of the same script, so a tree of nested substitutions holds each
/// byte once, however deep they go. Two fragments are equal when they read the same and lie at the same place.
#[derive(Clone)]
pub struct Fragment {
    whole: Arc<Mapped>,
    start: u32,
    end: u32,
}

impl Fragment {
    /// The whole of a text.
    #[must_use]
    pub fn whole(text: Mapped) -> Self {
        let end = text.text().len();
        Self::new(Arc::new(text), 0..end)
    }

    pub(super) fn new(whole: Arc<Mapped>, range: Range<usize>) -> Self {
        let end = range.end.min(whole.text().len());
        let start = range.start.min(end);
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self { whole, start: offset(start), end: offset(end) }
    }

    /// The text as the shell sees it: line continuations of a Dockerfile or folds of a YAML scalar are gone.
    #[must_use]
    pub fn text(&self) -> &str {
        self.whole.text().get(self.range()).unwrap_or_default()
    }

    /// Where it stands in the source.
    #[must_use]
    pub fn span(&self) -> Span {
        let range = self.range();
        if range.is_empty() && range.start > 0 {
            // The empty value of `A=` at the end of a continued line stands there, not where the next one begins.
            return Span::at(self.whole.span_of(range.start - 1..range.start).end());
        }
        self.whole.span_of(range)
    }

    /// The source bytes an edit of this fragment may touch; see [`Mapped::pieces`].
    #[must_use]
    pub fn pieces(&self) -> Vec<Span> {
        self.whole.pieces(self.range())
    }

    /// The fragment as text of its own.
    #[must_use]
    pub fn mapped(&self) -> Mapped {
        self.whole.slice(self.range())
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The range in [`Fragment::whole_text`], in bytes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text it was cut from: the script, or the inside of a backtick substitution.
    #[must_use]
    pub fn whole_text(&self) -> &Mapped {
        &self.whole
    }

    /// A part of this fragment; offsets count from its beginning and are cut to its end.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Fragment {
        let at = |offset: usize| (self.start as usize + offset).min(self.end as usize);
        Self::new(Arc::clone(&self.whole), at(range.start)..at(range.end))
    }
}

impl PartialEq for Fragment {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() && self.span() == other.span()
    }
}

impl Eq for Fragment {}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.span(), self.text())
    }
}
