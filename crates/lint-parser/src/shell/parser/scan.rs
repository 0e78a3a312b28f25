//! The cursor: bytes, blanks, comments and reserved words.

use super::Parser;

/// The reserved words of POSIX and of bash that the grammar gives a meaning.
const RESERVED: [&str; 20] = [
    "!", "[[", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "select",
    "then", "time", "until", "while", "{", "}",
];

impl Parser<'_, '_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        if at < self.end { self.bytes.get(at).copied() } else { None }
    }

    /// Takes the next `len` bytes as a token.
    pub(super) fn advance(&mut self, len: usize) {
        self.at = (self.at + len).min(self.end);
        self.last = self.at;
    }

    /// Skips spaces, tabs, line continuations and a comment.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.peek_at(1) == Some(b'\n') => self.at += 2,
                Some(b'#') => {
                    let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
                    let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    self.shared.comments.push(self.whole.span_of(self.at..self.at + len));
                    self.at += len;
                }
                _ => return,
            }
        }
    }

    /// Skips blanks and newlines, and reads the here-documents that begin after a newline.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.at += 1;
            self.read_here_documents();
        }
    }

    /// The reserved word that stands here.
    pub(super) fn reserved(&self) -> Option<&'static str> {
        if !matches!(self.peek()?, b'a'..=b'z' | b'{' | b'}' | b'!' | b'[') {
            return None;
        }
        let word = self.bare_word();
        RESERVED.into_iter().find(|reserved| *reserved == word)
    }

    /// Takes the reserved word, if it stands here.
    pub(super) fn take_reserved(&mut self, word: &str) -> bool {
        let found = self.reserved() == Some(word);
        if found {
            self.advance(word.len());
        }
        found
    }

    /// Takes the reserved word or says that `opener`, which stands at `start`, misses it.
    pub(super) fn expect_reserved(&mut self, word: &str, start: usize, opener: &str) {
        if !self.take_reserved(word) && !self.faulted() {
            self.fault(start, format!("`{opener}` without `{word}`"));
        }
    }

    /// Takes `)` or says that `opener`, which stands at `start`, misses it.
    pub(super) fn expect_parenthesis(&mut self, start: usize, opener: &str) {
        if self.peek() == Some(b')') {
            self.advance(1);
        } else if !self.faulted() {
            self.fault(start, format!("`{opener}` is not closed"));
        }
    }

    /// A word of at most ten bytes (none of the reserved is longer) that nothing is quoted or expanded in;
    /// empty when something longer or else stands here.
    pub(super) fn bare_word(&self) -> &str {
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        let len = rest
            .iter()
            .take(11)
            .position(|byte| {
                matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>')
            })
            .unwrap_or(rest.len());
        if len > 10 {
            return "";
        }
        self.whole.text().get(self.at..self.at + len).unwrap_or_default()
    }

    /// Bytes of a variable name that begin at `at`.
    pub(super) fn name_len(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..self.end).unwrap_or_default();
        match rest.first() {
            Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => rest
                .iter()
                .position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'))
                .unwrap_or(rest.len()),
            _ => 0,
        }
    }

    /// The `)` that closes a parenthesis opened right before `from`; quotes and escapes are skipped. `None` when
    /// the text ends first, or when a script makes such looks ahead so often that they would cost more than
    /// reading it.
    pub(super) fn closing_parenthesis(&mut self, from: usize) -> Option<usize> {
        let limit = self.end.min(from.saturating_add(self.shared.look_ahead));
        let close = self.closing_parenthesis_before(from, limit);
        self.shared.look_ahead -= close.unwrap_or(limit).saturating_sub(from).min(self.shared.look_ahead);
        close
    }

    fn closing_parenthesis_before(&self, from: usize, limit: usize) -> Option<usize> {
        let mut depth = 1usize;
        let mut quote = None;
        let mut at = from;
        while at < limit {
            let byte = *self.bytes.get(at)?;
            match (quote, byte) {
                (Some(b'\''), b'\'') => quote = None,
                (Some(b'\''), _) => {}
                (_, b'\\') => at += 1,
                (Some(open), byte) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'\'' | b'"') => quote = Some(byte),
                (None, b'(') => depth += 1,
                (None, b')') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                (None, _) => {}
            }
            at += 1;
        }
        None
    }
}
