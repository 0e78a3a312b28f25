//! Words and quoting.

use std::ops::Range;

use super::Parser;
use crate::shell::word::{Part, PartKind, Quoting, Word};

/// Where characters stand, and so which of them mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A word: ends at blanks and operators.
    Word,
    /// The value of an assignment: a word in which globs and braces are plain.
    Assignment,
    /// Inside `"…"`.
    Double,
    /// A here-document or an arithmetic expression: to the end of the text.
    Body,
    /// The word in `${name:-word}`: ends at `}`.
    Parameter,
    /// The same inside `"…"`, where `'` is plain.
    ParameterDouble,
    /// A regular expression in `[[ … =~ … ]]`: ends at blanks outside parentheses.
    Regex,
}

const fn special_in(mode: Mode, byte: u8) -> bool {
    let delimiter = matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>');
    let quote = matches!(byte, b'\\' | b'\'' | b'"' | b'$' | b'`');
    match mode {
        Mode::Word => delimiter || quote || matches!(byte, b'*' | b'?' | b'[' | b'{'),
        Mode::Assignment => delimiter || quote,
        Mode::Double => quote && byte != b'\'',
        Mode::Body => matches!(byte, b'\\' | b'$' | b'`'),
        Mode::Parameter => quote || byte == b'}',
        Mode::ParameterDouble => (quote && byte != b'\'') || byte == b'}',
        Mode::Regex => quote || matches!(byte, b' ' | b'\t' | b'\n' | b'(' | b')' | b'&'),
    }
}

/// Bit `mode` says whether a byte is special there.
static SPECIAL: [u8; 256] = {
    let modes = [
        Mode::Word,
        Mode::Assignment,
        Mode::Double,
        Mode::Body,
        Mode::Parameter,
        Mode::ParameterDouble,
        Mode::Regex,
    ];
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut i = 0;
        while i < modes.len() {
            if special_in(modes[i], byte as u8) {
                table[byte] |= 1 << modes[i] as u8;
            }
            i += 1;
        }
        byte += 1;
    }
    table
};

impl Parser<'_, '_> {
    /// A word; `None` when none stands here or it cannot be read.
    pub(super) fn word(&mut self, mode: Mode) -> Option<Word> {
        let start = self.at;
        let word = self.word_or_empty(mode);
        (!self.faulted() && self.last > start && !word.parts.is_empty()).then_some(word)
    }

    /// A word that may be nothing, as the value of `A=`.
    pub(super) fn word_or_empty(&mut self, mode: Mode) -> Word {
        let start = self.at;
        self.last = start;
        let mut parts = Vec::new();
        if self.peek() == Some(b'~') {
            let rest = self.bytes.get(start + 1..self.end).unwrap_or_default();
            let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+');
            let len = rest.iter().position(|byte| !name(byte)).unwrap_or(rest.len());
            let ends =
                rest.get(len).is_none_or(|byte| *byte == b'/' || byte.is_ascii_whitespace() || *byte == b':');
            if ends
                || rest.get(len).is_some_and(|byte| matches!(byte, b';' | b'&' | b'|' | b')' | b'<' | b'>'))
            {
                self.push(start..start + 1 + len, Quoting::None, PartKind::Tilde, &mut parts);
                self.advance(1 + len);
            }
        }
        self.parts(mode, &mut parts);
        Word { text: self.fragment(start..self.end_of_node(start)), parts }
    }

    /// Reads parts until `mode` ends them; the byte that does is left.
    pub(super) fn parts(&mut self, mode: Mode, parts: &mut Vec<Part>) {
        let mask = 1 << mode as u8;
        let plain = match mode {
            Mode::Double | Mode::Body | Mode::ParameterDouble => Quoting::Double,
            _ => Quoting::None,
        };
        let mut parentheses = 0usize;
        loop {
            let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
            let special = |byte: &u8| SPECIAL.get(*byte as usize).is_some_and(|bits| bits & mask != 0);
            let len = rest.iter().position(special).unwrap_or(rest.len());
            if len > 0 {
                self.literal(self.at..self.at + len, plain, parts);
                self.advance(len);
            }
            let Some(byte) = self.peek() else { return };
            match byte {
                b'\\' => self.escape(mode, plain, parts),
                b'$' => self.dollar(mode, plain, parts),
                b'`' => self.backticks(plain, parts),
                b'\'' => self.single_quotes(parts),
                b'"' if mode == Mode::Double => return,
                b'"' => self.double_quotes(parts),
                b'}' => return,
                b'*' | b'?' if self.peek_at(1) == Some(b'(') => self.extended_glob(parts),
                b'*' | b'?' => {
                    self.push(self.at..self.at + 1, plain, PartKind::Glob, parts);
                    self.advance(1);
                }
                b'[' => self.bracket(plain, parts),
                b'{' => self.brace(plain, parts),
                b'<' | b'>' if self.peek_at(1) == Some(b'(') => self.process_substitution(parts),
                b'(' if mode == Mode::Regex => {
                    parentheses += 1;
                    self.one(plain, parts);
                }
                b')' if mode == Mode::Regex && parentheses > 0 => {
                    parentheses -= 1;
                    self.one(plain, parts);
                }
                b' ' | b'\t' if parentheses > 0 => self.one(plain, parts),
                b'(' if self.at_extended_glob(mode, parts) => {
                    self.take_back_operator(parts);
                    self.extended_glob(parts);
                }
                _ => return,
            }
        }
    }

