//! The YAML crate's events with byte spans, and its errors in words for people.

use granit_parser::{ErrorKind, Event as Raw, Options, Parser, ScalarStyle as RawStyle, ScanError, StrInput};

use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::span::{Span, Spanned};
use crate::yaml::node::ScalarStyle;
use crate::yaml::tabs;

/// What happens next in a stream.
#[derive(Debug)]
pub(super) enum Event {
    /// Where its `---` stands, if it has one.
    DocumentStart(Option<usize>),
    DocumentEnd,
    Comment(Span),
    Scalar {
        text: String,
        style: ScalarStyle,
        properties: Properties,
        span: Span,
    },
    SequenceStart {
        properties: Properties,
        start: usize,
    },
    MappingStart {
        properties: Properties,
        start: usize,
    },
    /// The end of a collection; empty unless a bracket is written.
    End(Span),
    Alias(Spanned<String>),
    /// The document ends here, unfinished.
    Error(SyntaxError),
}

/// What may stand before a value.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) tag: Option<Spanned<String>>,
    pub(super) anchor: Option<Spanned<String>>,
}

/// The events of a stream. After an [`Event::Error`] come those of the next document.
pub(super) struct Events<'t> {
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    failed: bool,
}

impl<'t> Events<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut options = Options::default();
        // As go-yaml: a block scalar that the end of the file cuts off gets no line feed.
        options.block_scalar_eof_without_line_feed = true;
        options.emit_anchor_events = true;
        // An alias to nothing is one fault, not the end of the document.
        options.emit_unresolved_aliases = true;
        // The default of 96 makes a commented-out section of a hundred lines an error.
        options.max_buffered_comment_events = usize::MAX;
        Self { text, parser: Parser::new_from_str_with_options(text, options), failed: false }
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let start = self.offset(span.start.byte_offset());
        Span::new(start, self.offset(span.end.byte_offset()).max(start))
    }

    fn offset(&self, offset: Option<usize>) -> usize {
        let mut offset = offset.unwrap_or_default().min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The tag and the anchor of the node just read. The anchor's event follows its node's at once.
    fn properties(&mut self, span: &granit_parser::Span, anchor: usize) -> Properties {
        let tag = span.tag_span().map(|tag| {
            let tag = self.span(&tag);
            Spanned::new(tag.slice(self.text).to_owned(), tag)
        });
        let anchored = anchor != 0 && matches!(self.parser.peek(), Some(Ok((Raw::Anchor(..), _))));
        let anchor = match if anchored { self.parser.next_event() } else { None } {
            Some(Ok((Raw::Anchor(_, name), span))) => Some(Spanned::new(name.into_owned(), self.span(&span))),
            _ => None,
        };
        Properties { tag, anchor }
    }

    fn error(&self, error: &ScanError) -> SyntaxError {
        describe(self.text, error.kind(), self.offset(error.marker().byte_offset()))
    }
}

impl Iterator for Events<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        loop {
            if self.failed {
                self.failed = false;
                // The only error left is a source that cannot be read, which a text is not.
                self.parser.proceed_next_document().ok()?;
            }
            let (event, span) = match self.parser.next_event()? {
                Ok(next) => next,
                Err(error) => {
                    self.failed = true;
                    return Some(Event::Error(self.error(&error)));
                }
            };
            return Some(match event {
                Raw::DocumentStart(explicit, ..) => {
                    Event::DocumentStart(explicit.then(|| self.span(&span).start()))
                }
                Raw::DocumentEnd => Event::DocumentEnd,
                Raw::Comment(..) => Event::Comment(self.span(&span)),
                Raw::Scalar(text, style, anchor, _) => {
                    let properties = self.properties(&span, anchor);
                    let span = self.span(&span);
                    // The crate writes `~` for the value that is not written.
                    let absent = style == RawStyle::Plain && span.is_empty();
                    let text = if absent { String::new() } else { text.into_owned() };
                    Event::Scalar { text, style: written(style), properties, span }
                }
                Raw::SequenceStart(_, anchor, _) => {
                    let properties = self.properties(&span, anchor);
                    Event::SequenceStart { properties, start: self.span(&span).start() }
                }
                Raw::MappingStart(_, anchor, _) => {
                    let properties = self.properties(&span, anchor);
                    Event::MappingStart { properties, start: self.span(&span).start() }
                }
                Raw::SequenceEnd | Raw::MappingEnd => Event::End(self.span(&span)),
                Raw::Alias(_) => {
                    let span = self.span(&span);
                    let name = span.slice(self.text).trim_start_matches('*').to_owned();
                    Event::Alias(Spanned::new(name, span))
                }
                Raw::UnresolvedAlias(name) => Event::Alias(Spanned::new(name.into_owned(), self.span(&span))),
                _ => continue,
            });
        }
    }
}

