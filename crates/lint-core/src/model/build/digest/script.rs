//! A script in normal form: what it does, without what leaves no trace in an image.
//!
//! Two scripts of one normal form run the same programs with the same words, under the same conditions and with the same
//! files. What is left out is listed here and nowhere else: how long a program talks, whether it asks, what it keeps
//! for the next time, and how its failure is noticed.

use std::fmt::Write as _;

use lint_parser::shell::ast::{
    AndOrOperator, Assignment, Command, Compound, CompoundKind, List, Pipeline, Redirection, Script,
    SimpleCommand,
};
use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::model::runs::{Commands, MAX_DEPTH};

/// Writes what an instruction runs. `as_root` is whether root runs it for certain.
pub(super) fn commands(commands: &Commands, as_root: bool) -> String {
    let is_alone = matches!(commands, Commands::Script(script) if script.simple_commands().len() == 1);
    let mut normal = Normal { out: String::new(), as_root, is_alone, depth: 0 };
    match commands {
        Commands::Script(script) => normal.script(script),
        Commands::Words(command) => normal.simple(command),
    }
    normal.out.trim_end().to_owned()
}

struct Normal {
    out: String,
    as_root: bool,
    /// Whether it is all there is, so that the shell may as well become it.
    is_alone: bool,
    depth: u8,
}

impl Normal {
    fn script(&mut self, script: &Script) {
        if script.unparsed.is_some() {
            self.out.push_str(script.text.text());
            return;
        }
        self.list(&script.commands);
    }

