//! What runs: the programs of an instruction or of a service's commands, and the variables they set, gathered once
//! for whoever asks.
//!
//! A command is taken apart where it is kept: a [`Commands`] beside the parsed instruction, the [`Runs`] beside the
//! effective service. Wrappers (`sudo`, `env`, `xargs`, `find -exec`) and the scripts that shells are given (`sh -c`) are
//! followed there, so that each text is read once however many rules look at it.

pub mod changes;
pub mod checks;
pub mod commands;
pub mod course;
pub mod downloads;
pub mod files;
mod frames;
mod of_service;
mod options;
pub mod packages;
pub mod program;
pub mod prompt;
pub mod tls;
pub mod variable;

pub use commands::Commands;
pub use course::Course;
pub use frames::Frames;
pub use of_service::{hooks, of_service, words_of};
pub use options::Options;
pub use program::{By, Program};
pub use variable::Variable;

use std::sync::Arc;

use lint_parser::compose::value::SourceId;
use lint_parser::shell::MAX_LENGTH;
use lint_parser::shell::ast::{Function, Script, SimpleCommand};
use lint_parser::shell::walk::Context;
use lint_parser::text::span::Span;

use crate::model::runs::frames::ShellId;

/// How deep scripts in scripts are read: `sh -c "su app -c '...'"` is two. What shells nest deeper is not looked at.
///
/// This and the parser's own bounds are all there are: a script or a `command:` has at most
/// [`lint_parser::shell::MAX_LENGTH`] bytes, its syntax nests at most 64 deep, and a command has at most 32 wrappers.
/// Of what is longer or deeper nothing is known; of what is longer the report says so.
pub(in crate::model) const MAX_DEPTH: u8 = 6;

/// What runs, in the order it is written: a wrapper before what it runs, a shell before its script. What a `trap` leaves for
/// the end comes last.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// The programs.
    pub programs: Vec<Program>,
    /// The commands that only set variables, each with how many programs stand before it.
    pub(in crate::model) settings: Vec<Setting>,
    /// The variables that are set for them or by them.
    pub variables: Vec<Variable>,
    /// The texts that are too long to be read.
    pub unread: Vec<(Option<SourceId>, Span)>,
    /// How many scripts there are.
    scripts: u32,
}

/// A command that only sets variables.
#[derive(Clone, Debug)]
pub(in crate::model) struct Setting {
    /// How many programs stand before it.
    pub(in crate::model) before: usize,
    pub(in crate::model) command: Arc<SimpleCommand>,
    pub(in crate::model) shell: ShellId,
    /// The function whose body it is in.
    pub(in crate::model) function: Option<Arc<Function>>,
}

impl Runs {
    /// What the commands of an instruction run.
    #[must_use]
    pub fn of(commands: &Commands, by: By) -> Self {
        let mut runs = Self::default();
        runs.add(commands, by, None);
        runs
    }

    /// Adds what a command line runs.
    fn add(&mut self, commands: &Commands, by: By, file: Option<SourceId>) {
        let mut reading =
            Reading { runs: self, outer: None, by, file, options: Frames::default(), at_exit: Vec::new() };
        match commands {
            Commands::Script(script) => reading.script(script, Options::of_first_line(script), 0),
            Commands::Words(command) => {
                reading.command(command, &Context::default(), Shell::Nobody, 0);
            }
        }
        reading.finish();
    }
}

/// Whose words they are.
#[derive(Clone, Copy)]
enum Shell {
    /// No shell reads them: the exec form.
    Nobody,
    Of {
        script: u32,
    },
}

/// How many scripts `trap` leaves for the end are read.
const MOST_TRAPS: usize = 16;

struct Reading<'r> {
    runs: &'r mut Runs,
    /// The program whose script is read.
    outer: Option<usize>,
    by: By,
    file: Option<SourceId>,
    options: Frames<Options>,
    /// The scripts that `trap` leaves for the end.
    at_exit: Vec<Arc<Script>>,
}

impl Reading<'_> {
    fn script(&mut self, script: &Script, started: Options, depth: u8) {
        let text = script.text.whole_text();
        if text.text().len() > MAX_LENGTH {
            self.runs.unread.push((self.file, text.span()));
        }
        let number = self.runs.scripts;
        self.runs.scripts = number.saturating_add(1);
        *self.options.enter(ShellId { script: number, depth, ..ShellId::default() }) = started;
        for site in script.simple_commands() {
            let assignments = site.command.assignments.iter();
            self.runs.variables.extend(assignments.filter_map(|one| Variable::of_assignment(one, self.file)));
            if site.command.words.is_empty() && !site.command.assignments.is_empty() {
                self.runs.settings.push(Setting {
                    before: self.runs.programs.len(),
                    command: Arc::clone(&site.command),
                    shell: ShellId::of(number, depth, &site.context),
                    function: site.context.function.clone(),
                });
            }
            self.command(&site.command, &site.context, Shell::Of { script: number }, depth);
        }
    }

    fn command(&mut self, command: &Arc<SimpleCommand>, context: &Context, shell: Shell, depth: u8) {
        let in_script = matches!(shell, Shell::Of { .. });
        let script = if let Shell::Of { script } = shell { script } else { self.runs.scripts };
        let shell = ShellId::of(script, depth, context);
        for (at, invocation) in command.invocations().iter().enumerate() {
            let options = self.options.enter(shell);
            let before = *options;
            options.change(invocation);
            self.runs.variables.extend(variable::of_program(invocation, self.file));
            self.runs.programs.push(Program {
                command: Arc::clone(command),
                at,
                context: context.clone(),
                in_script,
                outer: self.outer,
                shell,
                options: before,
                at_exit: false,
                by: self.by,
                file: self.file,
            });
            if depth >= MAX_DEPTH {
                continue;
            }
            if let Some(script) = invocation.script() {
                let outer = self.outer.replace(self.runs.programs.len() - 1);
                self.script(script, Options::started_with(invocation.args()), depth + 1);
                self.outer = outer;
            } else if let Some(script) = invocation.trapped()
                && self.at_exit.len() < MOST_TRAPS
            {
                self.at_exit.push(Arc::clone(script));
            }
        }
    }

    /// What `trap` has left for the end.
    fn finish(mut self) {
        let first = self.runs.programs.len();
        for script in std::mem::take(&mut self.at_exit) {
            self.script(&script, Options::default(), 1);
        }
        self.runs.programs.iter_mut().skip(first).for_each(|program| program.at_exit = true);
    }
}
