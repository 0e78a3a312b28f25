//! The scripts that shells read in a Dockerfile, whole and as the shell gets them, for a linter of shell scripts.
//!
//! A linter sees a script alone. What the build adds is told it in lines before the script, the *preamble*: the options
//! the shell is started with, and the variables that `ENV` and `ARG` set.

mod preamble;
pub mod start;

use std::ops::Range;

use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, Heredoc, Instruction, InstructionKind};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::model::build::base_environment::{InBase, base_sets};
use crate::model::build::plan::BuildPlan;
use crate::model::build::shell_scripts::preamble::preamble;
use crate::model::build::shell_scripts::start::{Start, is_option};
use crate::model::build::stage::Base;
use crate::model::build::system_shell::{SystemShell, of_base};

/// A script.
#[derive(Clone, Debug)]
pub struct ShellScript {
    /// Index of the stage it stands in.
    pub stage: usize,
    /// The script, here-documents in their places.
    pub text: Mapped,
    /// Lines that stand for what the script gets from the build; each ends in a newline.
    pub preamble: String,
    /// The shell that reads it.
    pub shell: Shell,
    /// Whether it runs in the container, whose environment is made elsewhere, and not in the build.
    pub at_run_time: bool,
    /// What the image at the root sets is asked here.
    root: Base,
}

/// A shell that reads a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shell {
    /// Some `sh`: what it has besides the standard is not known.
    Sh,
    /// dash, `/bin/sh` on Debian and Ubuntu.
    Dash,
    /// BusyBox's ash, `/bin/sh` on Alpine.
    Ash,
    /// bash.
    Bash,
    /// The Korn shell.
    Ksh,
}

/// The scripts of all stages, those that nothing needs included: they are built with `--target`. Left out is what
/// another than a POSIX shell reads, and what BuildKit would refuse.
#[must_use]
pub fn of_plan(plan: &BuildPlan) -> Vec<ShellScript> {
    let mut scripts = Vec::new();
    for stage in &plan.stages {
        let root = plan.root_of(stage).base.clone();
        let system = if stage.replaces_sh { SystemShell::Unknown } else { of_base(&root) };
        let inherited = stage.parent().and_then(|parent| plan.stages.get(parent)?.config.shell.as_ref());
        let mut words: Option<Vec<String>> = inherited.map(|shell| shell.value.to_vec());
        for index in stage.instructions.clone() {
            let Some(instruction) = plan.instruction(index) else { continue };
            if let InstructionKind::Shell(CommandLine::Exec { words: shell, .. }) = &instruction.kind {
                words = Some(shell.iter().map(|word| word.text().to_owned()).collect());
            }
            let start = match &words {
                Some(words) => Start::of_words(words, system),
                None if stage.accounts.windows => None,
                None => Some(Start::of_system(system)),
            };
            let Some((text, start, at_run_time)) = script(instruction, start, system) else { continue };
            if text.text().trim().is_empty() || is_meant_as_json(text.text()) {
                continue;
            }
            let preamble = preamble(plan, index, &text, start);
            let (stage, shell, root) = (stage.index, start.shell, root.clone());
            scripts.push(ShellScript { stage, text, preamble, shell, at_run_time, root });
        }
    }
    scripts
}

/// The script of an instruction, the shell that reads it, and whether it runs in the container.
fn script(
    instruction: &Instruction,
    shell: Option<Start>,
    system: SystemShell,
) -> Option<(Mapped, Start, bool)> {
    let (line, at_run_time) = match &instruction.kind {
        InstructionKind::Onbuild(Some(trigger)) => return script(trigger, shell, system),
        InstructionKind::Run(run) if run.script => {
            let [heredoc] = instruction.heredocs.as_slice() else { return None };
            let (text, start) = heredoc_script(heredoc, shell, system)?;
            return Some((text, start, false));
        }
        InstructionKind::Run(run) => (&run.command, false),
        InstructionKind::Cmd(line)
        | InstructionKind::Entrypoint(line)
        | InstructionKind::Healthcheck(Healthcheck::Cmd(line)) => (line, true),
        _ => return None,
    };
    match line {
        CommandLine::Shell(text) => {
            let text = with_heredocs(text, &instruction.heredocs)?;
            Some((text, shell?, at_run_time))
        }
        CommandLine::Exec { words, .. } => {
            // `["/bin/bash", "-c", "script"]`
            let texts: Vec<&str> = words.iter().map(Mapped::text).collect();
            let is_command =
                |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
            let at = texts.iter().skip(1).position(is_command)? + 1;
            if !texts.get(1..at)?.iter().all(|word| word.starts_with('-') || is_option(word)) {
                return None;
            }
            let start = Start::of_words(texts.get(..=at)?, system)?;
            Some((words.get(at + 1)?.clone(), start, at_run_time))
        }
    }
}

