//! Compound commands.

use std::ops::Range;
use std::sync::Arc;

use super::Parser;
use super::words::Mode;
use crate::shell::ast::{Branch, CaseItem, Command, Compound, CompoundKind, List};
use crate::shell::word::{Part, PartKind, Quoting, Word};

impl Parser<'_, '_> {
    /// A command that begins with a reserved word or a parenthesis.
    pub(super) fn compound_or_function(&mut self) -> Option<Command> {
        if self.reserved() != Some("function") {
            return self.compound().map(|compound| Command::Compound(Arc::new(compound)));
        }
        let start = self.at;
        self.advance("function".len());
        self.skip_blanks();
        let Some(name) = self.word(Mode::Word) else {
            self.unexpected();
            return None;
        };
        self.skip_blanks();
        if self.peek() == Some(b'(') {
            self.takes_parentheses();
        }
        self.function(start, name.text)
    }

    /// A compound command and its redirections; `None` only after a fault.
    pub(super) fn compound(&mut self) -> Option<Compound> {
        let start = self.at;
        let kind = self.nested(Self::compound_kind)??;
        let mut redirections = Vec::new();
        loop {
            let end = self.last;
            self.skip_blanks();
            let descriptor = self.peek().filter(u8::is_ascii_digit).and_then(|byte| self.descriptor(byte));
            match (self.peek(), self.peek_at(1)) {
                (Some(b'<' | b'>'), next) if next != Some(b'(') => {}
                (Some(b'&'), Some(b'>')) => {}
                _ => {
                    self.last = end;
                    break;
                }
            }
            self.redirection(descriptor, &mut redirections);
        }
        Some(Compound { text: self.fragment(start..self.end_of_node(start)), kind, redirections })
    }

    fn compound_kind(&mut self) -> Option<CompoundKind> {
        if self.peek() == Some(b'(') {
            return self.parentheses();
        }
        let start = self.at;
        match self.reserved() {
            Some("{") => {
                self.advance(1);
                let list = self.body();
                self.expect_reserved("}", start, "{");
                Some(CompoundKind::Group(list))
            }
            Some("if") => Some(self.conditional()),
            Some("for" | "select") => self.for_loop(),
            Some("while") => Some(CompoundKind::While(self.conditional_loop("while"))),
            Some("until") => Some(CompoundKind::Until(self.conditional_loop("until"))),
            Some("case") => self.case(),
            Some("[[") => Some(self.test()),
            _ => {
                self.unexpected_word();
                None
            }
        }
    }

    fn unexpected_word(&mut self) {
        match self.bare_word().to_owned() {
            word if word.is_empty() => self.unexpected(),
            word => self.fault(self.at, format!("`{word}` stands where a command should")),
        }
    }

    /// A list that must hold something.
    fn body(&mut self) -> List {
        let list = self.list();
        if list.is_empty() && !self.faulted() {
            self.unexpected();
        }
        list
    }

    /// `( … )` or `(( … ))`.
    fn parentheses(&mut self) -> Option<CompoundKind> {
        let start = self.at;
        if let Some(inside) = self.arithmetic_inside() {
            let expression = self.arithmetic_word(start, inside)?;
            return Some(CompoundKind::Arithmetic(expression));
        }
        self.advance(1);
        let list = self.body();
        self.expect_parenthesis(start, "(");
        Some(CompoundKind::Subshell(list))
    }

    /// What is between `((` and `))` of the command that begins at `start`; `None` after a fault in it.
    fn arithmetic_word(&mut self, start: usize, inside: Range<usize>) -> Option<Word> {
        let parts = self.arithmetic(inside.clone());
        if self.faulted() {
            self.lose(start);
            return None;
        }
        Some(Word { text: self.fragment(inside), parts })
    }

    fn conditional(&mut self) -> CompoundKind {
        let mut branches = Vec::new();
        let mut otherwise = None;
        let start = self.at;
        self.advance("if".len());
        loop {
            let condition = self.body();
            self.expect_reserved("then", start, "if");
            let body = self.body();
            branches.push(Branch { condition, body });
            if !self.take_reserved("elif") {
                break;
            }
        }
        if self.take_reserved("else") {
            otherwise = Some(self.body());
        }
        self.expect_reserved("fi", start, "if");
        CompoundKind::If { branches, otherwise }
    }

    fn conditional_loop(&mut self, opener: &'static str) -> Branch {
        let start = self.at;
        self.advance(opener.len());
        let condition = self.body();
        let body = self.loop_body(start, opener);
        Branch { condition, body }
    }

