//! Builds the tree from the events.

use std::collections::HashSet;

use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;
use crate::text::span::{Span, Spanned};
use crate::yaml::events::{Event, Events, Properties};
use crate::yaml::node::{Comment, Document, Entry, Node, NodeKind, Scalar, ScalarStyle, Stream};
use crate::yaml::{cooked, tabs};

pub(super) fn build(text: &str) -> Parsed<Stream> {
    let mut builder = Builder { text, ..Builder::default() };
    for event in Events::new(text) {
        builder.event(event);
    }
    builder.finish_document();
    let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
    builder.stream.lines.push(0);
    builder.stream.lines.extend(breaks.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
    let limit = builder.first_fault.unwrap_or(text.len());
    builder.errors.extend(tabs::first(text, &builder.stream, limit));
    builder.errors.sort_by_key(|error| error.span);
    Parsed { tree: builder.stream, errors: builder.errors }
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    stream: Stream,
    errors: Vec<SyntaxError>,
    /// Up to where the tree is whole.
    first_fault: Option<usize>,
    in_document: bool,
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashSet<String>,
    /// Where the last scalar, alias or bracket ended: a block scalar's header lies behind it.
    leaf_end: usize,
}

/// A collection that has not ended.
struct Open {
    start: usize,
    properties: Properties,
    children: Children,
}

enum Children {
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>, Option<Node>),
}

