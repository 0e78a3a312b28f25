//! The course of an instruction: its programs in the order they run, and where each of them stands by then.
//!
//! A path is worth something only with the directory it is meant from and the variables in it: `cd /var/lib && rm -rf apt`,
//! `for d in a b; do rm -rf "$d"; done`, `d="$(mktemp -d)"; …; rm -rf "$d"`. What is known of both is followed through the
//! script, subshells and functions included. Nothing is run: a substitution stands for a text of its own, which is the same
//! wherever the variable that holds it is used.

mod scope;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::shell::ast::{AssignmentValue, Function, SimpleCommand};
use lint_parser::shell::walk::Context;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

use crate::model::runs::frames::Frames;
use crate::model::runs::{Program, Runs, Setting};
use crate::model::values::variables::Variables;

pub use scope::Scope;

/// How deep functions are followed that call one another.
const MAX_CALLS: usize = 8;

/// How many arguments of a function are known to it.
const MAX_ARGUMENTS: usize = 9;

/// How many commands are looked at, those that only set variables included, until a script is given up.
const MAX_WORK: usize = 1_000_000;

/// How many steps are looked at. What comes behind is not known.
const MAX_STEPS: usize = 20_000;

/// The programs that an instruction or a service runs, in the order they run. A function's stand where it is called.
#[derive(Debug)]
pub struct Course<'a> {
    /// One after the other.
    pub steps: Vec<Step<'a>>,
    /// Whether there is more than is looked at.
    pub is_cut: bool,
    variables: &'a Variables,
    has_braces: bool,
}

/// A program, and where it stands.
#[derive(Debug)]
pub struct Step<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its place among the programs of the instruction.
    pub index: usize,
    scope: Arc<Scope>,
}

impl<'a> Course<'a> {
    /// That of programs which begin in a directory, if that is known.
    #[must_use]
    pub fn of(runs: &'a Runs, directory: Option<&str>, variables: &'a Variables, has_braces: bool) -> Self {
        let course = Self { has_braces, ..Self::empty(variables) };
        let mut walk = Walk {
            runs,
            functions: Functions::of(runs),
            shared: Arc::default(),
            frames: Frames::new(Scope::new(directory)),
            last: None,
            work: 0,
            course,
        };
        walk.shared = Arc::new(walk.frames.enter(Default::default()).clone());
        walk.all(0..runs.programs.len(), None, 0);
        walk.course
    }

    /// The variables that words are expanded with.
    #[must_use]
    pub fn variables(&self) -> &'a Variables {
        self.variables
    }

    /// No course: nothing is run.
    #[must_use]
    pub fn empty(variables: &'a Variables) -> Self {
        Self { steps: Vec::new(), is_cut: false, variables, has_braces: true }
    }

    /// Whether a name is that of a function of its own.
    #[must_use]
    pub fn calls(&self, name: &str) -> bool {
        let functions = self.steps.iter().filter_map(|step| step.program.context.function.as_ref());
        functions.into_iter().any(|function| function.name.text() == name)
    }

    /// What a word of a step may come to: several texts where a loop or braces give several.
    #[must_use]
    pub fn texts(&self, step: &Step<'_>, word: &Word) -> Vec<String> {
        words::texts(word, &step.scope, self.variables, self.has_braces)
    }

    /// The same as paths: absolute where the directory is known, without `.` and `..`.
    #[must_use]
    pub fn paths(&self, step: &Step<'_>, word: &Word) -> Vec<String> {
        self.texts(step, word).iter().map(|text| step.scope.path(text)).collect()
    }
}

impl Step<'_> {
    /// The directory it stands in, as far as that is known.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        self.scope.path(path)
    }

    /// Where the program is written.
    #[must_use]
    pub fn span(&self) -> Span {
        self.program.span()
    }
}

/// The functions of the scripts by their names, the last definition of each, and the programs of each body by the function's
/// address.
#[derive(Default)]
struct Functions<'a> {
    by_name: HashMap<&'a str, *const Function>,
    bodies: HashMap<*const Function, Vec<usize>>,
}

impl<'a> Functions<'a> {
    fn of(runs: &'a Runs) -> Self {
        let mut functions = Self::default();
        for (at, program) in runs.programs.iter().enumerate() {
            if let Some(function) = &program.context.function {
                functions.by_name.insert(function.name.text(), Arc::as_ptr(function));
                functions.bodies.entry(Arc::as_ptr(function)).or_default().push(at);
            }
        }
        for function in runs.settings.iter().filter_map(|setting| setting.function.as_ref()) {
            functions.by_name.insert(function.name.text(), Arc::as_ptr(function));
        }
        functions
    }
}

