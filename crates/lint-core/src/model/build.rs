//! What `docker build` would do with a Dockerfile.

pub mod archives;
pub mod base;
pub mod base_environment;
pub mod base_image;
pub mod build_powers;
pub mod development;
pub mod digest;
pub mod downloads;
pub mod exposed_ports;
pub mod from_references;
pub mod global_arguments;
mod growth;
mod planner;
pub mod run_files;
mod running_user;
mod runs;
pub mod scope;
pub mod scratch;
pub mod scripts;
pub mod shell_scripts;
pub mod stage;
pub mod system_shell;
pub mod used_images;
pub mod user;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use lint_parser::dockerfile;
use lint_parser::dockerfile::ast::{Copy, Dockerfile, Instruction};
use lint_parser::syntax_error::{Parsed, SyntaxError};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;

use crate::files::file_name;
use crate::model::build::global_arguments::GlobalArguments;
use crate::model::build::planner::Planner;
use crate::model::build::scripts::Scripts;
use crate::model::build::stage::Stage;
use crate::model::calls::LocalImages;
use crate::model::kit::foreign::{self, Foreign};
use crate::model::paths::dockerignore::Dockerignore;
use crate::model::values::variables::{Expanded, Variables};

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
    /// Whether it stands in a Compose file.
    pub inline: bool,
    /// Whose grammar it is written in, if not in Docker's: then nothing is read of it but its directives.
    pub foreign: Option<Foreign>,
    /// What `FROM` sees when nobody passes arguments.
    pub arguments: GlobalArguments,
    /// The shell in it, read once for whoever asks.
    scripts: Scripts,
}

/// Values for `ARG`s: Compose's `build.args`, or `--build-arg`. They count only for ARGs the Dockerfile declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BuildArgs(BTreeMap<String, BuildArg>);

/// The value given for an `ARG`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuildArg {
    /// This text.
    Known(String),
    /// Something, but what is not known: taken from an environment we do not see.
    Unknown,
}

/// What a build is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NamedContext {
    /// `docker-image://reference`
    Image(String),
    /// The image that another service builds, where its program runs as root.
    RootImage,
    /// A directory, a repository, an archive, another service's image of which that is not known.
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
    /// How much longer the values of variables are than they are written, in bytes.
    pub(crate) grown: usize,
    /// Whether some value was given up because it grew too large.
    pub(crate) has_given_up: bool,
}

impl ParsedDockerfile {
    /// Reads a Dockerfile.
    #[must_use]
    pub fn parse(file: SourceFile) -> Self {
        let parsed = dockerfile::parse(file.text());
        Self::of(file, parsed, false)
    }

    /// Reads one that stands in another file.
    #[must_use]
    pub fn parse_mapped(file: SourceFile, text: &Mapped) -> Self {
        let parsed = dockerfile::parse_mapped(text);
        Self::of(file, parsed, true)
    }

    fn of(file: SourceFile, mut parsed: Parsed<Dockerfile>, inline: bool) -> Self {
        let foreign = foreign::of_dockerfile(&parsed.tree);
        if foreign.is_some() {
            parsed.tree.instructions.clear();
            // A comment about the whole file may accept what is said of a directive; the others are about lines.
            parsed.tree.comments.retain(|comment| comment.text.value.contains("ignore-file"));
            parsed.errors.clear();
        }
        let scripts = Scripts::of(&parsed.tree);
        let arguments = GlobalArguments::defaults(&parsed.tree);
        Self { file, tree: parsed.tree, errors: parsed.errors, inline, foreign, arguments, scripts }
    }
}

impl BuildArgs {
    /// The value given for a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&BuildArg> {
        self.0.get(name)
    }

    /// The names that were given values, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<K: Into<String>> FromIterator<(K, BuildArg)> for BuildArgs {
    fn from_iter<I: IntoIterator<Item = (K, BuildArg)>>(values: I) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

/// Works out what a build would do. Time and memory grow with the length of the Dockerfile, however many
/// stages are built one upon the other.
#[must_use]
pub fn plan(dockerfile: Arc<ParsedDockerfile>, request: &BuildRequest) -> BuildPlan {
    let mut planner = Planner::new(&dockerfile, request);
    planner.run();
    let Planner { stages, globals, before, posix, names, growth, .. } = planner;
    let target = match &request.target {
        None => stages.len().checked_sub(1),
        Some(name) => names.get(&name.to_lowercase()).copied(),
    };
    let mut plan = BuildPlan {
        dockerfile,
        stages,
        target,
        globals,
        ignored: None,
        without_credentials: BTreeSet::new(),
        handed_over: BTreeSet::new(),
        before,
        posix,
        reachable: Vec::new(),
        in_target_chain: Vec::new(),
        targets: Vec::new(),
        aside: Vec::new(),
        contexts: request.contexts.clone(),
        names,
        local_images: None,
        grown: growth.kept(),
        has_given_up: growth.has_given_up(),
    };
    let target = plan.target;
    plan.mark(target);
    plan
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
