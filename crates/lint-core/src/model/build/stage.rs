//! The stages of a Dockerfile as BuildKit builds them: what each starts from and what it leaves behind.

use std::ops::Range;
use std::sync::Arc;

use lint_parser::dockerfile::ast::CommandLine;
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::build::user::Accounts;
use crate::model::kit::persistent::PersistentMap;
use crate::model::known::image_facts::ImageFacts;
use crate::model::values::origin::{SetAt, Setting};
use crate::model::values::variables::{Expanded, Variables};

/// A stage: `FROM` to the next `FROM`.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its place among the stages, from 0; `COPY --from=0` means it.
    pub index: usize,
    /// The name after `AS`, lower-cased as BuildKit does.
    pub name: Option<String>,
    /// Index of its `FROM` instruction.
    pub from: usize,
    /// The whole `FROM` instruction.
    pub from_span: Span,
    /// What stands after `FROM` (the image or stage word).
    pub base_span: Span,
    /// The instructions after `FROM`, as indexes into the Dockerfile's.
    pub instructions: Range<usize>,
    /// The `ONBUILD` instructions of the parent stage that run first, as indexes into the Dockerfile's.
    pub triggers: Vec<usize>,
    /// The `ONBUILD` instructions of this stage itself, for its children.
    pub onbuild: Vec<usize>,
    /// What it starts from.
    pub base: Base,
    /// The stage its chain of ancestors begins with: itself unless it is built on another.
    pub root: usize,
    /// Whether that is an image of another service that runs as root; nothing more is known of it then.
    pub base_runs_as_root: bool,
    /// Whether it, or a stage it is built on, puts another program in the place of `/bin/sh`.
    pub replaces_sh: bool,
    /// Whether nobody here says what that is: `FROM $BASE` with an argument that has no default.
    pub base_is_open: bool,
    /// The image configuration at its end.
    pub config: Config,
    /// ARG and ENV at its end, as expansion sees them.
    pub variables: Variables,
    /// The users its `/etc/passwd` is known to hold at its end, ancestors included.
    pub accounts: Accounts,
    /// What `COPY` and `ADD` put into the image, in order; ancestors excluded.
    pub copies: Vec<Copied>,
    /// The stages whose files it reads with `--from` or `--mount=from`, ascending, each once. They may come later.
    pub reads: Vec<usize>,
    /// The stages it would start from on other platforms, as in `FROM build-${TARGETARCH}`; [`Stage::base`] is
    /// the one for `linux/amd64`.
    pub alternatives: Vec<usize>,
}

/// What a stage starts from.
#[derive(Clone, Debug)]
pub enum Base {
    /// An earlier stage.
    Stage(usize),
    /// `scratch`: nothing, no `/etc/passwd` either.
    Scratch,
    /// An image.
    Image(Box<BaseImage>),
    /// What it is depends on something unknown: an ARG nobody sets, a named build context that is a
    /// directory or another service's image.
    Unknown,
}

/// A base image.
#[derive(Clone, Debug)]
pub struct BaseImage {
    /// The reference after expansion, as BuildKit would pull it.
    pub reference: String,
    /// What is known of it.
    pub facts: Option<ImageFacts>,
}

/// The part of an image's configuration that instructions set. `None` means no instruction of the target
/// chain set it and the base image's own value holds, whatever that is.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `USER`
    pub user: Option<Setting<Expanded>>,
    /// `ENTRYPOINT`
    pub entrypoint: Option<Setting<ImageCommand>>,
    /// `CMD`; [`ImageCommand::Empty`] where a later `ENTRYPOINT` cleared the one inherited.
    pub cmd: Option<Setting<ImageCommand>>,
    /// `HEALTHCHECK`
    pub healthcheck: Option<Setting<ImageHealthcheck>>,
    /// `SHELL`, the words of the array.
    pub shell: Option<Setting<Arc<[String]>>>,
    /// `WORKDIR`, joined to the one before; unknown where a part of it is.
    pub workdir: Option<Setting<Option<String>>>,
    /// The base image's own `WORKDIR`, as far as it is known.
    pub base_workdir: Option<&'static str>,
    /// `STOPSIGNAL`
    pub stopsignal: Option<Setting<Expanded>>,
    /// `ENV` by name. Variables that ARG alone sets are not part of an image.
    pub env: PersistentMap<Setting<Expanded>>,
    /// `LABEL` by key.
    pub labels: PersistentMap<Setting<Expanded>>,
    /// `EXPOSE` by port as written after expansion, `8080/tcp`; a word with an unknown part is left out.
    pub exposed: PersistentMap<SetAt>,
    /// `VOLUME` by path.
    pub volumes: PersistentMap<SetAt>,
}

/// `ENTRYPOINT` or `CMD` of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageCommand {
    /// None: `[]`, or cleared by an `ENTRYPOINT`.
    Empty,
    /// A command, in the form it is written.
    Line {
        /// The command.
        line: Arc<CommandLine>,
        /// The shell that runs a shell form; `None` is Docker's default, `/bin/sh -c`.
        shell: Option<Arc<[String]>>,
    },
}

/// `HEALTHCHECK` of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageHealthcheck {
    /// `HEALTHCHECK NONE`
    Disabled,
    /// `HEALTHCHECK CMD`
    Check(Arc<CommandLine>),
}

/// What one source of a `COPY` or `ADD` puts where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The instruction.
    pub origin: SetAt,
    /// Where it comes from.
    pub from: CopySource,
    /// The source path after expansion; for a heredoc its name.
    pub source: String,
    /// The absolute destination after expansion and `WORKDIR`, normalised. Whether it is a directory depends on
    /// what the image holds; a trailing `/` in the source text is not kept.
    pub destination: String,
}

/// Where a `COPY` or `ADD` reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopySource {
    /// The build context.
    Context,
    /// A stage of the same file, by index; BuildKit lets it come later.
    Stage(usize),
    /// Another image, a named context, an URL or a repository: nothing we can read.
    Elsewhere,
    /// A heredoc: index into the instruction's.
    Heredoc(usize),
}

impl Stage {
    /// The parent stage.
    #[must_use]
    pub fn parent(&self) -> Option<usize> {
        match self.base {
            Base::Stage(index) => Some(index),
            Base::Scratch | Base::Image(_) | Base::Unknown => None,
        }
    }

    /// Whether a POSIX shell reads the shell form at its end.
    pub(in crate::model) fn reads_posix(&self) -> bool {
        match &self.config.shell {
            Some(shell) => shell.value.first().is_some_and(|program| {
                let name = file_name(program);
                matches!(name, "sh" | "bash" | "ash" | "dash" | "ksh" | "mksh" | "zsh")
            }),
            None => !self.accounts.windows,
        }
    }
}
