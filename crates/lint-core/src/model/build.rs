//! What `docker build` would do with a Dockerfile.

use std::collections::BTreeMap;
use std::sync::Arc;

use lint_parser::dockerfile::ast::{Dockerfile, Instruction};
use lint_parser::syntax_error::SyntaxError;
use lint_parser::text::source::SourceFile;

use crate::model::stage::Stage;
use crate::model::variables::Variables;

/// A Dockerfile, read. One that stands in a Compose file (`dockerfile_inline`) has that file's name and text,
/// and its spans lie there.
#[derive(Clone, Debug)]
pub struct ParsedDockerfile {
    /// The text the spans lie in.
    pub file: SourceFile,
    /// What was read.
    pub tree: Dockerfile,
    /// What was wrong with it.
    pub errors: Vec<SyntaxError>,
}

/// Values for `ARG`s: Compose's `build.args`, or `--build-arg`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildArgs(BTreeMap<String, BuildArg>);

/// The value given for an `ARG`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildArg {
    /// This text.
    Known(String),
    /// Something, but what is not known: taken from an environment we do not see.
    Unknown,
}

/// What a build is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildRequest {
    /// Values for `ARG`s.
    pub args: BuildArgs,
    /// The stage to build; the last one when nothing is said.
    pub target: Option<String>,
    /// Named contexts (Compose's `additional_contexts`, `--build-context`), which stand in for the images
    /// and stages of that name.
    pub contexts: BTreeMap<String, NamedContext>,
}

/// What a named context is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedContext {
    /// `docker-image://reference`
    Image(String),
    /// A directory, a repository, an archive, another service's image.
    Other,
}

/// The stages of a Dockerfile for one request.
#[derive(Clone, Debug)]
pub struct BuildPlan {
    /// The Dockerfile.
    pub dockerfile: Arc<ParsedDockerfile>,
    /// The stages in order.
    pub stages: Vec<Stage>,
    /// The stage that is built; `None` when there is none, or none of the name asked for.
    pub target: Option<usize>,
    /// The variables `FROM` sees: global ARGs and the predefined platform ones.
    pub globals: Variables,
    pub(crate) before: Vec<Variables>,
    pub(crate) reachable: Vec<bool>,
}

impl BuildArgs {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a value; a later one replaces an earlier.
    pub fn set(&mut self, name: impl Into<String>, value: BuildArg) {
        self.0.insert(name.into(), value);
    }

    /// The value given for a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&BuildArg> {
        self.0.get(name)
    }
}

impl<K: Into<String>> FromIterator<(K, BuildArg)> for BuildArgs {
    fn from_iter<I: IntoIterator<Item = (K, BuildArg)>>(values: I) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl BuildPlan {
    /// The instruction of an index.
    #[must_use]
    pub fn instruction(&self, index: usize) -> Option<&Instruction> {
        self.dockerfile.tree.instructions.get(index)
    }
}
