//! Every simple command of a script, with what surrounds it.

use crate::shell::ast::{
    AndOr, AndOrOperator, Assignment, AssignmentValue, Branch, Command, Compound, CompoundKind, Function,
    Redirection, Script, SimpleCommand,
};
use crate::shell::word::{Part, PartKind, Word};

/// A simple command and where in the script it runs.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Site<'a> {
    /// The command.
    pub command: &'a SimpleCommand,
    /// What surrounds it.
    pub context: Context<'a>,
}

/// What surrounds a command.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The command whose output it reads: its own left neighbour in a pipeline, or that of the group it runs in.
    pub piped_from: Option<&'a Command>,
    /// The command that reads its output, likewise.
    pub piped_to: Option<&'a Command>,
    /// The AND-OR list it stands in, counted through the whole script in the order the lists begin.
    pub chain: usize,
    /// Which pipeline of that list it is in, from 0.
    pub link: usize,
    /// What joins that pipeline to the one before it; `None` for the first.
    pub after: Option<AndOrOperator>,
    /// What joins that pipeline to the one behind it; `None` for the last.
    pub before: Option<AndOrOperator>,
    /// Whether `!` negates the pipeline.
    pub negated: bool,
    /// Whether it, or something it runs in, is in the background.
    pub background: bool,
    /// The simple command whose words, assignments or redirections hold it as `$(…)`, backticks or `<(…)`.
    pub substituted_into: Option<&'a SimpleCommand>,
    /// Whether it runs in a substitution of any kind, that of a `for` or `case` word included.
    pub in_substitution: bool,
    /// The function whose body holds it.
    pub function: Option<&'a Function>,
    /// Whether its status decides an `if`, `elif`, `while` or `until`.
    pub in_condition: bool,
    /// Whether it may be skipped: the body of a condition, loop or `case`.
    pub conditional: bool,
    /// Whether it runs in a subshell, so that `cd` and assignments end with it: `( … )` or a substitution.
    pub in_subshell: bool,
}

impl Script {
    /// All simple commands in the order of the script, those in subshells, substitutions, control flow and
    /// function bodies included. A command comes before those in its substitutions; those in its redirections
    /// and here-documents come after those in its words.
    #[must_use]
    pub fn simple_commands(&self) -> Vec<Site<'_>> {
        let mut walk = Walk::default();
        walk.list(&self.commands, Context::default());
        walk.sites
    }
}

/// The recursion is bounded by the depth the parser accepts.
#[derive(Default)]
struct Walk<'a> {
    sites: Vec<Site<'a>>,
    chains: usize,
}

impl<'a> Walk<'a> {
    fn list(&mut self, list: &'a [AndOr], outer: Context<'a>) {
        for and_or in list {
            let chain = self.chains;
            self.chains += 1;
            for (link, pipeline) in and_or.pipelines.iter().enumerate() {
                let operator = |at: usize| and_or.operators.get(at).map(|(operator, _)| *operator);
                let context = Context {
                    chain,
                    link,
                    after: link.checked_sub(1).and_then(operator),
                    before: operator(link),
                    negated: pipeline.negated,
                    background: outer.background || and_or.background,
                    ..outer
                };
                for (at, command) in pipeline.commands.iter().enumerate() {
                    let left = at.checked_sub(1).and_then(|left| pipeline.commands.get(left));
                    let piped_from = left.or(outer.piped_from);
                    let piped_to = pipeline.commands.get(at + 1).or(outer.piped_to);
                    self.command(command, Context { piped_from, piped_to, ..context });
                }
            }
        }
    }

    fn command(&mut self, command: &'a Command, context: Context<'a>) {
        match command {
            Command::Simple(command) => self.simple(command, context),
            Command::Compound(compound) => self.compound(compound, context),
            Command::Function(function) => {
                let context =
                    Context { function: Some(function), piped_from: None, piped_to: None, ..context };
                self.compound(&function.body, context);
            }
        }
    }

    fn simple(&mut self, command: &'a SimpleCommand, context: Context<'a>) {
        self.sites.push(Site { command, context });
        let inner = Context { substituted_into: Some(command), ..context };
        for Assignment { value, .. } in &command.assignments {
            match value {
                AssignmentValue::Word(word) => self.parts(&word.parts, inner),
                AssignmentValue::Array(words) => self.words(words, inner),
            }
        }
        self.words(&command.words, inner);
        self.redirections(&command.redirections, inner);
    }

    fn compound(&mut self, compound: &'a Compound, context: Context<'a>) {
        let body = Context { conditional: true, ..context };
        match &compound.kind {
            CompoundKind::Subshell(list) => self.list(list, Context { in_subshell: true, ..context }),
            CompoundKind::Group(list) => self.list(list, context),
            CompoundKind::If { branches, otherwise } => {
                for branch in branches {
                    self.branch(branch, context);
                }
                if let Some(list) = otherwise {
                    self.list(list, body);
                }
            }
            CompoundKind::For { name, words, body: list } => {
                self.parts(&name.parts, context);
                self.words(words.as_deref().unwrap_or_default(), context);
                self.list(list, body);
            }
            CompoundKind::ArithmeticFor { header, body: list } => {
                self.parts(&header.parts, context);
                self.list(list, body);
            }
            CompoundKind::While(branch) | CompoundKind::Until(branch) => self.branch(branch, context),
            CompoundKind::Case { subject, items } => {
                self.parts(&subject.parts, context);
                for item in items {
                    self.words(&item.patterns, context);
                    self.list(&item.body, body);
                }
            }
            CompoundKind::Test(words) => self.words(words, context),
            CompoundKind::Arithmetic(word) => self.parts(&word.parts, context),
        }
        self.redirections(&compound.redirections, context);
    }

    fn branch(&mut self, branch: &'a Branch, context: Context<'a>) {
        self.list(&branch.condition, Context { in_condition: true, ..context });
        self.list(&branch.body, Context { conditional: true, ..context });
    }

    fn redirections(&mut self, redirections: &'a [Redirection], context: Context<'a>) {
        for redirection in redirections {
            self.parts(&redirection.target.parts, context);
            if let Some(here_document) = redirection.here_document() {
                self.parts(&here_document.body.parts, context);
            }
        }
    }

    fn words(&mut self, words: &'a [Word], context: Context<'a>) {
        for word in words {
            self.parts(&word.parts, context);
        }
    }

    fn parts(&mut self, parts: &'a [Part], context: Context<'a>) {
        for part in parts {
            match &part.kind {
                PartKind::CommandSubstitution(list) | PartKind::ProcessSubstitution(list) => {
                    // A pipeline ends where its words are expanded.
                    let inner = Context {
                        in_substitution: true,
                        in_subshell: true,
                        piped_from: None,
                        piped_to: None,
                        ..context
                    };
                    self.list(list, inner);
                }
                PartKind::Arithmetic(inner) => self.parts(inner, context),
                PartKind::Parameter(parameter) => {
                    if let Some(word) = &parameter.word {
                        self.parts(&word.parts, context);
                    }
                }
                _ => {}
            }
        }
    }
}
