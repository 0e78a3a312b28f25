//! A Dockerfile, read, whatever is then built of it.

use std::collections::HashSet;

use lint_parser::dockerfile;
use lint_parser::dockerfile::ast::{Dockerfile, Instruction, InstructionKind};
use lint_parser::syntax_error::{Parsed, SyntaxError};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;

use crate::model::build::global_arguments::GlobalArguments;
use crate::model::build::scripts::Scripts;
use crate::model::kit::foreign::{self, Foreign};
use crate::model::runs::{Commands, commands};

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
    pub(super) scripts: Scripts,
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

    /// Whether something is missing that another text may bring: BuildKit refuses it as it is, or a `FROM` names what no `ARG`
    /// declares.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        let instructions = || self.tree.instructions.iter();
        let arguments = instructions().filter_map(|instruction| match &instruction.kind {
            InstructionKind::Arg(pairs) => Some(pairs),
            _ => None,
        });
        let declared: HashSet<&str> = arguments.flatten().map(|pair| pair.key.text()).collect();
        let is_known = |name: &str| {
            name.is_empty()
                || declared.contains(name)
                || ["TARGET", "BUILD"].iter().any(|platform| name.starts_with(platform))
        };
        let is_undeclared = |instruction: &Instruction| {
            let InstructionKind::From(from) = &instruction.kind else { return false };
            from.image.text().split('$').skip(1).any(|rest| {
                let rest = rest.strip_prefix('{').unwrap_or(rest);
                let name = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next();
                !is_known(name.unwrap_or_default())
            })
        };
        !self.errors.is_empty() || instructions().any(is_undeclared)
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

    /// What an instruction runs, shell forms read as POSIX shell whatever `SHELL` says; `None` for instructions
    /// that run nothing, and for heredocs of another language.
    #[must_use]
    pub fn commands(&self, instruction: usize) -> Option<&Commands> {
        let lines = self.scripts.0.get(instruction)?;
        let read = || self.tree.instructions.get(instruction).and_then(commands::read);
        lines.commands.get_or_init(read).as_ref()
    }
}
