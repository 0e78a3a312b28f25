//! Every place that a tree speaks of lies in the text, between characters.

use std::fmt::{Debug, Write};

/// Looks at every span of a tree, which its `Debug` prints as `5..18`.
pub(crate) fn hold(text: &str, tree: &impl Debug) {
    let mut check = Check { text, state: State::Between, digits: String::new(), start: None, dots: 0 };
    write!(check, "{tree:?} ").expect("it writes nothing");
}

/// One span.
pub(crate) fn holds(text: &str, range: std::ops::Range<usize>) {
    assert!(text.get(range.clone()).is_some(), "{range:?} is no part of a text of {} bytes", text.len());
}

/// Reads what `Debug` prints without keeping it: trees are large.
struct Check<'t> {
    text: &'t str,
    state: State,
    digits: String,
    start: Option<usize>,
    dots: usize,
}

#[derive(Clone, Copy)]
enum State {
    Between,
    /// In a string or a character, and whether the last character was a backslash.
    Quoted(char, bool),
}

impl Write for Check<'_> {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        piece.chars().for_each(|c| self.read(c));
        Ok(())
    }
}

impl Check<'_> {
    fn read(&mut self, c: char) {
        match (self.state, c) {
            (State::Quoted(quote, escaped), c) => {
                self.state = match c {
                    c if c == quote && !escaped => State::Between,
                    '\\' => State::Quoted(quote, !escaped),
                    _ => State::Quoted(quote, false),
                };
            }
            (State::Between, '"' | '\'') => {
                self.end_of_number();
                self.state = State::Quoted(c, false);
            }
            (State::Between, '0'..='9') => self.digits.push(c),
            (State::Between, '.') => {
                // `127.0.0.1` is none.
                if self.dots == 0 {
                    self.start = self.digits.parse().ok();
                } else if !self.digits.is_empty() {
                    self.start = None;
                }
                self.digits.clear();
                self.dots += 1;
            }
            (State::Between, _) => self.end_of_number(),
        }
    }

    fn end_of_number(&mut self) {
        if let (Some(start), 2, Ok(end)) = (self.start, self.dots, self.digits.parse::<usize>()) {
            holds(self.text, start..end);
        }
        (self.start, self.dots) = (None, 0);
        self.digits.clear();
    }
}