fn written(style: RawStyle) -> ScalarStyle {
    match style {
        RawStyle::Plain => ScalarStyle::Plain,
        RawStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        RawStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        RawStyle::Literal => ScalarStyle::Literal,
        RawStyle::Folded => ScalarStyle::Folded,
    }
}

/// Where something is wrong, what, and what to do.
type Description = (Span, String, &'static str);

/// Says what is wrong at `at` and what to do about it.
fn describe(text: &str, kind: &ErrorKind, at: usize) -> SyntaxError {
    let (span, message, help): Description = match kind {
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInPlainScalar
        | ErrorKind::InvalidBlockEntryWhitespace
        | ErrorKind::UnexpectedCharacter { character: '\t' } => {
            (tab(text, at), tabs::MESSAGE.into(), tabs::HELP)
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => (
            text[at..].find(*character).map_or(character_at(text, at), |i| character_at(text, at + i)),
            format!("the control character U+{:04X} is not allowed", u32::from(*character)),
            "remove it, or write it as an escape in double quotes",
        ),
        ErrorKind::UnexpectedCharacter { character } => (
            character_at(text, at),
            format!("a value cannot begin with {character}"),
            "put the value in quotes",
        ),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => (
            character_at(text, at),
            "this quote is never closed".into(),
            "close it, and double a `'` inside single quotes or escape a `\"` inside double quotes",
        ),
        ErrorKind::InvalidQuotedScalarIndent => (
            character_at(text, at),
            "a line of this quoted text is not indented enough, or the quote is never closed".into(),
            "close the quote, or indent the lines of its text further than the key",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            rest_of_line(text, at),
            "text follows a closing quote".into(),
            "put the whole value in quotes, or remove what follows them",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            unknown_escape(text, at),
            "the text in double quotes holds an unknown escape".into(),
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::UnclosedFlowCollection { open } => {
            (character_at(text, at), format!("this `{open}` is never closed"), "close it")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (character_at(text, at), format!("a `{open}` is closed by `{close}`"), "make the brackets match")
        }
        ErrorKind::MisplacedFlowCollectionEnd => (
            character_at(text, at),
            "this bracket closes nothing".into(),
            "remove it, or put the value in quotes",
        ),
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::InvalidFlowScalarIndent => (
            character_at(text, at),
            "a `,` or a closing bracket is missing before this".into(),
            "separate the items by commas and close the `[` or `{`",
        ),
        ErrorKind::MappingValueNotAllowed => {
            return colon_not_allowed(text, at);
        }
        other => describe_layout(text, other, at),
    };
    let error = SyntaxError::new(SyntaxErrorKind::Syntax, span, message);
    if help.is_empty() { error } else { error.with_help(help) }
}

/// What is wrong with the way lines stand to each other.
fn describe_layout(text: &str, kind: &ErrorKind, at: usize) -> Description {
    match kind {
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => (
            whole_line(text, at),
            "this line is indented like none of the lines it could belong to".into(),
            "give all keys of one mapping the same indentation",
        ),
        ErrorKind::ExpectedBlockSequenceEntry => (
            whole_line(text, at),
            "this line stands among the items of a list without a `-`".into(),
            "begin it with `- `, or indent it to the mapping it belongs to",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => (
            character_at(text, at),
            "a list item is not allowed here".into(),
            "begin the list on a line of its own, below its key",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            (rest_of_line(text, at), "this is neither a key nor a list item".into(), "a key ends with `: `")
        }
        ErrorKind::MappingKeyNotAllowed => (
            rest_of_line(text, at),
            "a key is not allowed here".into(),
            "check the indentation of this line and of the one before it",
        ),
        ErrorKind::CommentNotSeparated => (
            character_at(text, at),
            "a comment needs a space before its `#`".into(),
            "put a space before the `#`, or quote the value it belongs to",
        ),
        ErrorKind::InvalidBlockScalarHeader => (
            rest_of_line(text, at),
            "the text begins on the line of its `|` or `>`".into(),
            "begin the text on the next line",
        ),
        ErrorKind::InvalidBlockScalarIndent => (
            rest_of_line(text, at),
            "a blank line before the text is indented further than the text".into(),
            "remove its trailing spaces",
        ),
        ErrorKind::RecursionLimitExceeded => {
            (character_at(text, at), "the collections are nested too deeply to be read".into(), "")
        }
        other => (character_at(text, at), other.to_string(), ""),
    }
}

/// `a: b: c`, a wrongly indented key, or a key whose predecessor lacks the space after its colon.
fn colon_not_allowed(text: &str, at: usize) -> SyntaxError {
    // The marker stands on the colon or on the key before it.
    let line_start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[at..].find(['\n', '\r']).map_or(text.len(), |i| at + i);
    let colon = text[at..line_end].find(':').map_or(at, |i| at + i);
    let before = text[line_start..colon].trim_start_matches([' ', '-']);
    let error = |help: &str| {
        let message = "a `: ` is not allowed here";
        SyntaxError::new(SyntaxErrorKind::Syntax, character_at(text, colon), message).with_help(help)
    };
    if before.contains(": ") {
        return error("put a value that holds `: ` in quotes");
    }
    let previous = text[..line_start].trim_end();
    let previous = previous.rfind('\n').map_or(previous, |i| &previous[i + 1..]);
    let glued = previous.split_once(':').is_some_and(|(_, value)| {
        !value.is_empty() && !value.starts_with([' ', '\t']) && !value.contains(": ")
    });
    if glued {
        return error("the line before lacks a space after its colon");
    }
    if !previous.is_empty() && !previous.contains(':') && !previous.trim_start().starts_with(['-', '#']) {
        return error("the line before lacks a colon, or this line is indented too far");
    }
    error("check the indentation of this line and of the one before it")
}

fn character_at(text: &str, at: usize) -> Span {
    let length = text[at..].chars().next().map_or(0, char::len_utf8);
    Span::new(at, at + length)
}

fn rest_of_line(text: &str, at: usize) -> Span {
    let line = text[at..].split(['\n', '\r']).next().unwrap_or_default().trim_end();
    if line.is_empty() { character_at(text, at) } else { Span::new(at, at + line.len()) }
}

/// The line `at` lies in, without its indentation.
fn whole_line(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let blanks = text[start..].len() - text[start..].trim_start_matches([' ', '\t', '\u{feff}']).len();
    rest_of_line(text, start + blanks)
}

/// The first escape in the double-quoted text at `at` that YAML does not know.
fn unknown_escape(text: &str, at: usize) -> Span {
    let mut from = at;
    while let Some(backslash) = text[from..].find('\\') {
        from += backslash;
        let Some(code) = text[from + 1..].chars().next() else { break };
        let end = from + 1 + code.len_utf8();
        if !"0abt\tnvfre \"/\\N_LPxuU\r\n".contains(code) {
            return Span::new(from, end);
        }
        from = end;
    }
    character_at(text, at)
}

/// The tab at fault: the first one that indents this line or one of the next hundred, else the first one here.
fn tab(text: &str, at: usize) -> Span {
    let mut from = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let mut here = None;
    for line in text[from..].split_inclusive('\n').take(100) {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indentation].find('\t') {
            return Span::new(from + tab, from + tab + 1);
        }
        here = here.or_else(|| line.find('\t').map(|tab| from + tab));
        from += line.len();
    }
    here.map_or_else(|| character_at(text, at), |tab| Span::new(tab, tab + 1))
}
