//! Who reads what a command writes, and runs it.

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::shell::ast::{Command, SimpleCommand};
use lint_parser::shell::word::Word;

use crate::model::runs::course::{Course, Step};
use crate::model::runs::downloads::download::Runner;
use crate::model::runs::downloads::interpreters::{self, is_interpreter, is_shell};
use crate::model::runs::program::Program;

/// How far down a pipeline a download is followed.
const MAX_PIPES: usize = 16;

/// The steps of a course, with who reads whose output.
pub(super) struct Pipes<'c, 'a> {
    course: &'c Course<'a>,
    /// The steps that read what a command writes, by the command's address.
    readers: HashMap<*const SimpleCommand, Vec<usize>>,
    /// The step of a program, by its place among those of the instruction.
    steps: HashMap<usize, usize>,
}

impl<'c, 'a> Pipes<'c, 'a> {
    pub(super) fn new(course: &'c Course<'a>) -> Self {
        let mut by_command: HashMap<*const SimpleCommand, usize> = HashMap::new();
        let mut steps = HashMap::new();
        for (at, step) in course.steps.iter().enumerate() {
            by_command.entry(Arc::as_ptr(step.program.command())).or_insert(at);
            steps.insert(step.index, at);
        }
        let mut readers: HashMap<*const SimpleCommand, Vec<usize>> = HashMap::new();
        for (at, step) in course.steps.iter().enumerate().filter(|(_, step)| step.program.is_outermost()) {
            let context = &step.program.context;
            let to = context.piped_to.as_ref().and_then(Command::simple);
            if let Some(&reader) = to.and_then(|to| by_command.get(&Arc::as_ptr(to))) {
                readers.entry(Arc::as_ptr(step.program.command())).or_default().push(reader);
            }
            if let Some(from) = context.piped_from.as_ref().and_then(Command::simple) {
                readers.entry(Arc::as_ptr(from)).or_default().push(at);
            }
        }
        Self { course, readers, steps }
    }

    /// The steps that read what a step writes, each behind the one before, and what reads beside them.
    pub(super) fn behind(&self, step: &Step<'a>) -> Vec<&'c Step<'a>> {
        let mut found: Vec<&Step<'a>> = Vec::new();
        let mut current = step;
        while found.len() < MAX_PIPES {
            let readers = self.readers.get(&Arc::as_ptr(current.program.command()));
            let readers = readers.into_iter().flatten().take(MAX_PIPES);
            let steps: Vec<&Step<'a>> = readers.filter_map(|&at| self.course.steps.get(at)).collect();
            // What a script writes is written by who runs it: `sh -c 'curl …' | bash`.
            let outer = || current.program.outer.and_then(|outer| self.steps.get(&outer));
            match steps.first() {
                Some(first) => {
                    current = first;
                    found.extend(steps);
                }
                None => match outer().and_then(|&at| self.course.steps.get(at)) {
                    Some(outer) => current = outer,
                    None => break,
                },
            }
        }
        found
    }

    /// The program that runs what a step writes, directly or behind filters.
    pub(super) fn runner(&self, step: &Step<'a>) -> Option<Runner> {
        let own = substituted(step.program);
        own.or_else(|| {
            self.behind(step).into_iter().find_map(|reader| reads_program(reader.program.command()))
        })
    }
}

/// `sh -c "$(curl ...)"`, `eval "$(curl ...)"`, `. <(curl ...)`, `bash <(curl ...)`
fn substituted(program: &Program) -> Option<Runner> {
    let command = program.context.substituted_into.as_ref()?;
    let last = command.invocations().last()?;
    let name = last.name()?;
    let span = last.words.first()?.span();
    let inside = program.command().text.span();
    let holds = |word: &Word| word.span().start() <= inside.start() && inside.end() <= word.span().end();
    let position = last.args().iter().position(holds)?;
    let word = last.args().get(position)?;
    let whole = word.text.text().trim_start_matches('"');
    let runs = match name {
        "eval" => true,
        "." | "source" => whole.starts_with("<("),
        _ if is_interpreter(name) => {
            let option = position.checked_sub(1).and_then(|before| last.args().get(before));
            let by_option = option.and_then(Word::literal_text).is_some_and(|option| {
                option.starts_with('-') && !option.starts_with("--") && option.contains(['c', 'e'])
            });
            // Among other words it is data: `bash -c "echo $(curl ...)"`.
            let alone = whole.starts_with("$(") || whole.starts_with('`');
            (by_option && alone) || (whole.starts_with("<(") && position == 0)
        }
        _ => false,
    };
    runs.then(|| Runner { name: name.to_owned(), span: span.cover(word.span()) })
}

/// The program among these words that takes its standard input for a program.
fn reads_program(command: &SimpleCommand) -> Option<Runner> {
    let last = command.invocations().last()?;
    let first = last.words.first()?;
    // `python${PYTHON_VERSION}` is some Python.
    let name = last.name().map(str::to_owned).or_else(|| {
        let prefix = first.static_prefix();
        let name = crate::files::file_name(&prefix);
        matches!(name, "python" | "php").then(|| name.to_owned())
    })?;
    let span = first.span();
    let mut stdin = true;
    if is_shell(&name) {
        let mut value = false;
        for arg in last.args() {
            let text = arg.literal_text().unwrap_or_default();
            if std::mem::take(&mut value) {
                continue;
            }
            let short = text.starts_with(['-', '+']) && !text.starts_with("--");
            match &*text {
                "-" | "--" => break,
                "/dev/stdin" => break,
                option if short && option.contains('s') => break,
                option if short && option.contains('c') => {
                    stdin = false;
                    break;
                }
                option if short => value = option.ends_with('o'),
                option if option.starts_with("--") => {}
                _ => {
                    stdin = false;
                    break;
                }
            }
        }
    } else if matches!(&*name, "." | "source") {
        stdin = last.args().first().is_some_and(|word| word.is("/dev/stdin"));
    } else {
        stdin = interpreters::reads_stdin(&name, last.args())?;
    }
    stdin.then_some(Runner { name, span })
}
