//! The texts a project is made of.

use std::collections::HashMap;

use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::Stream;

use crate::finding::label::Place;

/// A text that took part in a project.
#[derive(Clone, Debug)]
pub struct Source {
    /// The text.
    pub file: SourceFile,
    /// Where relative paths written in it start from: the project's directory, that of an included project,
    /// or that of a file a service is extended from. Empty for the directory the linted names are relative to.
    pub directory: String,
    /// The YAML, with its comments; empty for an environment file.
    pub stream: Stream,
}

/// The texts of a project, by number.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
    known: HashMap<(String, String), SourceId>,
}

impl Sources {
    /// Every text, in the order they were read.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.sources)
    }

    /// The text of that number.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// The place of an origin. An origin of no text of this project has none, so it gets an empty one.
    #[must_use]
    pub fn place(&self, origin: Origin) -> Place {
        match self.get(origin.source) {
            Some(source) => Place::new(&source.file, origin.span),
            None => Place::new(&SourceFile::new("", ""), Span::at(0)),
        }
    }

    /// The text of that path, if it was read to take its relative paths from that directory.
    pub(super) fn find(&self, path: &str, directory: &str) -> Option<SourceId> {
        self.known.get(&(path.to_owned(), directory.to_owned())).copied()
    }

    /// Adds a text.
    pub(super) fn add(&mut self, file: SourceFile, path: &str, directory: &str) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(Source { file, directory: directory.to_owned(), stream: Stream::default() });
        self.known.insert((path.to_owned(), directory.to_owned()), id);
        id
    }

    pub(super) fn set_stream(&mut self, id: SourceId, stream: Stream) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.stream = stream;
        }
    }
}
