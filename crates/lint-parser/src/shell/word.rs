//! Words, and what is in them.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::slice;
use std::sync::Arc;

use crate::shell::ast::List;
use crate::shell::fragment::Fragment;
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// One word of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// As written, quotes included.
    pub text: Fragment,
    /// What it consists of, in order. Quotes are not parts: each part says how it is quoted. The parts of `""`
    /// are one empty literal, so that it can be told from nothing.
    pub parts: Vec<Part>,
}

/// Words that follow one another, shared by the command they belong to and by those that its wrappers run.
#[derive(Clone, Debug)]
pub struct Words {
    all: Arc<[Word]>,
    start: u32,
    end: u32,
}

impl Words {
    /// Some of these words; fewer where the range ends beyond them.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let at = |offset: usize| {
            let offset = u32::try_from(offset).unwrap_or(u32::MAX);
            self.start.saturating_add(offset).min(self.end)
        };
        let (start, end) = (at(range.start), at(range.end));
        Self { all: Arc::clone(&self.all), start: start.min(end), end }
    }
}

impl From<Vec<Word>> for Words {
    fn from(words: Vec<Word>) -> Self {
        let end = u32::try_from(words.len()).unwrap_or(u32::MAX);
        Self { all: words.into(), start: 0, end }
    }
}

impl Deref for Words {
    type Target = [Word];

    fn deref(&self) -> &[Word] {
        self.all.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a Words {
    type Item = &'a Word;
    type IntoIter = slice::Iter<'a, Word>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Words {}

/// A piece of a word that is one thing and quoted one way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// As written, quotes around it excluded. For a literal this is also its value.
    pub text: Fragment,
    /// How it is quoted.
    pub quoting: Quoting,
    /// What it is.
    pub kind: PartKind,
}

/// How a part is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quoting {
    /// Not at all: expansions are split into words, and globs match files.
    None,
    /// By a backslash before it.
    Escaped,
    /// `'…'`, or the body of a here-document with a quoted delimiter.
    Single,
    /// `"…"`, or the body of a here-document.
    Double,
    /// `$'…'` of bash.
    AnsiC,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartKind {
    /// Characters that stand for themselves.
    Literal,
    /// An escape in `$'…'` and the character it stands for.
    Escape(char),
    /// `*`, `?` or a bracket expression.
    Glob,
    /// `~` or `~user` at the beginning.
    Tilde,
    /// `{a,b}` or `{1..9}` of bash, as a whole; other shells take it literally.
    Brace,
    /// `$name` or `${…}`
    Parameter(Box<Parameter>),
    /// `$(…)` or backticks
    CommandSubstitution(List),
    /// `<(…)` or `>(…)` of bash
    ProcessSubstitution(List),
    /// `$((…))`: the expansions inside it
    Arithmetic(Vec<Part>),
}

/// A parameter expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The variable, positional or special parameter.
    pub name: Fragment,
    /// `${#name}`
    pub length: bool,
    /// `${!name}` of bash
    pub indirect: bool,
    /// What stands between brackets in `${name[subscript]}`.
    pub subscript: Option<Fragment>,
    /// `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, `%`, `%%`, `#`, `##`, and bash's `/`, `//`, `:`, `^`, `,`, `@`.
    pub operator: Option<Fragment>,
    /// What stands after the operator, up to the closing brace.
    pub word: Option<Word>,
}

impl Part {
    /// What a literal or an escape stands for; `None` for the rest.
    #[must_use]
    pub fn value(&self) -> Option<Cow<'_, str>> {
        match self.kind {
            PartKind::Literal => Some(Cow::Borrowed(self.text.text())),
            PartKind::Escape(c) => Some(Cow::Owned(c.to_string())),
            _ => None,
        }
    }

    /// Whether it is spelled out, if only as a pattern: a literal, glob, tilde or brace expansion.
    fn is_static(&self) -> bool {
        matches!(
            self.kind,
            PartKind::Literal | PartKind::Escape(_) | PartKind::Glob | PartKind::Tilde | PartKind::Brace
        )
    }

    fn is_literal(&self) -> bool {
        matches!(self.kind, PartKind::Literal | PartKind::Escape(_))
    }
}

