//! The commands in `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`, read by the shell's grammar.

use std::sync::Arc;

use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, Instruction, InstructionKind, Run};
use lint_parser::shell::ast::{Script, SimpleCommand};
use lint_parser::shell::word::Word;
use lint_parser::shell::{self, DetachedHeredoc, Heredocs};

use crate::model::runs::By;

/// What an instruction runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commands {
    /// The shell form, or a heredoc that is the whole command.
    Script(Arc<Script>),
    /// The exec form: the words, which no shell reads.
    Words(Arc<SimpleCommand>),
}

/// The `RUN` an instruction is, or that it leaves for child builds as an `ONBUILD` trigger.
#[must_use]
pub fn run_of(instruction: &Instruction) -> Option<&Run> {
    match &instruction.kind {
        InstructionKind::Run(run) => Some(run),
        InstructionKind::Onbuild(Some(trigger)) => run_of(trigger),
        _ => None,
    }
}

/// What runs the programs of an instruction.
#[must_use]
pub fn by(instruction: &Instruction) -> By {
    match &instruction.kind {
        InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_) => By::Start,
        InstructionKind::Healthcheck(_) => By::Healthcheck,
        InstructionKind::Onbuild(Some(trigger)) => by(trigger),
        _ => By::Run,
    }
}

/// What an instruction runs, shell forms read as POSIX shell whatever `SHELL` says; `None` for instructions that run
/// nothing, and for heredocs of another language.
#[must_use]
pub fn read(instruction: &Instruction) -> Option<Commands> {
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
            let words = words.iter().cloned().map(Word::of_literal).collect();
            Some(Commands::Words(Arc::new(SimpleCommand::of_words(words))))
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
            Some(Commands::Script(Arc::new(shell::parse_with(text, Heredocs::Detached(&detached)).tree)))
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
    Some(Commands::Script(Arc::new(shell::parse(&heredoc.content).tree)))
}