impl Builder<'_> {
    fn event(&mut self, event: Event) {
        match event {
            Event::DocumentStart(start) => {
                self.finish_document();
                // What a document that broke off left unread must not be taken for the header of a scalar here.
                self.leaf_end = self.leaf_end.max(start.unwrap_or_default());
                self.in_document = true;
            }
            Event::DocumentEnd => self.finish_document(),
            Event::Comment(span) => self.comment(span),
            Event::Scalar { text, style, properties, span } => self.scalar(text, style, properties, span),
            Event::SequenceStart { properties, start } => {
                self.open(properties, start, Children::Sequence(Vec::new()));
            }
            Event::MappingStart { properties, start } => {
                self.open(properties, start, Children::Mapping(Vec::new(), None));
            }
            Event::End(span) => self.close(Some(span)),
            Event::Alias(alias) => self.alias(alias),
            Event::Error(error) => {
                self.first_fault.get_or_insert(error.span.start().min(self.leaf_end));
                self.errors.push(error);
                self.finish_document();
            }
        }
    }

    fn comment(&mut self, span: Span) {
        let line = self.text[..span.start()].rfind('\n').map_or(0, |i| i + 1);
        let before = self.text[line..span.start()].trim_start_matches('\u{feff}');
        let trailing = !before.trim().is_empty();
        let inner = Span::new(span.start() + 1, span.end());
        let text = Spanned::new(inner.slice(self.text).to_owned(), inner);
        self.stream.comments.push(Comment { span, text, trailing });
    }

    fn alias(&mut self, alias: Spanned<String>) {
        if !self.anchors.contains(&alias.value) {
            let message = format!("unknown anchor '{}' referenced", alias.value);
            let error = SyntaxError::new(SyntaxErrorKind::Syntax, alias.span, message)
                .with_help(format!("define `&{}` on a value before this line", alias.value));
            self.errors.push(error);
        }
        self.leaf_end = alias.span.end();
        let kind = NodeKind::Alias(alias.value);
        self.add(Node { span: alias.span, tag: None, anchor: None, kind });
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, properties: Properties, span: Span) {
        let mapped = match style {
            ScalarStyle::Plain if span.is_empty() => {
                Mapped::verbatim("", self.absent(&properties, span.start()))
            }
            ScalarStyle::Plain => cooked::plain(self.text, span, text),
            ScalarStyle::SingleQuoted => cooked::single_quoted(self.text, span, text),
            ScalarStyle::DoubleQuoted => cooked::double_quoted(self.text, span, text),
            ScalarStyle::Literal => cooked::block(self.text, self.leaf_end, span, text, false),
            ScalarStyle::Folded => cooked::block(self.text, self.leaf_end, span, text, true),
        };
        let span = mapped.span();
        self.leaf_end = self.leaf_end.max(span.end());
        self.remember(&properties);
        let kind = NodeKind::Scalar(Scalar { text: mapped, style });
        self.add(Node { span, tag: properties.tag, anchor: properties.anchor, kind });
    }

    /// Where a value that is not written would stand: behind its tag and anchor, its colon or its dash.
    fn absent(&self, properties: &Properties, at: usize) -> usize {
        let spans = [properties.tag.as_ref().map(|t| t.span), properties.anchor.as_ref().map(|a| a.span)];
        if let Some(end) = spans.into_iter().flatten().map(Span::end).max() {
            return end;
        }
        let is_value = matches!(self.open.last(), Some(Open { children: Children::Mapping(_, Some(_)), .. }));
        let rest = &self.text[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if is_value && rest[blanks..].starts_with(':') {
            return at + blanks + 1;
        }
        self.back_over_trivia(at, self.leaf_end.min(at))
    }

    /// Where the blanks, line breaks and comments before `at` begin, but no further back than `floor`.
    fn back_over_trivia(&self, mut at: usize, floor: usize) -> usize {
        let mut comments = self.stream.comments.iter().rev().peekable();
        loop {
            at = self.text[..at].trim_end_matches([' ', '\t', '\r', '\n']).len().max(floor);
            while comments.next_if(|comment| comment.span.start() >= at).is_some() {}
            // A comment may end in blanks, so it ends at `at` or after it.
            match comments.next_if(|comment| comment.span.end() >= at && at > floor) {
                Some(comment) => at = comment.span.start(),
                None => return at,
            }
        }
    }

    /// Where a block sequence begins. The crate puts one that is not indented under its key behind its dash.
    fn first_dash(&self, start: usize, first: &Node) -> usize {
        let item = extent_start(first);
        if item > start {
            return start;
        }
        let after = self.back_over_trivia(item, 0);
        if self.text[..after].ends_with('-') { after - 1 } else { start }
    }

    fn open(&mut self, properties: Properties, start: usize, children: Children) {
        self.remember(&properties);
        self.open.push(Open { start, properties, children });
    }

    /// An alias may refer to an anchor from its definition on, even from inside the anchored value.
    fn remember(&mut self, properties: &Properties) {
        if let Some(anchor) = &properties.anchor {
            self.anchors.insert(anchor.value.clone());
        }
    }

    /// Ends the innermost collection; without `end` because its document broke off.
    fn close(&mut self, end: Option<Span>) {
        let Some(open) = self.open.pop() else { return };
        let (kind, first, last) = match open.children {
            Children::Sequence(items) => {
                let (first, last) = (items.first(), cover(items.iter().map(|item| item.span)));
                let start = match first {
                    Some(first) if !self.text[open.start..].starts_with('[') => {
                        self.first_dash(open.start, first)
                    }
                    _ => open.start,
                };
                (NodeKind::Sequence(items), Some(start), last)
            }
            Children::Mapping(mut entries, key) => {
                if let Some(key) = key {
                    let value = Mapped::verbatim("", key.span.end());
                    let kind = NodeKind::Scalar(Scalar { text: value, style: ScalarStyle::Plain });
                    let value = Node { span: Span::at(key.span.end()), tag: None, anchor: None, kind };
                    entries.push(Entry { key, value });
                }
                let first = entries.first().map(|e| e.key.span.start());
                let last = cover(entries.iter().map(Entry::span));
                (NodeKind::Mapping(entries), first, last)
            }
        };
        let start = first.map_or(open.start, |first| first.min(open.start));
        let bracket = end.filter(|end| !end.is_empty());
        if let Some(bracket) = bracket {
            self.leaf_end = self.leaf_end.max(bracket.end());
        }
        let end = match (bracket, last) {
            (Some(bracket), _) => bracket.end(),
            (None, Some(last)) => last.end(),
            // Only a `[` or `{` whose document broke off has neither.
            (None, None) => start + self.text[start..].chars().next().map_or(0, char::len_utf8),
        };
        let span = Span::new(start, end);
        self.add(Node { span, tag: open.properties.tag, anchor: open.properties.anchor, kind });
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.children) {
            None => self.root = Some(node),
            Some(Children::Sequence(items)) => items.push(node),
            Some(Children::Mapping(entries, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry { key, value: node }),
            },
        }
    }

    fn finish_document(&mut self) {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.anchors.clear();
        if std::mem::take(&mut self.in_document) {
            let root = self.root.take().filter(|root| !is_absent(root));
            self.stream.documents.push(Document { root });
        }
    }
}

/// Where a node begins, its tag and anchor included.
fn extent_start(node: &Node) -> usize {
    let tag = node.tag.as_ref().map(|tag| tag.span.start());
    let anchor = node.anchor.as_ref().map(|anchor| anchor.span.start());
    [tag, anchor].into_iter().flatten().fold(node.span.start(), usize::min)
}

fn is_absent(node: &Node) -> bool {
    let plain = matches!(&node.kind, NodeKind::Scalar(s) if s.style == ScalarStyle::Plain);
    plain && node.span.is_empty() && node.tag.is_none() && node.anchor.is_none()
}

/// All of the children. The last one mostly ends last, but of explicit keys without values (`: ? |` and then `:`)
/// the crate may place an earlier one further on.
fn cover(mut children: impl Iterator<Item = Span>) -> Option<Span> {
    let first = children.next()?;
    Some(children.fold(first, Span::cover))
}
