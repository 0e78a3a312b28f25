//! Simple commands, assignments, redirections and function definitions.

use std::sync::{Arc, OnceLock};

use super::Parser;
use super::words::Mode;
use crate::shell::ast::{
    Assignment, AssignmentValue, Command, Function, Redirection, RedirectionOperator, SimpleCommand,
};
use crate::shell::fragment::Fragment;
use crate::shell::word::{PartKind, Quoting, Word};

/// Builtins of bash whose arguments may be arrays: `declare -a NAMES=(a b)`.
const DECLARATIONS: [&str; 5] = ["declare", "export", "local", "readonly", "typeset"];

impl Parser<'_, '_> {
    /// One command; `None` only after a fault.
    pub(super) fn command(&mut self) -> Option<Command> {
        self.skip_timing();
        // `time` and `in` are words where the grammar asks for no reserved word.
        if self.peek() == Some(b'(') || !matches!(self.reserved(), None | Some("time" | "in")) {
            return self.compound_or_function();
        }
        self.simple_or_function()
    }

    fn simple_or_function(&mut self) -> Option<Command> {
        let start = self.at;
        let before = self.last;
        let mut command = SimpleCommand {
            text: self.fragment(start..start),
            assignments: Vec::new(),
            words: Vec::new().into(),
            redirections: Vec::new(),
            invocations: OnceLock::new(),
        };
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None | Some(b'\n' | b';' | b'|' | b')') => break,
                Some(b'&') if self.peek_at(1) != Some(b'>') => break,
                Some(b'(') => {
                    let name = self.function_name(&command, &words).filter(|_| self.takes_parentheses());
                    let Some(name) = name else {
                        self.unexpected();
                        break;
                    };
                    return self.function(start, name);
                }
                Some(b'&') => self.redirection(None, &mut command.redirections),
                Some(b'<' | b'>') if self.peek_at(1) != Some(b'(') => {
                    self.redirection(None, &mut command.redirections);
                }
                Some(byte) => {
                    if let Some(descriptor) = self.descriptor(byte) {
                        self.redirection(Some(descriptor), &mut command.redirections);
                    } else if !self.assignment(&mut command, words.first()) {
                        let Some(word) = self.word(Mode::Word) else { break };
                        words.push(word);
                    }
                }
            }
        }
        if self.faulted() {
            // Half a command would be judged by what it does not say.
            self.lose(start);
            self.last = before;
            return None;
        }
        if words.is_empty() && command.assignments.is_empty() && command.redirections.is_empty() {
            self.unexpected();
            return None;
        }
        command.text = self.fragment(start..self.end_of_node(start));
        command.words = words.into();
        Some(Command::Simple(Arc::new(command)))
    }

    /// The word before `(`, if a function may be called so.
    fn function_name(&self, command: &SimpleCommand, words: &[Word]) -> Option<Fragment> {
        let [word] = words else { return None };
        let plain = |word: &Word| {
            word.parts.iter().all(|part| part.kind == PartKind::Literal && part.quoting == Quoting::None)
        };
        let bare = command.assignments.is_empty() && command.redirections.is_empty() && plain(word);
        bare.then(|| word.text.clone())
    }

    /// Takes `()`.
    pub(super) fn takes_parentheses(&mut self) -> bool {
        let open = self.at;
        self.at += 1;
        self.skip_blanks();
        if self.peek() == Some(b')') {
            self.advance(1);
            return true;
        }
        self.at = open;
        false
    }

    /// A function from its body on.
    pub(super) fn function(&mut self, start: usize, name: Fragment) -> Option<Command> {
        self.skip_lines();
        let body = self.compound()?;
        let text = self.fragment(start..self.end_of_node(start));
        Some(Command::Function(Arc::new(Function { text, name, body })))
    }

    /// `time` of bash before a compound command; before a simple one it is a word like another.
    fn skip_timing(&mut self) {
        if self.reserved() != Some("time") {
            return;
        }
        let start = self.at;
        self.at += 4;
        self.skip_blanks();
        if self.bare_word() == "-p" {
            self.at += 2;
            self.skip_blanks();
        }
        if self.peek() != Some(b'(') && matches!(self.reserved(), None | Some("time" | "in" | "}")) {
            self.at = start;
        }
    }

    /// The digits or `{name}` right before `<` or `>`; the cursor is then at the operator.
    pub(super) fn descriptor(&mut self, first: u8) -> Option<Fragment> {
        let start = self.at;
        let rest = self.bytes.get(start..self.end)?;
        let len = match first {
            b'0'..=b'9' => rest.iter().position(|byte| !byte.is_ascii_digit())?,
            b'{' => {
                let name = self.name_len(start + 1);
                if name == 0 || rest.get(name + 1) != Some(&b'}') {
                    return None;
                }
                name + 2
            }
            _ => return None,
        };
        if !matches!(rest.get(len), Some(b'<' | b'>')) {
            return None;
        }
        self.advance(len);
        Some(self.fragment(start..start + len))
    }

    /// Reads a redirection; the cursor is at its operator.
    pub(super) fn redirection(&mut self, descriptor: Option<Fragment>, redirections: &mut Vec<Redirection>) {
        let operator_start = self.at;
        let start = descriptor.as_ref().map_or(operator_start, |descriptor| descriptor.range().start);
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        let (operator, len) = match rest {
            [b'&', b'>', b'>', ..] => (RedirectionOperator::AppendOutputAndError, 3),
            [b'&', b'>', ..] => (RedirectionOperator::OutputAndError, 2),
            [b'<', b'<', b'<', ..] => (RedirectionOperator::HereString, 3),
            [b'<', b'<', b'-', ..] => (RedirectionOperator::HereDocumentTabs, 3),
            [b'<', b'<', ..] => (RedirectionOperator::HereDocument, 2),
            [b'<', b'&', ..] => (RedirectionOperator::DuplicateInput, 2),
            [b'<', b'>', ..] => (RedirectionOperator::ReadWrite, 2),
            [b'<', ..] => (RedirectionOperator::Input, 1),
            [b'>', b'>', ..] => (RedirectionOperator::Append, 2),
            [b'>', b'&', ..] => (RedirectionOperator::DuplicateOutput, 2),
            [b'>', b'|', ..] => (RedirectionOperator::Clobber, 2),
            _ => (RedirectionOperator::Output, 1),
        };
        self.advance(len);
        self.skip_blanks();
        let Some(target) = self.word(Mode::Word) else {
            if !self.faulted() {
                self.fault(operator_start, "a redirection without a target");
            }
            return;
        };
        let end = target.text.range().end;
        let body = match operator {
            RedirectionOperator::HereDocument => Some(self.here_document(start, false, &target)),
            RedirectionOperator::HereDocumentTabs => Some(self.here_document(start, true, &target)),
            _ => None,
        };
        redirections.push(Redirection {
            text: self.fragment(start..end),
            descriptor,
            operator,
            target,
            body,
        });
    }

    /// Reads `NAME=value`, where one may stand and does.
    fn assignment(&mut self, command: &mut SimpleCommand, behind: Option<&Word>) -> bool {
        let declares = |word: &Word| DECLARATIONS.contains(&word.text.text());
        let first = behind.is_none();
        if !first && !behind.is_some_and(declares) {
            return false;
        }
        let start = self.at;
        let name_end = start + self.name_len(start);
        if name_end == start {
            return false;
        }
        let byte = |at: usize| if at < self.end { self.bytes.get(at).copied() } else { None };
        let mut at = name_end;
        let mut subscript = None;
        if byte(at) == Some(b'[') {
            let rest = self.bytes.get(at + 1..self.end).unwrap_or_default();
            let stop = |byte: &u8| matches!(byte, b']' | b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'[');
            match rest.iter().position(stop).filter(|len| rest.get(*len) == Some(&b']')) {
                Some(len) => {
                    subscript = Some(self.fragment(at + 1..at + 1 + len));
                    at += len + 2;
                }
                None => return false,
            }
        }
        let append = byte(at) == Some(b'+') && byte(at + 1) == Some(b'=');
        at += usize::from(append);
        if byte(at) != Some(b'=') {
            return false;
        }
        let array = byte(at + 1) == Some(b'(');
        if !first && !array {
            // `export NAME=value` is an argument; only an array cannot be one.
            return false;
        }
        self.advance(at + 1 - start);
        let value = if array {
            AssignmentValue::Array(self.array())
        } else {
            AssignmentValue::Word(self.word_or_empty(Mode::Assignment))
        };
        let text = self.fragment(start..self.end_of_node(start));
        let name = self.fragment(start..name_end);
        command.assignments.push(Assignment { text, name, subscript, append, value });
        true
    }

    /// `(a b c)`; the cursor is at the parenthesis.
    fn array(&mut self) -> Vec<Word> {
        let start = self.at;
        self.advance(1);
        let mut words = Vec::new();
        loop {
            self.skip_lines();
            match self.peek() {
                Some(b')') => break,
                Some(_) => match self.word(Mode::Word) {
                    Some(word) => words.push(word),
                    None => {
                        self.unexpected();
                        break;
                    }
                },
                None => break,
            }
        }
        self.expect_parenthesis(start, "=(");
        words
    }
}