    fn push(&self, range: Range<usize>, quoting: Quoting, kind: PartKind, parts: &mut Vec<Part>) {
        parts.push(Part { text: self.fragment(range), quoting, kind });
    }

    /// Adds a literal, or lengthens the one before it.
    pub(super) fn literal(&self, range: Range<usize>, quoting: Quoting, parts: &mut Vec<Part>) {
        if let Some(last) = parts.last_mut() {
            let before = last.text.range();
            if last.kind == PartKind::Literal && last.quoting == quoting && before.end == range.start {
                last.text = self.fragment(before.start..range.end);
                return;
            }
        }
        self.push(range, quoting, PartKind::Literal, parts);
    }

    /// Takes one byte of ASCII as it is.
    pub(super) fn one(&mut self, quoting: Quoting, parts: &mut Vec<Part>) {
        self.literal(self.at..self.at + 1, quoting, parts);
        self.advance(1);
    }

    fn escape(&mut self, mode: Mode, plain: Quoting, parts: &mut Vec<Part>) {
        let after = self.whole.text().get(self.at + 1..self.end).unwrap_or_default();
        let Some(c) = after.chars().next() else { return self.one(plain, parts) };
        let escapes = match mode {
            Mode::Double => matches!(c, '$' | '`' | '"' | '\\' | '\n'),
            Mode::Body => matches!(c, '$' | '`' | '\\' | '\n'),
            Mode::ParameterDouble => matches!(c, '$' | '`' | '"' | '\\' | '\n' | '}'),
            _ => true,
        };
        if !escapes {
            return self.one(plain, parts);
        }
        let end = self.at + 1 + c.len_utf8();
        if c == '\n' {
            // A continuation is nothing; a word that ends in one ends before it.
            self.at = end;
            return;
        }
        self.push(self.at + 1..end, Quoting::Escaped, PartKind::Literal, parts);
        self.advance(1 + c.len_utf8());
    }

    fn single_quotes(&mut self, parts: &mut Vec<Part>) {
        let start = self.at + 1;
        let rest = self.bytes.get(start..self.end).unwrap_or_default();
        match memchr::memchr(b'\'', rest) {
            Some(len) => {
                self.push(start..start + len, Quoting::Single, PartKind::Literal, parts);
                self.advance(len + 2);
            }
            None => self.fault(self.at, "a single quote is not closed"),
        }
    }

    pub(super) fn double_quotes(&mut self, parts: &mut Vec<Part>) {
        let start = self.at;
        let before = parts.len();
        self.advance(1);
        self.parts(Mode::Double, parts);
        if self.peek() != Some(b'"') {
            self.fault(start, "a double quote is not closed");
            return;
        }
        if parts.len() == before {
            self.push(self.at..self.at, Quoting::Double, PartKind::Literal, parts);
        }
        self.advance(1);
    }

    /// `$'…'`, of which the `$` is here.
    pub(super) fn ansi_quotes(&mut self, parts: &mut Vec<Part>) {
        let start = self.at;
        let before = parts.len();
        self.advance(2);
        loop {
            let rest = self.whole.text().get(self.at..self.end).unwrap_or_default();
            match memchr::memchr2(b'\'', b'\\', rest.as_bytes()) {
                None => return self.fault(start, "a single quote is not closed"),
                Some(0) if rest.starts_with('\'') => break,
                Some(0) => {
                    let (c, len) = ansi_escape(rest);
                    self.push(self.at..self.at + len, Quoting::AnsiC, PartKind::Escape(c), parts);
                    self.advance(len);
                }
                Some(len) => {
                    self.literal(self.at..self.at + len, Quoting::AnsiC, parts);
                    self.advance(len);
                }
            }
        }
        if parts.len() == before {
            self.push(self.at..self.at, Quoting::AnsiC, PartKind::Literal, parts);
        }
        self.advance(1);
    }

