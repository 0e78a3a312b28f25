//! What runs: the programs of an instruction or of a service's commands, and the variables they set, gathered once
//! for whoever asks.
//!
//! A command is taken apart where it is kept: a [`Commands`] beside the parsed instruction, the [`Runs`] beside the
//! effective service. Wrappers (`sudo`, `env`, `xargs`, `find -exec`) and the scripts that shells are given (`sh -c`) are
//! followed there, so that each text is read once however many rules look at it.

pub mod commands;
mod of_service;
pub mod packages;
pub mod program;
pub mod prompt;
pub mod tls;
pub mod variable;

pub use commands::Commands;
pub use of_service::{hooks, of_service, words_of};
pub use program::{By, Program};
pub use variable::Variable;

use std::sync::Arc;

use lint_parser::compose::value::SourceId;
use lint_parser::shell::MAX_LENGTH;
use lint_parser::shell::ast::{Script, SimpleCommand};
use lint_parser::shell::walk::Context;
use lint_parser::text::span::Span;

/// How deep scripts in scripts are read: `sh -c "su app -c '...'"` is two. What shells nest deeper is not looked at.
///
/// This and the parser's own bounds are all there are: a script or a `command:` has at most
/// [`lint_parser::shell::MAX_LENGTH`] bytes, its syntax nests at most 64 deep, and a command has at most 32 wrappers.
/// Of what is longer or deeper nothing is known; of what is longer the report says so.
pub(in crate::model) const MAX_DEPTH: u8 = 6;

/// What runs, in the order it is written: a wrapper before what it runs, a shell before its script.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// The programs.
    pub programs: Vec<Program>,
    /// The variables that are set for them or by them.
    pub variables: Vec<Variable>,
    /// The texts that are too long to be read.
    pub unread: Vec<(Option<SourceId>, Span)>,
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
        match commands {
            Commands::Script(script) => self.script(script, Place { by, file, depth: 0 }),
            Commands::Words(command) => {
                self.command(command, &Context::default(), false, Place { by, file, depth: 0 });
            }
        }
    }

    fn script(&mut self, script: &Script, place: Place) {
        let text = script.text.whole_text();
        if text.text().len() > MAX_LENGTH {
            self.unread.push((place.file, text.span()));
        }
        for site in script.simple_commands() {
            let assignments = site.command.assignments.iter();
            self.variables.extend(assignments.filter_map(|one| Variable::of_assignment(one, place.file)));
            self.command(&site.command, &site.context, true, place);
        }
    }

    fn command(&mut self, command: &Arc<SimpleCommand>, context: &Context, in_script: bool, place: Place) {
        let Place { by, file, depth } = place;
        for (at, invocation) in command.invocations().iter().enumerate() {
            self.variables.extend(variable::of_program(invocation, file));
            let (command, context) = (Arc::clone(command), context.clone());
            self.programs.push(Program { command, at, context, in_script, by, file });
            if depth < MAX_DEPTH
                && let Some(script) = invocation.script()
            {
                self.script(script, Place { depth: depth + 1, ..place });
            }
        }
    }
}

/// Where a command stands.
#[derive(Clone, Copy)]
struct Place {
    by: By,
    file: Option<SourceId>,
    depth: u8,
}