    fn list(&mut self, list: &List) {
        for and_or in list {
            let before = self.out.len();
            for (at, pipeline) in and_or.pipelines.iter().enumerate() {
                let operator = |at: usize| and_or.operators.get(at).map(|(operator, _)| *operator);
                let or_before = at.checked_sub(1).and_then(operator) == Some(AndOrOperator::Or);
                let or_after = operator(at) == Some(AndOrOperator::Or);
                if or_before {
                    self.out.push_str("|| ");
                }
                let is_plain = !or_before && !or_after && !and_or.background;
                if !(is_plain && is_traceless(pipeline)) {
                    self.pipeline(pipeline);
                    // Whether the next one waits for success or not: one that fails ends the build, or should.
                    self.out.push('\n');
                }
            }
            if and_or.background && self.out.len() > before {
                self.out.push_str("&\n");
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        if pipeline.negated {
            self.out.push_str("! ");
        }
        for (at, command) in pipeline.commands.iter().enumerate() {
            if at > 0 {
                self.out.push_str("| ");
            }
            match command {
                Command::Simple(command) => self.simple(command),
                Command::Compound(compound) => self.compound(compound),
                Command::Function(function) => {
                    let _ = write!(self.out, "{}() ", function.name.text());
                    self.compound(&function.body);
                }
            }
        }
    }

    fn compound(&mut self, compound: &Compound) {
        match &compound.kind {
            CompoundKind::Subshell(list) => self.block("subshell", list),
            CompoundKind::Group(list) => self.block("group", list),
            CompoundKind::If { branches, otherwise } => {
                for branch in branches {
                    self.block("if", &branch.condition);
                    self.block("then", &branch.body);
                }
                if let Some(list) = otherwise {
                    self.block("else", list);
                }
            }
            CompoundKind::For { name, words, body } => {
                let _ = write!(self.out, "for {} in ", name.text.text());
                words.iter().flatten().for_each(|word| self.word(word));
                self.block("do", body);
            }
            CompoundKind::ArithmeticFor { header, body } => {
                let _ = write!(self.out, "for (({})) ", header.text.text());
                self.block("do", body);
            }
            CompoundKind::While(branch) => {
                self.block("while", &branch.condition);
                self.block("do", &branch.body);
            }
            CompoundKind::Until(branch) => {
                self.block("until", &branch.condition);
                self.block("do", &branch.body);
            }
            CompoundKind::Case { subject, items } => {
                self.out.push_str("case ");
                self.word(subject);
                for item in items {
                    item.patterns.iter().for_each(|pattern| self.word(pattern));
                    self.block("in", &item.body);
                }
            }
            CompoundKind::Test(words) => words.iter().for_each(|word| self.word(word)),
            CompoundKind::Arithmetic(word) => self.word(word),
            _ => self.out.push_str(compound.text.text()),
        }
        self.redirections(&compound.redirections);
    }

    fn block(&mut self, what: &str, list: &List) {
        let _ = writeln!(self.out, "{what} {{");
        self.list(list);
        self.out.push_str("} ");
    }

    fn simple(&mut self, command: &SimpleCommand) {
        command.assignments.iter().for_each(|assignment| self.assignment(assignment));
        let mut invocations = command.invocations();
        while let [sudo, rest @ ..] = invocations
            && self.as_root
            && is_idle_sudo(sudo, rest)
        {
            invocations = rest;
        }
        if let [exec, rest @ ..] = invocations
            && self.is_alone
            && exec.name() == Some("exec")
            && rest.first().is_some_and(|inner| inner.words.len() + 1 == exec.words.len())
        {
            invocations = rest;
        }
        let mut left_out: Vec<Span> = Vec::new();
        let mut apt: Option<Span> = None;
        for invocation in invocations {
            left_out.extend(options_without_trace(invocation));
            if matches!(invocation.name(), Some("apt" | "apt-get" | "apt-cache")) {
                apt = invocation.words.first().map(Word::span);
            }
        }
        let script = invocations.iter().find_map(Invocation::script).filter(|_| self.depth < MAX_DEPTH);
        let nested = script.map(|script| script.text.span());
        let words = invocations.first().map_or(&command.words, |first| &first.words);
        for word in words {
            let span = word.span();
            if apt == Some(span) {
                // `apt`, `apt-get` and `apt-cache` do the same where they know the same words.
                self.out.push_str("apt ");
            } else if nested.is_some_and(|nested| !nested.is_empty() && span.encloses(nested)) {
                self.depth += 1;
                self.out.push_str("{\n");
                script.into_iter().for_each(|script| self.script(script));
                self.out.push_str("} ");
                self.depth -= 1;
            } else if !left_out.contains(&span) {
                self.word(word);
            }
        }
        self.redirections(&command.redirections);
    }

    fn assignment(&mut self, assignment: &Assignment) {
        let _ = write!(self.out, "{} ", assignment.text.text());
    }

    /// What it means where that is known, so that quotes make no difference where they make none.
    fn word(&mut self, word: &Word) {
        let _ = match word.literal_text() {
            Some(text) => write!(self.out, "{text:?} "),
            None => write!(self.out, "{} ", word.text.text()),
        };
    }

    fn redirections(&mut self, redirections: &[Redirection]) {
        for redirection in redirections {
            let descriptor = redirection.descriptor.as_ref().map_or("", |descriptor| descriptor.text());
            let _ = write!(self.out, "{descriptor}{:?} ", redirection.operator);
            match redirection.here_document() {
                Some(here) => {
                    let _ = write!(self.out, "{} {:?} ", here.quoted, here.body.text.text());
                }
                None => self.word(&redirection.target),
            }
        }
    }
}

/// `sudo program` and nothing else: for root the same as the program.
fn is_idle_sudo(sudo: &Invocation, rest: &[Invocation]) -> bool {
    let own = rest.first().map_or(0, |inner| sudo.words.len().saturating_sub(inner.words.len()));
    sudo.name() == Some("sudo") && own >= 1 && own == leading_flags(sudo) + 1
}

/// How many of the words behind the name leave the command and its user as they are: `-E`, `-H`, `-n`.
fn leading_flags(sudo: &Invocation) -> usize {
    sudo.args().iter().take_while(|word| ["-E", "-H", "-n", "-EH"].iter().any(|flag| word.is(flag))).count()
}

/// Whether nothing of a pipeline is left when the `RUN` is over: it sets how failures are noticed, or empties caches.
fn is_traceless(pipeline: &Pipeline) -> bool {
    let [Command::Simple(command)] = pipeline.commands.as_slice() else { return false };
    if pipeline.negated || !command.assignments.is_empty() || !command.redirections.is_empty() {
        return false;
    }
    command.invocations().last().is_some_and(|last| sets_options(last) || empties_cache(last))
}

/// `set -e`, `set -eo pipefail`
fn sets_options(invocation: &Invocation) -> bool {
    let is_known = |word: &Word| ["-e", "-o", "-eo", "pipefail"].iter().any(|known| word.is(known));
    invocation.name() == Some("set")
        && !invocation.args().is_empty()
        && invocation.args().iter().all(is_known)
}

/// `rm -rf /var/lib/apt/lists/*`, `dnf clean all`
fn empties_cache(invocation: &Invocation) -> bool {
    if let Some(package) = PackageCommand::of(invocation) {
        return package.action == Action::Clean;
    }
    let mut paths = invocation.args().iter().filter(|word| !word.static_prefix().starts_with('-'));
    let is_cache = |word: &Word| {
        let path = word.pattern();
        let path = path.as_deref().map(|path| path.trim_end_matches(['*', '/']));
        path.is_some_and(|path| {
            let caches = Manager::ALL.iter().filter_map(|manager| manager.record().cache.as_ref());
            caches.flat_map(|cache| cache.paths).any(|cache| *cache == path)
        })
    };
    invocation.name() == Some("rm") && invocation.args().len() > 1 && paths.all(is_cache)
}

/// The words of a program that change nothing but what it says, asks and keeps for the next time.
fn options_without_trace(invocation: &Invocation) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    if let Some(package) = PackageCommand::of(invocation) {
        let record = package.manager.record();
        let keeps_out = record.cache.as_ref().and_then(|cache| cache.option);
        let is_silent = |name: &str| record.answers.contains(&name) || Some(name) == keeps_out;
        let options =
            package.options.iter().filter(|option| is_silent(&option.name) && option.value.is_none());
        spans.extend(options.map(|option| option.span));
    }
    let silent: &[&str] = match invocation.name() {
        Some("wget") => &["-q", "--quiet", "-nv", "--no-verbose"],
        Some("curl") => &["-f", "--fail", "-s", "-S", "-sS", "-fs", "-fS", "-fsS"],
        Some("useradd") => &["-l", "--no-log-init"],
        _ => &[],
    };
    let is_silent = |word: &&Word| {
        let is_progress =
            invocation.name() == Some("wget") && word.static_prefix().starts_with("--progress=");
        is_progress || silent.iter().any(|silent| word.is(silent))
    };
    spans.extend(invocation.args().iter().filter(is_silent).map(Word::span));
    spans
}