    /// `[abc]`, or a plain `[` when it is not closed within the word.
    fn bracket(&mut self, plain: Quoting, parts: &mut Vec<Part>) {
        if self.at < self.brackets_scanned {
            return self.one(plain, parts);
        }
        let rest = self.bytes.get(self.at + 1..self.end).unwrap_or_default();
        let negation = usize::from(matches!(rest.first(), Some(b'!' | b'^')));
        // A `]` right after the opening stands for itself.
        let from = negation + usize::from(rest.get(negation) == Some(&b']'));
        let stop = |byte: &u8| {
            matches!(
                byte,
                b']' | b'\\' | b'\'' | b'"' | b'$' | b'`' | b' ' | b'\t' | b'\n' | b'/' | b';' | b'&' | b'|'
            )
        };
        let inside = rest.get(from..).unwrap_or_default();
        let len = inside.iter().position(stop).unwrap_or(inside.len());
        if inside.get(len) == Some(&b']') {
            let end = self.at + 1 + from + len + 1;
            self.push(self.at..end, plain, PartKind::Glob, parts);
            self.advance(end - self.at);
        } else {
            self.brackets_scanned = self.at + 1 + from + len;
            self.one(plain, parts);
        }
    }

    /// `{a,b}`, or a plain `{`.
    fn brace(&mut self, plain: Quoting, parts: &mut Vec<Part>) {
        if self.at >= self.braces_scanned {
            self.scan_braces();
        }
        let next = self.braces.partition_point(|range| range.start < self.at);
        match self.braces.get(next).filter(|range| range.start == self.at).cloned() {
            Some(range) => {
                self.advance(range.len());
                self.push(range, plain, PartKind::Brace, parts);
            }
            None => self.one(plain, parts),
        }
    }

    /// Finds the outermost brace expansions from here to the end of the plain characters, in one pass so that
    /// `{{{{` costs no more than it is long.
    fn scan_braces(&mut self) {
        self.braces.clear();
        let mut open: Vec<(usize, bool)> = Vec::new();
        let mut at = self.at;
        while at < self.end {
            let Some(&byte) = self.bytes.get(at) else { break };
            match byte {
                b'{' => open.push((at, false)),
                b',' => {
                    if let Some(last) = open.last_mut() {
                        last.1 = true;
                    }
                }
                b'.' if self.bytes.get(at + 1) == Some(&b'.') => {
                    if let Some(last) = open.last_mut() {
                        last.1 = true;
                    }
                }
                b'}' => {
                    if let Some((start, true)) = open.pop() {
                        while self.braces.last().is_some_and(|inner| inner.start > start) {
                            self.braces.pop();
                        }
                        self.braces.push(start..at + 1);
                    }
                }
                b'*' | b'?' | b'[' => {}
                byte if special_in(Mode::Word, byte) => break,
                _ => {}
            }
            at += 1;
        }
        self.braces_scanned = at;
    }

    /// Whether `(` here continues `!`, `+` or `@` of an extended glob of bash.
    fn at_extended_glob(&self, mode: Mode, parts: &[Part]) -> bool {
        mode == Mode::Word
            && self.at > 0
            && matches!(self.bytes.get(self.at - 1), Some(b'!' | b'+' | b'@'))
            && parts.last().is_some_and(|part| {
                part.kind == PartKind::Literal
                    && part.quoting == Quoting::None
                    && part.text.range().end == self.at
            })
    }

    /// Moves back over the operator of an extended glob, which was taken for the end of a literal.
    fn take_back_operator(&mut self, parts: &mut Vec<Part>) {
        let Some(last) = parts.pop() else { return };
        let range = last.text.range();
        self.at = range.end - 1;
        if range.len() > 1 {
            self.literal(range.start..self.at, last.quoting, parts);
        }
    }

    /// `*(…)`; the cursor is at the operator.
    fn extended_glob(&mut self, parts: &mut Vec<Part>) {
        let open = self.at + 1;
        match self.closing_parenthesis(open + 1) {
            Some(close) => {
                self.push(self.at..close + 1, Quoting::None, PartKind::Glob, parts);
                self.advance(close + 1 - self.at);
            }
            None => self.fault(open, "`(` is not closed"),
        }
    }
}

/// The character a `\` escape in `$'…'` stands for, and its length with the backslash.
fn ansi_escape(text: &str) -> (char, usize) {
    let mut chars = text.chars().skip(1);
    let Some(c) = chars.next() else { return ('\\', 1) };
    let number = |radix: u32, from: usize, most: usize| {
        let digits = text.get(from..).unwrap_or_default();
        let len = digits.bytes().take(most).take_while(|byte| char::from(*byte).is_digit(radix)).count();
        let value = u32::from_str_radix(digits.get(..len).unwrap_or_default(), radix).ok();
        value.and_then(char::from_u32).map(|c| (c, from + len))
    };
    match c {
        'n' => ('\n', 2),
        't' => ('\t', 2),
        'r' => ('\r', 2),
        'a' => ('\x07', 2),
        'b' => ('\x08', 2),
        'e' | 'E' => ('\x1b', 2),
        'f' => ('\x0c', 2),
        'v' => ('\x0b', 2),
        'x' => number(16, 2, 2).unwrap_or(('x', 2)),
        'u' => number(16, 2, 4).unwrap_or(('u', 2)),
        'U' => number(16, 2, 8).unwrap_or(('U', 2)),
        '0'..='7' => number(8, 1, 3).unwrap_or((c, 2)),
        other => (other, 1 + other.len_utf8()),
    }
}
