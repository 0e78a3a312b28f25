//! Here-documents.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::Parser;
use super::words::Mode;
use crate::shell::ast::HereDocument;
use crate::shell::heredocs::Heredocs;
use crate::shell::word::{Part, PartKind, Quoting, Word};
use crate::text::mapped::{Mapped, MappedBuilder};

/// A here-document whose operator was read and whose lines are still to come.
#[derive(Debug)]
pub(super) struct Pending {
    delimiter: String,
    strip_tabs: bool,
    quoted: bool,
    body: Arc<OnceLock<HereDocument>>,
}

impl Parser<'_, '_> {
    /// Notes a here-document by its operator, which begins at byte `operator`.
    pub(super) fn here_document(
        &mut self,
        operator: usize,
        strip_tabs: bool,
        delimiter: &Word,
    ) -> Arc<OnceLock<HereDocument>> {
        let body = Arc::new(OnceLock::new());
        let quoted = delimiter.parts.iter().any(|part| part.quoting != Quoting::None);
        match self.shared.heredocs {
            Heredocs::Inline => self.pending.push(Pending {
                delimiter: delimiter.unquoted().into_owned(),
                strip_tabs,
                quoted,
                body: Arc::clone(&body),
            }),
            Heredocs::Detached(heredocs) => {
                let place = self.whole.span_of(operator..operator + 2).start();
                let found = heredocs.binary_search_by_key(&place, |heredoc| heredoc.operator.start());
                if let Some(heredoc) = found.ok().and_then(|index| heredocs.get(index)) {
                    let whole = Arc::new(heredoc.content.clone());
                    let read =
                        Parser::new(&whole, self.shared).here_document_body(quoted, heredoc.terminated);
                    // The lock is new, so it is empty.
                    let _ = body.set(read);
                    self.stop_if_faulted();
                }
            }
        }
        body
    }

    /// Reads the here-documents whose lines begin here, right after a newline.
    pub(super) fn read_here_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            if self.at >= self.end {
                return;
            }
            let (lines, after, terminated) = self.lines_before(&pending);
            let Pending { strip_tabs, quoted, body, .. } = pending;
            let read = match strip_tabs.then(|| self.without_tabs(lines.clone())).flatten() {
                Some(whole) => Parser::new(&whole, self.shared).here_document_body(quoted, terminated),
                None => self.within(lines, |parser| parser.here_document_body(quoted, terminated)),
            };
            let _ = body.set(read);
            self.at = after;
            self.stop_if_faulted();
        }
    }

    /// The lines up to the delimiter's, where the text goes on, and whether the delimiter was found.
    fn lines_before(&self, pending: &Pending) -> (Range<usize>, usize, bool) {
        let start = self.at;
        let mut at = start;
        while at < self.end {
            let rest = self.bytes.get(at..self.end).unwrap_or_default();
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let mut line = rest.get(..len).unwrap_or_default();
            if pending.strip_tabs {
                let tabs = line.iter().take_while(|byte| **byte == b'\t').count();
                line = line.get(tabs..).unwrap_or_default();
            }
            if line == pending.delimiter.as_bytes() {
                return (start..at, at + len, true);
            }
            at = (at + len + 1).min(self.end);
        }
        (start..self.end, self.end, false)
    }

    /// The lines without their leading tabs; `None` when they have none.
    fn without_tabs(&self, lines: Range<usize>) -> Option<Arc<Mapped>> {
        let text = self.whole.text().get(lines.clone())?;
        if !text.starts_with('\t') && !text.contains("\n\t") {
            return None;
        }
        let mut builder = MappedBuilder::default();
        let mut at = lines.start;
        for line in text.split_inclusive('\n') {
            let tabs = line.len() - line.trim_start_matches('\t').len();
            builder.push_slice(self.whole, at + tabs..at + line.len());
            at += line.len();
        }
        Some(Arc::new(builder.finish(self.whole.span_of(lines))))
    }

    /// The whole of what is left as the text of a here-document.
    fn here_document_body(&mut self, quoted: bool, terminated: bool) -> HereDocument {
        let text = self.fragment(self.at..self.end);
        let mut parts = Vec::new();
        if quoted {
            parts.push(Part { text: text.clone(), quoting: Quoting::Single, kind: PartKind::Literal });
        } else {
            self.nested(|parser| parser.parts(Mode::Body, &mut parts));
        }
        HereDocument { body: Word { text, parts }, quoted, terminated }
    }

    /// Stops reading this text when a text inside it could not be read.
    pub(super) fn stop_if_faulted(&mut self) {
        if self.faulted() {
            self.at = self.end;
        }
    }
}
