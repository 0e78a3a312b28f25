//! Every simple command of a script, with what surrounds it.

use std::sync::Arc;

use crate::shell::ast::{
    AndOr, AndOrOperator, Assignment, AssignmentValue, Branch, Command, Compound, CompoundKind, Function,
    Redirection, Script, SimpleCommand,
};
use crate::shell::word::{Part, PartKind, Word};

/// A simple command and where in the script it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// The command.
    pub command: Arc<SimpleCommand>,
    /// What surrounds it.
    pub context: Context,
}

/// What surrounds a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Context {
    /// The command whose output it reads: its own left neighbour in a pipeline, or that of the group it runs in.
    pub piped_from: Option<Command>,
    /// The command that reads its output, likewise.
    pub piped_to: Option<Command>,
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
    pub substituted_into: Option<Arc<SimpleCommand>>,
    /// Whether it runs in a substitution of any kind, that of a `for` or `case` word included.
    pub in_substitution: bool,
    /// The function whose body holds it.
    pub function: Option<Arc<Function>>,
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
    /// and here-documents come after those in its words. Gathered when somebody first asks.
    #[must_use]
    pub fn simple_commands(&self) -> &[Site] {
        self.sites.get_or_init(|| {
            let mut walk = Walk::default();
            walk.list(&self.commands, &Context::default());
            walk.sites.into()
        })
    }
}

/// The recursion is bounded by the depth the parser accepts.
#[derive(Default)]
struct Walk {
    sites: Vec<Site>,
    chains: usize,
}

impl Walk {
    fn list(&mut self, list: &[AndOr], outer: &Context) {
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
                    ..outer.clone()
                };
                for (at, command) in pipeline.commands.iter().enumerate() {
                    let left = at.checked_sub(1).and_then(|left| pipeline.commands.get(left));
                    let piped_from = left.or(outer.piped_from.as_ref()).cloned();
                    let piped_to = pipeline.commands.get(at + 1).or(outer.piped_to.as_ref()).cloned();
                    self.command(command, &Context { piped_from, piped_to, ..context.clone() });
                }
            }
        }
    }

    fn command(&mut self, command: &Command, context: &Context) {
        match command {
            Command::Simple(command) => self.simple(command, context),
            Command::Compound(compound) => self.compound(compound, context),
            Command::Function(function) => {
                let function_of = Some(Arc::clone(function));
                let inner =
                    Context { function: function_of, piped_from: None, piped_to: None, ..context.clone() };
                self.compound(&function.body, &inner);
            }
        }
    }

    fn simple(&mut self, command: &Arc<SimpleCommand>, context: &Context) {
        self.sites.push(Site { command: Arc::clone(command), context: context.clone() });
        let inner = &Context { substituted_into: Some(Arc::clone(command)), ..context.clone() };
        for Assignment { value, .. } in &command.assignments {
            match value {
                AssignmentValue::Word(word) => self.parts(&word.parts, inner),
                AssignmentValue::Array(words) => self.words(words, inner),
            }
        }
        self.words(&command.words, inner);
        self.redirections(&command.redirections, inner);
    }

    fn compound(&mut self, compound: &Compound, context: &Context) {
        let body = &Context { conditional: true, ..context.clone() };
        match &compound.kind {
            CompoundKind::Subshell(list) => {
                self.list(list, &Context { in_subshell: true, ..context.clone() })
            }
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

    fn branch(&mut self, branch: &Branch, context: &Context) {
        self.list(&branch.condition, &Context { in_condition: true, ..context.clone() });
        self.list(&branch.body, &Context { conditional: true, ..context.clone() });
    }

    fn redirections(&mut self, redirections: &[Redirection], context: &Context) {
        for redirection in redirections {
            self.parts(&redirection.target.parts, context);
            if let Some(here_document) = redirection.here_document() {
                self.parts(&here_document.body.parts, context);
            }
        }
    }

    fn words(&mut self, words: &[Word], context: &Context) {
        for word in words {
            self.parts(&word.parts, context);
        }
    }

    fn parts(&mut self, parts: &[Part], context: &Context) {
        for part in parts {
            match &part.kind {
                PartKind::CommandSubstitution(list) | PartKind::ProcessSubstitution(list) => {
                    // A pipeline ends where its words are expanded.
                    let inner = &Context {
                        in_substitution: true,
                        in_subshell: true,
                        piped_from: None,
                        piped_to: None,
                        ..context.clone()
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
