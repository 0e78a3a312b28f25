//! One Dockerfile or one Compose project: parse, model, and run the rules over it.

use std::collections::HashSet;

use lint_parser::text::source::SourceFile;

use crate::engine::linter::Source;
use crate::engine::suppress::Ignores;
use crate::files::{FileError, Files};
use crate::finding::finding::Finding;
use crate::report::{Failure, Note};
use crate::rule::rule::Rule;
use crate::settings::Settings;

/// What every unit of a run shares.
pub(crate) struct Run<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) rules: &'a [&'static Rule],
    pub(crate) sources: &'a [Source],
    pub(crate) files: &'a dyn Files,
}

/// What came of one unit.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) findings: Vec<Finding>,
    pub(crate) ignores: Vec<(SourceFile, Ignores)>,
    pub(crate) notes: Vec<Note>,
    pub(crate) unreadable: Vec<(String, FileError)>,
    pub(crate) failures: Vec<Failure>,
    /// The stages services build, as Dockerfile and stage index.
    pub(crate) built: Vec<(String, usize)>,
}

impl Outcome {
    pub(crate) fn built_targets(outcomes: &[Outcome]) -> HashSet<(String, usize)> {
        outcomes.iter().flat_map(|outcome| outcome.built.iter().cloned()).collect()
    }
}

impl Run<'_> {
    pub(crate) fn projects(&self) -> Vec<String> {
        let _ = (self.settings, self.rules, self.sources, self.files);
        Vec::new()
    }

    pub(crate) fn lint_project(&self, _: &String) -> Outcome {
        Outcome::default()
    }

    pub(crate) fn lint_dockerfile(&self, _: &Source, _: &HashSet<(String, usize)>) -> Outcome {
        Outcome::default()
    }
}
