//! A file, as one of a project.

use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::model::project::Project;

/// A file of a project.
pub(super) struct Here<'p> {
    pub(super) project: &'p Project,
    pub(super) file: SourceFile,
    /// Its numbers: it is as many texts as there are directories that its paths start from.
    pub(super) sources: Vec<SourceId>,
}

impl Here<'_> {
    /// The bytes of an origin in this file; `None` where it is another's.
    pub(super) fn span(&self, origin: Origin) -> Option<Span> {
        self.sources.contains(&origin.source).then_some(origin.span)
    }
}
