//! What there is to say of a file besides findings: who a container runs as, what a value comes to, what refers to what.

mod compose;
mod container;
mod dockerfile;
mod here;
mod kubernetes;
mod links;
mod values;
mod yaml;

use std::collections::HashSet;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::label::Place;

/// What there is to say of a file besides findings, in the order of the file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Facts {
    /// What is known of places in it.
    pub facts: Vec<Fact>,
    /// What is worth showing beside the text unasked.
    pub hints: Vec<Hint>,
    /// What refers to something.
    pub links: Vec<Link>,
    /// What it consists of.
    pub symbols: Vec<Symbol>,
    /// Its services, and the images that it builds.
    pub subjects: Vec<Subject>,
}

/// Something that is known of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// The place.
    pub span: Span,
    /// What is known, in Markdown.
    pub text: String,
    /// Where it comes from, where that is another place.
    pub origin: Option<Place>,
}

/// Something worth showing beside the text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hint {
    /// The byte after which it is shown.
    pub at: usize,
    /// A few words.
    pub label: String,
    /// More of them, in Markdown.
    pub tooltip: String,
}

/// Something that refers to something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// What refers.
    pub span: Span,
    /// What it refers to.
    pub target: Place,
}

/// A part of a file that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is, in a few words; may be empty.
    pub detail: String,
    /// What kind of thing it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
    /// Its parts.
    pub children: Vec<Symbol>,
}

/// What kind of thing a part of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SymbolKind {
    /// A build stage.
    Stage,
    /// An instruction.
    Instruction,
    /// A section of a Compose file: `services`, `networks`.
    Section,
    /// A service.
    Service,
    /// A network, volume, secret or config; an attribute of something.
    Attribute,
}

/// A service, or an image that a Dockerfile builds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subject {
    /// Its name in the file.
    pub name_span: Span,
    /// The service's name, or the stage's.
    pub name: String,
    /// Whether it is a service.
    pub is_service: bool,
    /// Who its main process runs as: `runs as root`, `runs as 10001`; empty where that is not known.
    pub runs_as: String,
}

impl Facts {
    /// What is known of an offset, the narrowest place first.
    pub fn at(&self, offset: usize) -> impl Iterator<Item = &Fact> {
        let mut facts: Vec<&Fact> = self.facts.iter().filter(|fact| touches(fact.span, offset)).collect();
        facts.sort_by_key(|fact| fact.span.end() - fact.span.start());
        facts.into_iter()
    }

    /// What an offset refers to.
    pub fn links_at(&self, offset: usize) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |link| touches(link.span, offset))
    }

    fn fact(&mut self, span: Span, text: impl Into<String>) {
        self.facts.push(Fact { span, text: text.into(), origin: None });
    }

    fn hint(&mut self, at: usize, label: impl Into<String>, tooltip: impl Into<String>) {
        self.hints.push(Hint { at, label: label.into(), tooltip: tooltip.into() });
    }

    fn link(&mut self, span: Span, target: Place) {
        if !self.links.iter().any(|link| link.span == span && link.target == target) {
            self.links.push(Link { span, target });
        }
    }

    /// Brings everything into the order of the file, each thing once.
    pub(super) fn settle(&mut self) {
        self.facts.sort_by(|a, b| (a.span, &a.text).cmp(&(b.span, &b.text)));
        self.facts.dedup();
        // Those of one place stay as they came: who runs first, then what else there is.
        self.hints.sort_by_key(|hint| hint.at);
        let mut seen = HashSet::new();
        self.hints.retain(|hint| seen.insert((hint.at, hint.label.clone())));
        self.links.sort_by_key(|link| link.span);
        self.subjects.sort_by_key(|subject| subject.name_span);
        self.subjects.dedup_by(|a, b| a.name_span == b.name_span);
    }
}

/// Whether a cursor at an offset is at a place: just behind it is at it too, as editors see it.
pub(super) fn touches(span: Span, offset: usize) -> bool {
    span.start() <= offset && offset <= span.end()
}

/// The files of a place, as a sentence names them: `compose.yaml:4`.
fn location(place: &Place) -> String {
    format!("{}:{}", place.file.name(), place.file.line(place.span.start()))
}

/// The first line of a file: what a reference to all of it leads to.
fn beginning(file: &SourceFile) -> Place {
    Place::new(file, Span::at(0))
}

pub(super) use compose::of_project;
pub(super) use dockerfile::of_dockerfile;
pub(super) use kubernetes::{of_container, of_pod};
pub(super) use yaml::of_stream;
