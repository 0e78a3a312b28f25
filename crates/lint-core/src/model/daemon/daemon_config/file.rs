//! One of the daemon's files, read: by itself, or as text inside a Dockerfile or a Compose file.

use lint_parser::json::{self, Json};
use lint_parser::syntax_error::{SyntaxError, SyntaxErrorKind};
use lint_parser::systemd::{self, Unit};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::label::Place;

/// One of the daemon's files, read.
#[derive(Clone, Debug)]
pub struct HostFile {
    /// Where it lies, or where an image or a Compose file puts it.
    pub path: String,
    /// The file the places lie in.
    pub file: SourceFile,
    /// What was read.
    pub tree: HostTree,
    /// What was wrong with it; the spans lie in [`HostFile::file`].
    pub errors: Vec<SyntaxError>,
    /// The instruction that copies it into an image, where a comment can accept what is found in it.
    pub brought_by: Option<Place>,
    /// The text, when it is only part of [`HostFile::file`].
    within: Option<Mapped>,
}

/// What was read.
#[derive(Clone, Debug)]
pub enum HostTree {
    /// A `daemon.json`; `None` when there is nothing in it.
    Json(Option<Json>),
    /// A systemd unit or drop-in.
    Unit(Unit),
}

impl HostFile {
    /// Reads a `daemon.json`.
    #[must_use]
    pub fn json(file: SourceFile) -> Self {
        let parsed = json::parse(file.text());
        let path = file.name().to_owned();
        Self {
            path,
            file,
            tree: HostTree::Json(parsed.tree),
            errors: parsed.errors,
            brought_by: None,
            within: None,
        }
    }

    /// Reads a unit or drop-in.
    #[must_use]
    pub fn unit(file: SourceFile) -> Self {
        let parsed = systemd::parse(file.text());
        let path = file.name().to_owned();
        Self {
            path,
            file,
            tree: HostTree::Unit(parsed.tree),
            errors: parsed.errors,
            brought_by: None,
            within: None,
        }
    }

    /// Reads one that is part of another file and comes to lie at `path`, by whose name it is known what it is.
    /// `None` when it is none of the daemon's.
    #[must_use]
    pub fn embedded(path: &str, file: SourceFile, text: &Mapped) -> Option<Self> {
        use crate::model::daemon::daemon_config::path::{HostFileKind, kind};
        let (tree, mut errors) = match kind(path)? {
            HostFileKind::DaemonJson => {
                let parsed = json::parse(text.text());
                (HostTree::Json(parsed.tree), parsed.errors)
            }
            HostFileKind::SystemdUnit => {
                let parsed = systemd::parse(text.text());
                (HostTree::Unit(parsed.tree), parsed.errors)
            }
        };
        for error in &mut errors {
            error.span = text.span_of(error.span.range());
        }
        let within = Some(text.clone());
        Some(Self { path: path.to_owned(), file, tree, errors, brought_by: None, within })
    }

    /// A place, by a span of the file's own text.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        let span = match &self.within {
            Some(text) => text.span_of(span.range()),
            None => Span::new(span.start(), span.end().min(self.file.text().len())),
        };
        Place::new(&self.file, span)
    }

    /// The place of the character at an offset of the file's own text. A file that is a byte order mark and nothing else
    /// begins with three bytes that are one.
    #[must_use]
    pub fn place_of_character(&self, at: usize) -> Place {
        let text = self.within.as_ref().map_or(self.file.text(), |within| within.text());
        let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.place(Span::new(at, at + length))
    }

    /// Whether part of it could not be read. What systemd passes by of a unit leaves the rest whole.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        let is_syntax = |error: &SyntaxError| error.kind == SyntaxErrorKind::Syntax;
        matches!(self.tree, HostTree::Json(_)) && self.errors.iter().any(is_syntax)
    }
}
