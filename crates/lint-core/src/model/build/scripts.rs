//! The commands in `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`, read by the shell's grammar once for all rules.

use std::sync::{Arc, OnceLock};

use lint_parser::dockerfile::ast::{CommandLine, Dockerfile, Healthcheck, Instruction, InstructionKind};
use lint_parser::shell::ast::Script;
use lint_parser::shell::word::Word;
use lint_parser::shell::{self, DetachedHeredoc, Heredocs};

use crate::files::file_name;
use crate::model::build::{BuildPlan, ParsedDockerfile};
use crate::model::packages::{PackageCommand, package_commands};
use crate::model::stage::Stage;

/// What an instruction runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commands {
    /// The shell form, or a heredoc that is the whole command.
    Script(Script),
    /// The exec form: the words, which no shell reads.
    Words(Vec<Word>),
}

/// The commands of a Dockerfile's instructions, each read when somebody first asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Scripts(Vec<Lines>);

/// The commands of one instruction, and the package managers among them.
#[derive(Clone, Debug, Default)]
struct Lines {
    commands: OnceLock<Option<Arc<Commands>>>,
    packages: OnceLock<Arc<[PackageCommand]>>,
}

impl Scripts {
    pub(super) fn of(tree: &Dockerfile) -> Self {
        Self(tree.instructions.iter().map(|_| Lines::default()).collect())
    }
}

impl ParsedDockerfile {
    /// What an instruction runs, shell forms read as POSIX shell whatever `SHELL` says; `None` for instructions
    /// that run nothing, and for heredocs of another language.
    #[must_use]
    pub fn commands(&self, instruction: usize) -> Option<&Commands> {
        let lines = self.scripts.0.get(instruction)?;
        let read = || self.tree.instructions.get(instruction).and_then(read).map(Arc::new);
        lines.commands.get_or_init(read).as_deref()
    }
}

impl BuildPlan {
    /// What an instruction runs. `None` where the shell form is for another shell than a POSIX one (PowerShell,
    /// `cmd`), for instructions that run nothing, and for heredocs of another language.
    #[must_use]
    pub fn commands(&self, instruction: usize) -> Option<&Commands> {
        let commands = self.dockerfile.commands(instruction)?;
        let posix = self.posix.get(instruction).copied().unwrap_or(false);
        (posix || matches!(commands, Commands::Words(_))).then_some(commands)
    }

    /// The same for those who care for scripts alone.
    #[must_use]
    pub fn script(&self, instruction: usize) -> Option<&Script> {
        match self.commands(instruction)? {
            Commands::Script(script) => Some(script),
            Commands::Words(_) => None,
        }
    }

    /// The package managers an instruction calls; none where another shell than a POSIX one reads it.
    #[must_use]
    pub fn package_commands(&self, instruction: usize) -> &[PackageCommand] {
        let Some(commands) = self.commands(instruction) else { return &[] };
        let Some(lines) = self.dockerfile.scripts.0.get(instruction) else { return &[] };
        lines.packages.get_or_init(|| package_commands(commands).into())
    }
}

/// Whether a POSIX shell reads the shell form.
pub(super) fn reads_posix(stage: &Stage) -> bool {
    match &stage.config.shell {
        Some(shell) => shell.value.first().is_some_and(|program| {
            let name = file_name(program);
            matches!(name, "sh" | "bash" | "ash" | "dash" | "ksh" | "mksh" | "zsh")
        }),
        None => !stage.accounts.windows,
    }
}

fn read(instruction: &Instruction) -> Option<Commands> {
    let line = match &instruction.kind {
        InstructionKind::Run(run) if run.script => return heredoc_script(instruction),
        InstructionKind::Run(run) => &run.command,
        InstructionKind::Cmd(line)
        | InstructionKind::Entrypoint(line)
        | InstructionKind::Healthcheck(Healthcheck::Cmd(line)) => line,
        InstructionKind::Onbuild(Some(trigger)) => return read(trigger),
        _ => return None,
    };
    match line {
        CommandLine::Exec { words, .. } => {
            Some(Commands::Words(words.iter().cloned().map(Word::of_literal).collect()))
        }
        CommandLine::Shell(text) => {
            let detached: Vec<_> = instruction
                .heredocs
                .iter()
                .map(|heredoc| DetachedHeredoc {
                    operator: heredoc.operator,
                    content: &heredoc.content,
                    terminated: heredoc.terminator.is_some(),
                })
                .collect();
            Some(Commands::Script(shell::parse_with(text, Heredocs::Detached(&detached)).tree))
        }
    }
}

/// A heredoc that is the whole command. Its first line may name another interpreter.
fn heredoc_script(instruction: &Instruction) -> Option<Commands> {
    let [heredoc] = instruction.heredocs.as_slice() else { return None };
    let text = heredoc.content.text();
    let first = text.lines().next().unwrap_or_default();
    if first.starts_with("#!") && !first.trim_end().ends_with("sh") && !first.contains("sh -") {
        return None;
    }
    Some(Commands::Script(shell::parse(&heredoc.content).tree))
}
