//! Between the words of the library and those of the protocol.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lint_core::session::{Encoding, Positions};
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use lsp_types::{Position, Range, TextEdit};
use similar::{ChangeTag, TextDiff};

/// Places of several texts, the lines of each found once.
#[derive(Debug)]
pub(crate) struct Places {
    encoding: Encoding,
    known: RefCell<HashMap<*const u8, (SourceFile, Rc<Positions>)>>,
}

impl Places {
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { encoding, known: RefCell::default() }
    }

    fn positions(&self, file: &SourceFile) -> Rc<Positions> {
        let mut known = self.known.borrow_mut();
        let made = || (file.clone(), Rc::new(Positions::new(file.text(), self.encoding)));
        // The text is held on to, so that its address is nobody else's.
        Rc::clone(&known.entry(file.text().as_ptr()).or_insert_with(made).1)
    }

    pub(crate) fn position(&self, file: &SourceFile, offset: usize) -> Position {
        let position = self.positions(file).position(file.text(), offset);
        Position { line: position.line, character: position.character }
    }

    pub(crate) fn offset(&self, file: &SourceFile, position: Position) -> usize {
        let position = lint_core::session::Position::new(position.line, position.character);
        self.positions(file).offset(file.text(), position)
    }

    pub(crate) fn range(&self, file: &SourceFile, span: Span) -> Range {
        Range { start: self.position(file, span.start()), end: self.position(file, span.end()) }
    }

    /// The same, with at least one character in it: editors show nothing of a place without.
    pub(crate) fn visible(&self, file: &SourceFile, span: Span) -> Range {
        if span.end() > span.start() {
            return self.range(file, span);
        }
        let text = file.text();
        let is_shown = |c: &char| !matches!(c, '\n' | '\r');
        let after = text.get(span.start()..).and_then(|rest| rest.chars().next()).filter(is_shown);
        let before = text.get(..span.start()).and_then(|rest| rest.chars().next_back()).filter(is_shown);
        let span = match (after, before) {
            (Some(c), _) => Span::new(span.start(), span.start() + c.len_utf8()),
            (None, Some(c)) => Span::new(span.start() - c.len_utf8(), span.start()),
            (None, None) => span,
        };
        self.range(file, span)
    }

    /// The edits that make one text of another, line by line.
    pub(crate) fn edits(&self, before: &str, after: &str) -> Vec<TextEdit> {
        let file = SourceFile::new("", before);
        let diff = TextDiff::from_lines(before, after);
        let mut edits: Vec<(Span, String)> = Vec::new();
        let mut at = 0;
        let mut open: Option<(Span, String)> = None;
        for change in diff.iter_all_changes() {
            let text = change.value();
            match change.tag() {
                ChangeTag::Equal => {
                    edits.extend(open.take());
                    at += text.len();
                }
                ChangeTag::Delete => {
                    let (span, _) = open.get_or_insert_with(|| (Span::at(at), String::new()));
                    at += text.len();
                    *span = Span::new(span.start(), at);
                }
                ChangeTag::Insert => {
                    open.get_or_insert_with(|| (Span::at(at), String::new())).1.push_str(text);
                }
            }
        }
        edits.extend(open);
        edits
            .into_iter()
            .map(|(span, new_text)| TextEdit { range: self.range(&file, span), new_text })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(before: &str, edits: &[TextEdit]) -> String {
        let positions = Positions::new(before, Encoding::Utf16);
        let mut text = before.to_owned();
        for edit in edits.iter().rev() {
            let at = |p: Position| {
                positions.offset(before, lint_core::session::Position::new(p.line, p.character))
            };
            text.replace_range(at(edit.range.start)..at(edit.range.end), &edit.new_text);
        }
        text
    }

    #[test]
    fn edits_make_one_text_of_another_and_touch_nothing_else() {
        for (before, after, count) in [
            ("a\nb\nc\n", "a\nB\nc\n", 1),
            ("a\r\n𐐀\r\nc", "a\r\nc", 1),
            ("", "x\n", 1),
            ("x", "", 1),
            ("a\nb\nc\nd\n", "0\na\nb\nd\ne", 3),
            ("same\n", "same\n", 0),
        ] {
            let edits = Places::new(Encoding::Utf16).edits(before, after);
            assert_eq!(applied(before, &edits), after);
            assert_eq!(edits.len(), count, "{before:?} {after:?}");
        }
    }
}
