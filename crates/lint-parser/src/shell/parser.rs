//! From text to tree.
//!
//! A recursive descent over bytes that never fails: the first fault is remembered, the cursor jumps to the end
//! of the text, and every loop on the way out sees the end and closes what it has.

mod command;
mod compound;
mod expansion;
mod here_document;
mod scan;
mod words;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::shell::MAX_LENGTH;
use crate::shell::ast::{AndOr, AndOrOperator, List, Pipeline, Script};
use crate::shell::fragment::Fragment;
use crate::shell::heredocs::Heredocs;
use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;
use crate::text::span::Span;

use here_document::Pending;

/// How deep substitutions, compound commands and parameter expansions may nest. Scripts people write stay
/// below ten; the bound keeps hostile ones from exhausting the stack of a 2 MB thread in a debug build.
pub(super) const MAX_DEPTH: usize = 64;

/// What all the texts of one script share: the script itself and the insides of its backticks.
#[derive(Debug)]
struct Shared<'h> {
    depth: usize,
    comments: Vec<Span>,
    fault: Option<SyntaxError>,
    /// Where in the source what could not be read begins: the command that holds the fault.
    lost_from: usize,
    heredocs: Heredocs<'h>,
    /// How many bytes may still be read ahead of the cursor to tell `((` from `( (`.
    look_ahead: usize,
}

/// A cursor over one text.
#[derive(Debug)]
struct Parser<'a, 'h> {
    whole: &'a Arc<Mapped>,
    bytes: &'a [u8],
    /// The next byte.
    at: usize,
    /// Where reading ends: of the text, or of the inside of backticks.
    end: usize,
    /// The end of the last token: where a node that is now complete ends.
    last: usize,
    /// `[` before this byte opens no bracket expression; scanned once.
    brackets_scanned: usize,
    /// Brace expansions up to this byte are known; scanned once.
    braces_scanned: usize,
    braces: Vec<Range<usize>>,
    pending: Vec<Pending>,
    shared: &'a mut Shared<'h>,
}

pub(super) fn parse(text: &Mapped, heredocs: Heredocs<'_>) -> Parsed<Script> {
    #[cfg(debug_assertions)]
    super::PARSED.with(|parsed| parsed.set(parsed.get() + 1));
    let whole = Arc::new(text.clone());
    let mut shared = Shared {
        depth: 0,
        comments: Vec::new(),
        fault: None,
        lost_from: usize::MAX,
        heredocs,
        look_ahead: text.text().len().saturating_mul(8),
    };
    let mut parser = Parser::new(&whole, &mut shared);
    if whole.text().len() > MAX_LENGTH {
        parser.fault(0, format!("longer than {MAX_LENGTH} bytes"));
    }
    let commands = parser.script();
    let unparsed = shared.fault.is_some().then(|| {
        let from = shared.lost_from.min(text.span().end());
        Span::new(from.max(text.span().start()), text.span().end())
    });
    let text = Fragment::new(Arc::clone(&whole), 0..whole.text().len());
    let tree = Script { text, commands, comments: shared.comments, unparsed, sites: OnceLock::new() };
    Parsed { tree, errors: shared.fault.into_iter().collect() }
}

impl<'a, 'h> Parser<'a, 'h> {
    fn new(whole: &'a Arc<Mapped>, shared: &'a mut Shared<'h>) -> Self {
        let bytes = whole.text().as_bytes();
        Self {
            whole,
            bytes,
            at: 0,
            end: bytes.len(),
            last: 0,
            brackets_scanned: 0,
            braces_scanned: 0,
            braces: Vec::new(),
            pending: Vec::new(),
            shared,
        }
    }

    /// All commands up to the end of the text.
    fn script(&mut self) -> List {
        let list = self.list();
        if let Some(byte) = self.peek() {
            let message = match byte {
                b')' => "`)` closes nothing".to_owned(),
                b';' => "`;;` stands outside `case`".to_owned(),
                _ => format!("`{}` stands where a command should", self.bare_word()),
            };
            self.fault(self.at, message);
        }
        list
    }

    fn list(&mut self) -> List {
        let mut list = List::new();
        loop {
            self.skip_lines();
            if self.at_closer() {
                return list;
            }
            let Some(mut and_or) = self.and_or() else { return list };
            self.skip_blanks();
            match self.peek() {
                Some(b';') if !matches!(self.peek_at(1), Some(b';' | b'&')) => self.at += 1,
                Some(b'&') => {
                    self.at += 1;
                    and_or.background = true;
                }
                Some(b'\n' | b';') | None => {}
                Some(_) if self.at_closer() => {}
                Some(_) => self.unexpected(),
            }
            list.push(and_or);
        }
    }