    fn loop_body(&mut self, start: usize, opener: &'static str) -> List {
        self.expect_reserved("do", start, opener);
        let body = self.body();
        self.expect_reserved("done", start, opener);
        body
    }

    fn for_loop(&mut self) -> Option<CompoundKind> {
        let start = self.at;
        self.advance(self.bare_word().len());
        self.skip_blanks();
        if self.peek() == Some(b'(') {
            let Some(inside) = self.arithmetic_inside() else {
                self.unexpected();
                return None;
            };
            let header = self.arithmetic_word(start, inside)?;
            self.skip_separator();
            return Some(CompoundKind::ArithmeticFor { header, body: self.loop_body(start, "for") });
        }
        let Some(name) = self.word(Mode::Word) else {
            self.unexpected();
            return None;
        };
        self.skip_lines();
        let mut words = None;
        if self.take_reserved("in") {
            let mut listed = Vec::new();
            loop {
                self.skip_blanks();
                match self.word(Mode::Word) {
                    Some(word) => listed.push(word),
                    None => break,
                }
            }
            words = Some(listed);
        }
        self.skip_separator();
        Some(CompoundKind::For { name, words, body: self.loop_body(start, "for") })
    }

    /// A `;` and newlines.
    fn skip_separator(&mut self) {
        self.skip_blanks();
        if self.peek() == Some(b';') {
            self.advance(1);
        }
        self.skip_lines();
    }

    fn case(&mut self) -> Option<CompoundKind> {
        let start = self.at;
        self.advance("case".len());
        self.skip_blanks();
        let Some(subject) = self.word(Mode::Word) else {
            self.unexpected();
            return None;
        };
        self.skip_lines();
        self.expect_reserved("in", start, "case");
        let mut items = Vec::new();
        loop {
            self.skip_lines();
            if self.faulted() || self.take_reserved("esac") {
                break;
            }
            let Some(item) = self.case_item(start) else { break };
            items.push(item);
        }
        Some(CompoundKind::Case { subject, items })
    }

    fn case_item(&mut self, start: usize) -> Option<CaseItem> {
        if self.peek().is_none() {
            self.fault(start, "`case` without `esac`");
            return None;
        }
        if self.peek() == Some(b'(') {
            self.advance(1);
        }
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            let Some(pattern) = self.word(Mode::Word) else {
                self.unexpected();
                return None;
            };
            patterns.push(pattern);
            self.skip_blanks();
            match self.peek() {
                Some(b'|') => self.advance(1),
                Some(b')') => break,
                _ => {
                    self.fault(self.at, "a pattern of `case` without `)`");
                    return None;
                }
            }
        }
        self.advance(1);
        let body = self.list();
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        match rest {
            [b';', b';', b'&', ..] => self.advance(3),
            [b';', b';' | b'&', ..] => self.advance(2),
            _ if self.reserved() == Some("esac") || self.faulted() => {}
            [] => self.fault(start, "`case` without `esac`"),
            _ => self.unexpected_word(),
        }
        Some(CaseItem { patterns, body })
    }

    /// `[[ … ]]`; operators become words.
    fn test(&mut self) -> CompoundKind {
        let start = self.at;
        self.advance(2);
        let mut words: Vec<Word> = Vec::new();
        loop {
            self.skip_lines();
            if self.takes_test_end() || self.faulted() {
                break;
            }
            let regex = words.last().is_some_and(|word| word.text.text() == "=~");
            let len = match (self.peek(), self.peek_at(1)) {
                (None, _) => {
                    self.fault(start, "`[[` without `]]`");
                    break;
                }
                (Some(b'&'), Some(b'&')) | (Some(b'|'), Some(b'|')) => 2,
                (Some(b'(' | b')' | b'<' | b'>'), _) if !regex => 1,
                _ => 0,
            };
            if len > 0 {
                let text = self.fragment(self.at..self.at + len);
                let part = Part { text: text.clone(), quoting: Quoting::None, kind: PartKind::Literal };
                words.push(Word { text, parts: vec![part] });
                self.advance(len);
                continue;
            }
            let mode = if regex { Mode::Regex } else { Mode::Word };
            match self.word(mode) {
                Some(word) => words.push(word),
                None => {
                    self.unexpected();
                    break;
                }
            }
        }
        CompoundKind::Test(words)
    }

    fn takes_test_end(&mut self) -> bool {
        let ends = self.bare_word() == "]]";
        if ends {
            self.advance(2);
        }
        ends
    }
}