/// Whether it begins as a JSON array and not as `[` or `[[` do, which are words of their own: `["npm", "ci",]`. That no
/// shell should read it is a finding of `malformed-exec-form`; what the shell makes of it need not be told as well.
fn is_meant_as_json(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix('[');
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c == '[' || c.is_whitespace()))
}

/// A heredoc that is the whole of a `RUN`. Its first line may name the interpreter; it is not part of what is linted,
/// since the preamble stands before it.
fn heredoc_script(heredoc: &Heredoc, shell: Option<Start>, system: SystemShell) -> Option<(Mapped, Start)> {
    heredoc.terminator?;
    let content = &heredoc.content;
    let Some(first) = content.text().strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return Some((content.clone(), shell?));
    };
    let end = content.text().find('\n').map_or(content.text().len(), |at| at + 1);
    let start = Start::of_interpreter(first, system)?;
    Some((content.slice(end..content.text().len()), start))
}

/// A command with the lines of its here-documents after it, as the shell gets them.
fn with_heredocs(command: &Mapped, heredocs: &[Heredoc]) -> Option<Mapped> {
    if heredocs.is_empty() {
        return Some(command.clone());
    }
    let mut builder = MappedBuilder::default();
    let mut span = command.span();
    builder.push_mapped(command);
    for heredoc in heredocs {
        let terminator = heredoc.terminator?;
        if !builder.text().ends_with('\n') {
            builder.push_replaced("\n", Span::at(span.end()));
        }
        builder.push_mapped(&heredoc.content);
        builder.push_replaced(&heredoc.name.value, terminator);
        span = span.cover(terminator);
    }
    Some(builder.finish(span))
}

/// Whether what follows is part of the value in an `export PATH=/app:$PATH`. The shells of today split it no more than in an
/// assignment by itself; ShellCheck asks for quotes only where it may be any `sh`.
fn is_declared(before: &str) -> bool {
    let command = before.rsplit([';', '&', '|', '(', '{', '\n']).next().unwrap_or_default();
    let mut words = command.split_whitespace();
    let declares = words.next().is_some_and(|word| matches!(word, "export" | "readonly" | "local"));
    let last = command.rsplit(char::is_whitespace).next().unwrap_or_default();
    let name = last.split_once('=').map_or("", |(name, _)| name);
    declares && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl ShellScript {
    /// Why a finding of a code about this part of the text would say nothing here; `None` when it does say something.
    #[must_use]
    pub fn is_moot(&self, code: u16, range: Range<usize>) -> Option<&'static str> {
        let text = self.text.text();
        let (before, part) =
            (text.get(..range.start).unwrap_or_default(), text.get(range).unwrap_or_default());
        let name = part.trim_start_matches(['$', '{', '#', '!', '"']);
        let name = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let is_upper = !name.contains(|c: char| c.is_ascii_lowercase());
        let may_be_set = || self.at_run_time || base_sets(&self.root, name) != InBase::Unset;
        match code {
            2148 | 1008 => Some("what a RUN holds has no first line that names an interpreter"),
            1090 | 1091 | 1094 => Some("the file that is sourced lies in the image"),
            2086 if is_declared(before) => Some("the shells of today do not split it"),
            2187 => Some("it tells that ash is judged as dash"),
            2153 | 2154 if may_be_set() => Some("the base image, or whoever runs the container, may set it"),
            // Set for the programs that follow, if the base image exports it.
            2034 if is_upper && may_be_set() => Some("the base image may export it"),
            3028 if self.shell == Shell::Ash && name == "RANDOM" => Some("BusyBox sets it"),
            // The names of variables that `sh` does not set itself: `ENV` or the base image may.
            3028 if may_be_set() => Some("the base image, or whoever runs the container, may set it"),
            3000..=3999 if self.shell == Shell::Sh => {
                Some("which `sh` it is, and what that has, is not known")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
