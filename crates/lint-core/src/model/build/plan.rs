//! The stages of a Dockerfile, as one build makes them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use lint_parser::dockerfile::ast::{Copy, Instruction};
use lint_parser::text::mapped::Mapped;

use crate::files::file_name;
use crate::model::build::asked::Asked;
use crate::model::build::dockerfile::ParsedDockerfile;
use crate::model::build::local_images::LocalImages;
use crate::model::build::request::NamedContext;
use crate::model::build::stage::Stage;
use crate::model::paths::dockerignore::Dockerignore;
use crate::model::values::variables::{Expanded, Variables};

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
    /// What of the build context is left out; `None` when there is no `.dockerignore`, or none we could read.
    pub ignored: Option<Arc<Dockerignore>>,
    /// Sources of a `COPY` or `ADD` that are called as files of credentials are, and hold none.
    pub without_credentials: BTreeSet<String>,
    /// The arguments that services hand over: what those hold is judged where the service says it.
    pub(crate) handed_over: BTreeSet<String>,
    /// The variables before each instruction.
    pub(crate) before: Vec<Variables>,
    /// Whether a POSIX shell reads the shell form, at each instruction.
    pub(crate) posix: Vec<bool>,
    /// The working directory at each instruction, as far as it is known.
    pub(crate) directories: Vec<Option<Arc<str>>>,
    pub(crate) reachable: Vec<bool>,
    /// Whether each stage is a target or an ancestor of one.
    pub(crate) in_target_chain: Vec<bool>,
    /// The target and, where a Dockerfile is judged by itself, the other stages that are built for their own sake.
    pub(crate) targets: Vec<usize>,
    /// Whether only tests, linters and developers need each stage.
    pub(crate) aside: Vec<bool>,
    /// The named contexts of the request.
    pub(crate) contexts: BTreeMap<String, NamedContext>,
    /// Stages by lower-cased name; of two of one name the later.
    pub(crate) names: HashMap<String, usize>,
    /// The images that are built here and come from no registry.
    pub(crate) local_images: Option<Arc<LocalImages>>,
    /// What it was asked for.
    pub(in crate::model) asked: Asked,
    /// The instructions whose commands some image starts or is checked with.
    pub(in crate::model) in_force: OnceLock<HashSet<usize>>,
    /// How much longer the values of variables are than they are written, in bytes.
    pub(crate) grown: usize,
    /// Whether some value was given up because it grew too large.
    pub(crate) has_given_up: bool,
}

impl BuildPlan {
    /// The instruction of an index.
    #[must_use]
    pub fn instruction(&self, index: usize) -> Option<&Instruction> {
        self.dockerfile.tree.instructions.get(index)
    }

    /// The variables an instruction's words are expanded with: those in force before it (for `FROM`, the
    /// global ones).
    #[must_use]
    pub fn variables_at(&self, instruction: usize) -> &Variables {
        self.before.get(instruction).unwrap_or(&self.globals)
    }

    /// Expands a word of an instruction.
    #[must_use]
    pub fn expand(&self, instruction: usize, word: &Mapped) -> Expanded {
        self.variables_at(instruction).expand(word, self.dockerfile.tree.escape)
    }

    /// Where the sources of a `COPY` or `ADD` come to lie, as far as the text tells: a destination without a slash at its end
    /// is taken for the file's own path. None where the destination is known at build time only.
    #[must_use]
    pub fn written_paths(&self, instruction: usize, copy: &Copy) -> Vec<String> {
        let destination = copy.destination.as_ref().map(|word| self.expand(instruction, word));
        let Some(destination) = destination.as_ref().and_then(Expanded::text) else { return Vec::new() };
        let Some(directory) = destination.strip_suffix('/') else { return vec![destination.to_owned()] };
        let sources = copy.sources.iter().map(|source| self.expand(instruction, source).shown);
        sources.map(|source| format!("{directory}/{}", file_name(&source))).collect()
    }
}
