//! The text of a file and its tree, and what can be put into it.

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind, ScalarStyle, Stream};

use crate::model::edits::locate::{end_of, is_unwritten, last_leaf, start_of};
use crate::model::edits::yaml::{Flow, Style, Yaml, entry};

/// Bytes and what comes in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) span: Span,
    pub(super) text: String,
}

impl Piece {
    pub(super) fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::new(Span::at(at), text)
    }
}

/// A text and its tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet<'t> {
    pub(super) file: &'t SourceFile,
    pub(super) stream: &'t Stream,
    /// Whether the document is one flow collection, as JSON is.
    pub(super) json: bool,
}

/// What is put into a mapping.
pub(super) type Entries<'e> = &'e [(&'static str, Yaml)];

impl<'t> Sheet<'t> {
    pub(super) fn text(&self) -> &'t str {
        self.file.text()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.file.text().get(start..end).unwrap_or_default()
    }

    /// How what is put between these brackets is written.
    pub(super) fn flow(&self, node: &Node) -> Flow {
        Flow { json: self.json, padded: self.file.slice(node.span).starts_with("{ ") }
    }

    /// Whether a collection is written between brackets.
    pub(super) fn is_flow(&self, node: &Node) -> bool {
        self.file.slice(node.span).starts_with(['{', '['])
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |end| end + 1)
    }

    /// The beginning of the line after the one a byte is on, or the end of the text.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text().get(at..).and_then(|rest| rest.find('\n')).map_or(self.text().len(), |end| at + end + 1)
    }

    /// What stands before a byte on its line, but for a byte order mark.
    pub(super) fn before(&self, at: usize) -> &'t str {
        self.slice(self.line_start(at), at).trim_start_matches('\u{feff}')
    }

    /// The indentation of what begins at a byte, where it begins its line or stands behind dashes alone. A file that ends
    /// its lines otherwise than with `\n` is none we can count in.
    pub(super) fn indent(&self, at: usize) -> Option<String> {
        let before = self.before(at);
        let blank = before.bytes().all(|b| matches!(b, b' ' | b'-'));
        (blank && !before.contains("--")).then(|| " ".repeat(before.len()))
    }

    pub(super) fn column(&self, at: usize) -> usize {
        self.before(at).len()
    }

    /// Whether nothing but a comment follows on a line.
    pub(super) fn ends_line(&self, at: usize) -> bool {
        let rest = self.slice(at, self.next_line(at));
        let bare = rest.trim();
        // A lone carriage return is a line break to YAML and none to us.
        let rest = rest.trim_end_matches('\n').trim_end_matches('\r');
        !rest.contains('\r')
            && (bare.is_empty() || (bare.starts_with('#') && (rest.starts_with([' ', '\t']) || at == 0)))
    }

    /// The line after a part that ends at a byte and whose column is known, the comments below it that are indented as
    /// deep included. None where something else follows on its last line.
    pub(super) fn after_block(&self, end: usize, column: usize) -> Option<usize> {
        if !self.ends_line(end) {
            return None;
        }
        let mut at = self.next_line(end);
        loop {
            let line = self.slice(at, self.next_line(at));
            let inner = line.trim_start_matches(' ');
            if !inner.starts_with('#') || line.len() - inner.len() < column.max(1) {
                return Some(at);
            }
            at = self.next_line(at);
        }
    }

    /// Lines at the beginning of a line, or behind a last line that does not end.
    pub(super) fn lines_at(&self, at: usize, lines: &str) -> Piece {
        let open = at == self.text().len() && !self.text().is_empty() && !self.text().ends_with('\n');
        match open {
            true => Piece::insert(at, format!("\n{}", lines.trim_end_matches('\n'))),
            false => Piece::insert(at, lines),
        }
    }

    /// Whether text put behind a part would become a part of its last scalar, or change where that ends.
    fn absorbs(&self, node: &Node) -> bool {
        let leaf = last_leaf(node);
        let NodeKind::Scalar(scalar) = &leaf.kind else { return false };
        if !matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return false;
        }
        let header = self.file.slice(leaf.span).lines().next().unwrap_or_default();
        let header = header.split('#').next().unwrap_or_default();
        let is_last = self.text().trim_end_matches([' ', '\t']).len() <= leaf.span.end();
        header.contains('+') || is_last && !self.text().ends_with('\n')
    }

    /// How the file writes what stands in a mapping whose keys have this column.
    fn style(&self, entries: &[Entry], parent: Option<usize>) -> Style {
        let column = entries.first().map_or(0, |entry| self.column(start_of(&entry.key)));
        let step = parent.map_or(2, |parent| column.saturating_sub(parent)).clamp(1, 8);
        let step = if parent.is_none_or(|parent| column <= parent) { 2 } else { step };
        let dashes = entries.iter().find_map(|entry| match &entry.value.kind {
            NodeKind::Sequence(items) if !items.is_empty() && !self.is_flow(&entry.value) => {
                let key = self.column(start_of(&entry.key));
                self.column(entry.value.span.start()).checked_sub(key)
            }
            _ => None,
        });
        Style { json: self.json, step, dash: dashes.or(self.dash_elsewhere()).unwrap_or(step) }
    }

    /// How far the first list of the text is indented under its key.
    fn dash_elsewhere(&self) -> Option<usize> {
        const MOST_NODES: usize = 200;
        let mut open: Vec<&Node> = self.stream.documents.iter().filter_map(|d| d.root.as_ref()).collect();
        for _ in 0..MOST_NODES {
            match &open.pop()?.kind {
                NodeKind::Mapping(entries) => {
                    for entry in entries.iter().rev() {
                        let value = &entry.value;
                        if let NodeKind::Sequence(items) = &value.kind
                            && !items.is_empty()
                            && !self.is_flow(value)
                        {
                            let key = self.column(start_of(&entry.key));
                            return self.column(value.span.start()).checked_sub(key);
                        }
                        open.push(value);
                    }
                }
                NodeKind::Sequence(items) => open.extend(items.iter().rev()),
                NodeKind::Scalar(_) | NodeKind::Alias(_) => {}
            }
        }
        None
    }

    /// Puts entries at the end of a mapping; `parent` is the column of the key whose value it is.
    pub(super) fn add_entries(
        &self,
        node: &Node,
        parent: Option<usize>,
        new: Entries<'_>,
    ) -> Option<Vec<Piece>> {
        let new: Vec<(String, Yaml)> =
            new.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        self.add_named(node, parent, &new)
    }

    /// The same of entries whose keys are names.
    pub(super) fn add_named(
        &self,
        node: &Node,
        parent: Option<usize>,
        new: &[(String, Yaml)],
    ) -> Option<Vec<Piece>> {
        let NodeKind::Mapping(entries) = &node.kind else { return None };
        if self.is_flow(node) {
            let inner = new.iter().map(|(key, value)| entry(key, value, self.flow(node))).collect::<Vec<_>>();
            let last = entries.last().map(|last| (start_of(&last.key), end_of(last)));
            return self.add_flow(node, last, &inner);
        }
        let (first, last) = (entries.first()?, entries.last()?);
        let indent = self.indent(start_of(&first.key))?;
        let style = self.style(entries, parent);
        let lines: String = new.iter().map(|(key, value)| value.block(key, &indent, style)).collect();
        if self.absorbs(&last.value) {
            // Above the first key, where that has its line to itself.
            let at = self.line_start(start_of(&first.key));
            let is_free = self.before(start_of(&first.key)).trim().is_empty()
                && !self.slice(at, node.span.start()).contains('\u{feff}');
            return is_free.then(|| vec![Piece::insert(at, lines)]);
        }
        Some(vec![self.lines_at(self.after_block(end_of(last), indent.len())?, &lines)])
    }

    /// Puts entries where a key has no value; `key` is where the key begins and `end` where key, tag and anchor end.
    pub(super) fn add_first_entries(
        &self,
        key: usize,
        end: usize,
        parent: Option<usize>,
        new: Entries<'_>,
    ) -> Option<Vec<Piece>> {
        let own = self.indent(key)?;
        let style = self.style(&[], parent);
        let step = parent.map_or(2, |parent| own.len().saturating_sub(parent)).clamp(2, 8);
        let indent = format!("{own}{}", " ".repeat(step));
        let style = Style { step, dash: self.dash_elsewhere().unwrap_or(step), ..style };
        let lines: String = new.iter().map(|(key, value)| value.block(key, &indent, style)).collect();
        Some(vec![self.lines_at(self.after_block(end, own.len() + 1)?, &lines)])
    }

    /// Puts items at the end of a list.
    pub(super) fn add_items(&self, node: &Node, new: &[Yaml]) -> Option<Vec<Piece>> {
        let NodeKind::Sequence(items) = &node.kind else { return None };
        if self.is_flow(node) {
            let inner = new.iter().map(|item| item.flow(self.flow(node))).collect::<Vec<_>>();
            let last = items.last().map(|last| (start_of(last), last.span.end()));
            return self.add_flow(node, last, &inner);
        }
        let last = items.last().filter(|last| !is_unwritten(last))?;
        let indent = self.indent(node.span.start())?;
        if self.absorbs(last) {
            return None;
        }
        let lines: String = new.iter().map(|item| format!("{indent}- {}\n", item.inline())).collect();
        Some(vec![self.lines_at(self.after_block(last.span.end(), indent.len())?, &lines)])
    }

    /// Puts parts at the end of what brackets hold; `last` is where the last one begins and ends.
    fn add_flow(&self, node: &Node, last: Option<(usize, usize)>, new: &[String]) -> Option<Vec<Piece>> {
        let close = node.span.end().checked_sub(1)?;
        if !matches!(self.text().as_bytes().get(close), Some(b'}' | b']'))
            || self.file.slice(node.span).contains('\r') && !self.file.slice(node.span).contains("\r\n")
        {
            return None;
        }
        let Some((start, end)) = last else {
            let inner = Span::new(node.span.start() + 1, close);
            return self.file.slice(inner).trim().is_empty().then(|| vec![Piece::new(inner, new.join(", "))]);
        };
        let before = self.before(start);
        let behind = self.slice(end, close);
        // Behind a comma, and perhaps a comment: the rest of the line.
        if before.trim().is_empty() && behind.contains('\n') {
            let line_end = end + behind.find('\n')?;
            let line_end = if self.slice(end, line_end).ends_with('\r') { line_end - 1 } else { line_end };
            let rest = self.slice(end, line_end);
            let has_comma = behind.trim_start().starts_with(',');
            let simple = if has_comma { rest.trim_start().strip_prefix(',').unwrap_or("!") } else { rest };
            if !(simple.trim().is_empty()
                || simple.trim_start().starts_with('#') && simple.starts_with([' ', '\t']))
            {
                return None;
            }
            let tail = if has_comma { "," } else { "" };
            let lines: String = new.iter().map(|part| format!("\n{before}{part},")).collect();
            let lines = format!("{}{tail}", lines.trim_end_matches(','));
            let comma = (!has_comma).then(|| Piece::insert(end, ","));
            return Some(match (comma, rest.is_empty()) {
                (Some(comma), true) => vec![Piece::insert(end, format!("{}{lines}", comma.text))],
                (Some(comma), false) => vec![comma, Piece::insert(line_end, lines)],
                (None, _) => vec![Piece::insert(line_end, lines)],
            });
        }
        // A comment behind the last part would swallow what comes after it, but nothing comes before the line's end.
        Some(vec![Piece::insert(end, format!(", {}", new.join(", ")))])
    }
}
