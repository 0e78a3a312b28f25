//! Which pieces of a file cover a place.

use lint_parser::text::span::Span;

/// Which of many pieces of a file enclose a place, without looking at all of them: a file may have thousands of comments and
/// as many findings.
#[derive(Debug, Default)]
pub(super) struct Cover {
    /// Those that are the whole file.
    whole: Vec<usize>,
    /// The others, with their numbers, by where they begin.
    by_start: Vec<(Span, usize)>,
    /// How far the first of them reach, for each number of them.
    reach: Vec<usize>,
}

impl Cover {
    /// The pieces; `None` is the whole file, and an empty one covers nothing.
    pub(super) fn of(pieces: impl Iterator<Item = Option<Span>>) -> Self {
        let mut cover = Self::default();
        for (number, piece) in pieces.enumerate() {
            match piece {
                None => cover.whole.push(number),
                Some(span) if span.is_empty() => {}
                Some(span) => cover.by_start.push((span, number)),
            }
        }
        cover.by_start.sort_by_key(|(span, number)| (span.start(), *number));
        let mut reach = 0;
        for (span, _) in &cover.by_start {
            reach = span.end().max(reach);
            cover.reach.push(reach);
        }
        cover
    }

    /// The numbers of the pieces that enclose a place, in order.
    #[must_use]
    pub(super) fn at(&self, place: Span) -> Vec<usize> {
        let before = self.by_start.partition_point(|(span, _)| span.start() <= place.start());
        let near = self.by_start[..before].iter().zip(&self.reach).rev();
        let near = near.take_while(|(_, reach)| **reach >= place.end()).map(|(piece, _)| piece);
        let enclosing = near.filter(|(span, _)| span.encloses(place)).map(|(_, number)| *number);
        let mut numbers: Vec<usize> = self.whole.iter().copied().chain(enclosing).collect();
        numbers.sort_unstable();
        numbers
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_same_as_looking_at_all(
            pieces in prop::collection::vec(prop::option::weighted(0.9, (0..30_usize, 0..9_usize)), 0..20),
            (start, length) in (0..40_usize, 0..4_usize),
        ) {
            let span = |(start, length)| Span::new(start, start + length);
            let pieces: Vec<Option<Span>> = pieces.into_iter().map(|piece| piece.map(span)).collect();
            let place = span((start, length));
            let encloses = |piece: &Option<Span>| piece.is_none_or(|span| !span.is_empty() && span.encloses(place));
            let all = (0..pieces.len()).filter(|&number| encloses(&pieces[number])).collect::<Vec<_>>();
            prop_assert_eq!(Cover::of(pieces.into_iter()).at(place), all);
        }
    }
}
