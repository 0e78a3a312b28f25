//! Taking keys and items out of a text.

use lint_parser::text::span::Span;
use lint_parser::yaml::node::Node;

use crate::model::edits::locate::{Route, Step, end_of, has_anchor, start_of};
use crate::model::edits::sheet::{Piece, Sheet};

/// What is done with a comment behind what goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// It speaks of what goes, and goes too.
    Goes,
    /// It stays, on the line that is left.
    Stays,
}

impl Sheet<'_> {
    /// Takes out the part that a route leads to; a collection that would be left empty goes with it.
    ///
    /// Nothing is put before the key of a collection that is left with less, which keeps two such edits from being made at
    /// once: together they might leave it empty.
    pub(super) fn remove(&self, route: &Route<'_>, remark: Remark) -> Option<Vec<Piece>> {
        let mut steps = route.steps.as_slice();
        loop {
            let (step, above) = steps.split_last()?;
            let (alone, is_anchored) = match step {
                Step::Entry { mapping, entries, .. } => (entries.len() == 1, mapping.anchor.is_some()),
                Step::Item { sequence, items, .. } => (items.len() == 1, sequence.anchor.is_some()),
            };
            let depth = steps.len();
            // A service does not go because its last attribute does, nor does a document.
            let is_kept = depth == 1 || depth <= 3 && route.key(0) == Some("services");
            if !alone {
                let mut pieces = self.remove_step(step, remark)?;
                // A service has an image besides.
                if depth == 3 && route.key(0) == Some("services") {
                    return Some(pieces);
                }
                pieces.extend(
                    above.last().and_then(Step::entry).map(|owner| Piece::insert(owner.key.span.start(), "")),
                );
                return Some(pieces);
            }
            if is_kept || is_anchored {
                return None;
            }
            steps = above;
        }
    }

    fn remove_step(&self, step: &Step<'_>, remark: Remark) -> Option<Vec<Piece>> {
        let (start, end) = match step {
            Step::Entry { .. } => {
                let entry = step.entry()?;
                if has_anchor(&entry.key) || has_anchor(&entry.value) || entry.key.tag.is_some() {
                    return None;
                }
                (start_of(&entry.key), end_of(entry))
            }
            Step::Item { .. } => {
                let node = step.node().filter(|node| !has_anchor(node))?;
                (start_of(node), node.span.end())
            }
        };
        if self.is_flow(step.parent()) {
            return self.remove_between_brackets(step, start, end);
        }
        match step {
            Step::Entry { entries, index, .. } if *index == 0 && !self.before(start).trim().is_empty() => {
                // Behind a dash: what comes next takes its place.
                let next = start_of(&entries.get(1)?.key);
                let between = self.slice(end, next);
                let is_plain = self.indent(start).is_some() && !between.contains('#');
                is_plain.then(|| vec![Piece::new(Span::new(start, next), "")])
            }
            Step::Entry { .. } => self.remove_lines(start, end, remark),
            Step::Item { sequence, items, index } => {
                let dash = self.dash(sequence, items, *index)?;
                self.remove_lines(dash, end, remark)
            }
        }
    }

    /// Where the dash of an item is, where it begins its line.
    fn dash(&self, sequence: &Node, items: &[Node], index: usize) -> Option<usize> {
        let before = match index.checked_sub(1) {
            None => return Some(sequence.span.start()),
            Some(before) => items.get(before)?.span.end(),
        };
        let mut at = self.next_line(before);
        let limit = start_of(items.get(index)?);
        while at < limit {
            let line = self.slice(at, self.next_line(at));
            let inner = line.trim_start_matches(' ');
            if inner.starts_with('-') {
                return Some(at + line.len() - inner.len());
            }
            if !inner.trim().is_empty() && !inner.starts_with('#') {
                return None;
            }
            at = self.next_line(at);
        }
        None
    }

    /// Takes out the lines of a part that begins its line, and of two empty lines that would meet the second.
    fn remove_lines(&self, start: usize, end: usize, remark: Remark) -> Option<Vec<Piece>> {
        let before = self.before(start);
        if !before.bytes().all(|b| b == b' ') || self.slice(start, start + 2) == "? " || !self.ends_line(end)
        {
            return None;
        }
        let rest = self.slice(end, self.next_line(end));
        if let (Remark::Stays, Some(comment)) = (remark, rest.find('#')) {
            return Some(vec![Piece::new(Span::new(start, end + comment), "")]);
        }
        let from = start - before.len();
        let mut to = self.next_line(end);
        let above = self.slice(0, from).trim_start_matches('\u{feff}');
        let last = above.trim_end_matches(['\r', '\n']).rsplit('\n').next().unwrap_or_default();
        let after_blank = last.is_empty() || last == "---" || self.is_blank_before(from);
        let next = self.slice(to, self.next_line(to));
        if after_blank && next.trim().is_empty() && !next.is_empty() {
            to = self.next_line(to);
        }
        Some(vec![Piece::new(Span::new(from, to), "")])
    }

    fn is_blank_before(&self, line: usize) -> bool {
        let Some(end) = line.checked_sub(1) else { return false };
        self.slice(self.line_start(end), end).trim().is_empty()
    }

    fn remove_between_brackets(&self, step: &Step<'_>, start: usize, end: usize) -> Option<Vec<Piece>> {
        let (next, previous) = match step {
            Step::Entry { entries, index, .. } => {
                let next = entries.get(index + 1).map(|next| start_of(&next.key));
                (next, index.checked_sub(1).and_then(|at| entries.get(at)).map(end_of))
            }
            Step::Item { items, index, .. } => {
                let previous = index.checked_sub(1).and_then(|at| items.get(at));
                (items.get(index + 1).map(start_of), previous.map(|node| node.span.end()))
            }
        };
        let span = match (next, previous) {
            (Some(next), _) => Span::new(start, next),
            (None, Some(previous)) => Span::new(previous, end),
            (None, None) => return None,
        };
        // Besides the part itself there is a comma there, and nothing that somebody wrote.
        let around = format!("{}{}", self.slice(span.start(), start), self.slice(end, span.end()));
        let is_comma = around.trim() == ",";
        is_comma.then(|| vec![Piece::new(span, "")])
    }
}