impl Word {
    /// A word that means exactly `text`: an element of an exec-form command.
    #[must_use]
    pub fn of_literal(text: Mapped) -> Self {
        let text = Fragment::whole(text);
        let part = Part { text: text.clone(), quoting: Quoting::Single, kind: PartKind::Literal };
        Self { text, parts: vec![part] }
    }

    /// Where it stands, quotes included.
    #[must_use]
    pub fn span(&self) -> Span {
        self.text.span()
    }

    /// The word without its quotes; `None` when anything in it is expanded, globs included.
    #[must_use]
    pub fn literal(&self) -> Option<Mapped> {
        self.parts.iter().all(Part::is_literal).then(|| self.mapped(&self.parts))
    }

    /// [`Word::literal`] without the mapping, for comparing.
    #[must_use]
    pub fn literal_text(&self) -> Option<Cow<'_, str>> {
        self.parts.iter().all(Part::is_literal).then(|| self.joined(&self.parts))
    }

    /// The word without its quotes and with globs, tildes and braces as written, such as
    /// `/var/lib/apt/lists/*`; `None` when a parameter or a command is expanded.
    #[must_use]
    pub fn pattern(&self) -> Option<Cow<'_, str>> {
        self.parts.iter().all(Part::is_static).then(|| self.joined(&self.parts))
    }

    /// The part of [`Word::pattern`] before the first parameter or command: of `"/opt/$X"` it is `/opt/`.
    #[must_use]
    pub fn static_prefix(&self) -> Cow<'_, str> {
        let end = self.parts.iter().position(|part| !part.is_static()).unwrap_or(self.parts.len());
        self.joined(self.parts.get(..end).unwrap_or_default())
    }

    /// The part of [`Word::pattern`] after the last parameter or command: of `"$X/foo"` it is `/foo`.
    #[must_use]
    pub fn static_suffix(&self) -> Cow<'_, str> {
        let start = self.parts.iter().rposition(|part| !part.is_static()).map_or(0, |at| at + 1);
        self.joined(self.parts.get(start..).unwrap_or_default())
    }

    /// Whether the word means exactly `text`.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.literal_text().is_some_and(|literal| literal == text)
    }

    /// Whether nothing is known of the word before run time.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        !self.parts.iter().any(Part::is_static)
    }

    /// The name of the program the word would run: the literal after its last slash.
    #[must_use]
    pub fn command_name(&self) -> Option<Cow<'_, str>> {
        let base = |path: &str| path.rfind('/').map_or(0, |slash| slash + 1);
        let name = match self.literal_text()? {
            Cow::Borrowed(path) => Cow::Borrowed(path.get(base(path)..)?),
            Cow::Owned(path) => Cow::Owned(path.get(base(&path)..)?.to_owned()),
        };
        (!name.is_empty()).then_some(name)
    }

    /// [`Word::as_script`] without the mapping: the word without its quotes, expansions as written. What the delimiter
    /// of a here-document means.
    #[must_use]
    pub fn unquoted(&self) -> Cow<'_, str> {
        self.joined(&self.parts)
    }

    fn joined<'a>(&self, parts: &'a [Part]) -> Cow<'a, str> {
        let value = |part: &'a Part| part.value().unwrap_or(Cow::Borrowed(part.text.text()));
        match parts {
            [] => Cow::Borrowed(""),
            [only] => value(only),
            many => Cow::Owned(many.iter().map(value).collect()),
        }
    }

    /// The word without its quotes, and with what is expanded in it as written: `curl "$URL"` for the word
    /// `"curl \"$URL\""`. What a shell that is given the word would read, as far as that is known.
    #[must_use]
    pub fn as_script(&self) -> Mapped {
        self.mapped(&self.parts)
    }

    fn mapped(&self, parts: &[Part]) -> Mapped {
        let mut builder = MappedBuilder::default();
        for part in parts {
            match part.kind {
                PartKind::Escape(c) => builder.push_replaced(c.encode_utf8(&mut [0; 4]), part.text.span()),
                _ => builder.push_slice(part.text.whole_text(), part.text.range()),
            }
        }
        builder.finish(self.span())
    }
}