struct Walk<'a> {
    runs: &'a Runs,
    functions: Functions<'a>,
    frames: Frames<Scope>,
    /// The scope of the last step, for the next that stands where it does.
    shared: Arc<Scope>,
    last: Option<*const SimpleCommand>,
    work: usize,
    course: Course<'a>,
}

impl<'a> Walk<'a> {
    /// What some of the programs do, those of functions left out but for the one that is called.
    fn all(&mut self, programs: impl Iterator<Item = usize>, called: Option<*const Function>, calls: usize) {
        self.work += self.runs.settings.len();
        if self.work > MAX_WORK {
            self.course.is_cut = true;
            return;
        }
        let mut settings = self.runs.settings.iter().peekable();
        for at in programs {
            let Some(program) = self.runs.programs.get(at) else { continue };
            while let Some(setting) = settings.next_if(|setting| setting.before <= at) {
                self.setting(setting, called);
            }
            if program.context.function.as_ref().map(Arc::as_ptr) != called {
                continue;
            }
            if self.course.steps.len() >= MAX_STEPS {
                self.course.is_cut = true;
                return;
            }
            self.step(at, program, calls);
        }
        while called.is_some()
            && let Some(setting) = settings.next()
        {
            self.setting(setting, called);
        }
    }

    fn setting(&mut self, setting: &Setting, called: Option<*const Function>) {
        if setting.function.as_ref().map(Arc::as_ptr) != called {
            return;
        }
        let (variables, has_braces) = (self.course.variables, self.course.has_braces);
        let scope = self.frames.enter(setting.shell);
        for one in &setting.command.assignments {
            let AssignmentValue::Word(value) = &one.value else { continue };
            let values = words::texts(value, scope, variables, has_braces);
            scope.set(one.name.text(), values, one.append);
        }
        self.last = None;
    }

    fn step(&mut self, index: usize, program: &'a Program, calls: usize) {
        let (variables, has_braces) = (self.course.variables, self.course.has_braces);
        let scope = self.frames.enter(program.shell);
        let is_new = self.last != Some(Arc::as_ptr(program.command()));
        if is_new {
            looped(scope, &program.context, variables, has_braces);
            self.shared = Arc::new(scope.clone());
            self.last = Some(Arc::as_ptr(program.command()));
        }
        self.course.steps.push(Step { program, index, scope: Arc::clone(&self.shared) });
        let args = program.args();
        match program.name() {
            Some("cd" | "pushd") if !program.context.in_condition => {
                let target = args.iter().find(|arg| !arg.static_prefix().starts_with('-') || arg.is("-"));
                let target = target.map(|target| words::texts(target, scope, variables, has_braces));
                scope.change_directory(target.as_ref().and_then(|texts| texts.first()).map(String::as_str));
            }
            Some("popd") => scope.change_directory(Some("-")),
            Some("export" | "declare" | "local" | "readonly" | "typeset") => {
                for arg in args {
                    for text in words::texts(arg, scope, variables, has_braces) {
                        if let Some((name, value)) = text.split_once('=') {
                            scope.set(name, vec![value.to_owned()], false);
                        }
                    }
                }
            }
            Some("read" | "unset") => args.iter().for_each(|arg| scope.forget(&arg.unquoted())),
            Some(name) if calls < MAX_CALLS && !self.functions.by_name.is_empty() => {
                self.call(name, program, calls)
            }
            _ => {}
        }
    }

    fn call(&mut self, name: &str, program: &Program, calls: usize) {
        let own = program.context.function.as_ref().map(Arc::as_ptr);
        let Some(&function) = self.functions.by_name.get(name) else { return };
        // One that calls itself is not followed.
        if own == Some(function) {
            return;
        }
        let (variables, has_braces) = (self.course.variables, self.course.has_braces);
        let scope = self.frames.enter(program.shell);
        let given: Vec<Vec<String>> = program
            .args()
            .iter()
            .take(MAX_ARGUMENTS)
            .map(|arg| words::texts(arg, scope, variables, has_braces))
            .collect();
        let before: Vec<Option<Vec<String>>> = scope.arguments(given.into_iter().map(Some).collect());
        let body = self.functions.bodies.get(&function).cloned().unwrap_or_default();
        self.last = None;
        self.all(body.into_iter(), Some(function), calls + 1);
        self.frames.enter(program.shell).arguments(before);
        self.last = None;
    }
}

/// Sets the variables of the `for` loops around a command.
fn looped(scope: &mut Scope, context: &Context, variables: &Variables, has_braces: bool) {
    scope.loops(context, |scope, words| {
        let texts = words.iter().map(|word| words::texts(word, scope, variables, has_braces));
        texts.flatten().take(words::MOST).collect()
    });
}

#[cfg(test)]
mod tests;
