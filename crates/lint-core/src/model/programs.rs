//! The programs an instruction runs: those of its commands, those wrappers run (`sudo`, `env`, `xargs`), and those
//! in the scripts they are given (`sh -c`).

use lint_parser::shell::ast::{AssignmentValue, Script};
use lint_parser::shell::walk::Site;
use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::{Invocation, invocations};
use lint_parser::text::span::Span;

use crate::model::build::scripts::Commands;

/// How deep scripts in scripts are read: `sh -c "su app -c '...'"` is two.
const MAX_DEPTH: usize = 6;

/// A program and where it runs.
#[derive(Clone, Copy, Debug)]
pub struct Program<'p, 'a> {
    /// Its words, and who runs it.
    pub invocation: &'p Invocation<'a>,
    /// The command it belongs to, in the script that holds it; `None` in the exec form, which has no script.
    pub site: Option<&'p Site<'a>>,
    /// How many scripts are around it: 0 for the instruction's own.
    pub depth: usize,
}

impl<'a> Program<'_, 'a> {
    /// The name of the program, folders taken off; `None` when it is known at run time only.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.invocation.name()
    }

    /// The words after its name.
    #[must_use]
    pub fn args(&self) -> &'a [Word] {
        self.invocation.args()
    }
}

/// Hands over every program, a wrapper before what it runs and a shell before its script, in the order they are
/// written.
pub fn for_each_program(commands: &Commands, report: &mut dyn FnMut(&Program<'_, '_>)) {
    match commands {
        Commands::Script(script) => of_script(script, 0, report),
        Commands::Words(words) => of_words(words, None, 0, report),
    }
}

/// The same for a script.
pub fn of_script(script: &Script, depth: usize, report: &mut dyn FnMut(&Program<'_, '_>)) {
    for site in script.simple_commands() {
        of_words(&site.command.words, Some(&site), depth, report);
    }
}

fn of_words(words: &[Word], site: Option<&Site<'_>>, depth: usize, report: &mut dyn FnMut(&Program<'_, '_>)) {
    for invocation in invocations(words) {
        report(&Program { invocation: &invocation, site, depth });
        if depth < MAX_DEPTH
            && let Some(script) = invocation.script()
        {
            of_script(&script, depth + 1, report);
        }
    }
}

/// Hands over every variable that is set to a known text: `NAME=value`, before a command or alone, `export`, `env`.
/// With the span of the whole assignment.
pub fn for_each_assignment(commands: &Commands, report: &mut dyn FnMut(&str, &str, Span)) {
    if let Commands::Script(script) = commands {
        assignments(script, report);
    }
    for_each_program(commands, &mut |program| match program.name().as_deref() {
        Some("export" | "env" | "declare" | "readonly" | "local" | "typeset") => {
            for word in program.args() {
                let Some(text) = word.literal_text() else { continue };
                let Some((name, value)) = text.split_once('=') else { continue };
                report(name, value, word.span());
            }
        }
        _ if program.depth < MAX_DEPTH => {
            if let Some(script) = program.invocation.script() {
                assignments(&script, report);
            }
        }
        _ => {}
    });
}

fn assignments(script: &Script, report: &mut dyn FnMut(&str, &str, Span)) {
    for site in script.simple_commands() {
        for assignment in &site.command.assignments {
            let AssignmentValue::Word(value) = &assignment.value else { continue };
            let Some(value) = value.literal_text() else { continue };
            report(assignment.name.text(), &value, assignment.text.span());
        }
    }
}