    fn and_or(&mut self) -> Option<AndOr> {
        let start = self.at;
        let mut pipelines = vec![self.pipeline()?];
        let mut operators = Vec::new();
        loop {
            self.skip_blanks();
            let operator = match (self.peek(), self.peek_at(1)) {
                (Some(b'&'), Some(b'&')) => AndOrOperator::And,
                (Some(b'|'), Some(b'|')) => AndOrOperator::Or,
                _ => break,
            };
            operators.push((operator, self.fragment(self.at..self.at + 2)));
            self.advance(2);
            self.skip_lines();
            let Some(pipeline) = self.pipeline() else { break };
            pipelines.push(pipeline);
        }
        let text = self.fragment(start..self.end_of_node(start));
        Some(AndOr { text, pipelines, operators, background: false })
    }

    fn pipeline(&mut self) -> Option<Pipeline> {
        let start = self.at;
        let mut negated = false;
        while self.reserved() == Some("!") {
            negated = !negated;
            self.advance(1);
            self.skip_blanks();
        }
        let mut commands = vec![self.command()?];
        let mut pipes = Vec::new();
        loop {
            self.skip_blanks();
            let len = match (self.peek(), self.peek_at(1)) {
                (Some(b'|'), Some(b'|')) => break,
                (Some(b'|'), Some(b'&')) => 2,
                (Some(b'|'), _) => 1,
                _ => break,
            };
            pipes.push(self.fragment(self.at..self.at + len));
            self.advance(len);
            self.skip_lines();
            let Some(command) = self.command() else { break };
            commands.push(command);
        }
        let text = self.fragment(start..self.end_of_node(start));
        Some(Pipeline { text, negated, commands, pipes })
    }

    /// Whether something stands here that ends a list: a closing word or parenthesis, `;;`, the end.
    fn at_closer(&self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.peek_at(1), Some(b';' | b'&')),
            Some(b't' | b'e' | b'f' | b'd' | b'}') => matches!(
                self.reserved(),
                Some("then" | "elif" | "else" | "fi" | "do" | "done" | "esac" | "}")
            ),
            Some(_) => false,
        }
    }

    fn fragment(&self, range: Range<usize>) -> Fragment {
        Fragment::new(Arc::clone(self.whole), range)
    }

    /// Where a node that began at `start` and is complete ends.
    fn end_of_node(&self, start: usize) -> usize {
        self.last.max(start)
    }

    /// Remembers the first fault, which is shown at byte `at`, and stops reading.
    fn fault(&mut self, at: usize, message: impl Into<String>) {
        if self.shared.fault.is_none() {
            // The rest of the line is enough to show; a fault on the last byte still has a place.
            let rest = self.bytes.get(at..self.end).unwrap_or_default();
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let span = self.whole.span_of(at..at + len);
            self.lose(self.at.max(at).min(self.end));
            self.shared.fault = Some(SyntaxError::new(SyntaxErrorKind::Syntax, span, message));
        }
        self.at = self.end;
    }

    /// What begins at byte `at` is not in the tree.
    fn lose(&mut self, at: usize) {
        let from = self.whole.span_of(at..at + 1).start();
        self.shared.lost_from = self.shared.lost_from.min(from);
    }

    fn faulted(&self) -> bool {
        self.shared.fault.is_some()
    }

    fn unexpected(&mut self) {
        let at = self.at;
        if self.peek().is_none() {
            self.fault(at, "the script ends where a command should follow");
            return;
        }
        let text = self.whole.text().get(at..self.end).unwrap_or_default();
        let shown: String = text.chars().take(1).collect();
        let message = match shown.as_str() {
            "\n" => "the line ends where a command should follow".to_owned(),
            shown => format!("unexpected `{shown}`"),
        };
        self.fault(at, message);
    }

    /// Runs `read` one level deeper; nothing when that is too deep.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.shared.depth >= MAX_DEPTH {
            self.fault(self.at, format!("nested more than {MAX_DEPTH} deep"));
            return None;
        }
        self.shared.depth += 1;
        let read = read(self);
        self.shared.depth -= 1;
        Some(read)
    }

    /// Runs `read` on a part of the text and goes on behind it.
    fn within<T>(&mut self, range: Range<usize>, read: impl FnOnce(&mut Self) -> T) -> T {
        let (end, after) = (self.end, range.end);
        self.at = range.start;
        self.end = range.end.min(end);
        let read = read(self);
        self.end = end;
        self.at = if self.faulted() { end } else { after };
        read
    }
}
