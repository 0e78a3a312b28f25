//! Every simple command of a script, with what surrounds it.

use std::sync::Arc;

use crate::shell::ast::{
    AndOr, AndOrOperator, Assignment, AssignmentValue, Branch, Command, Compound, CompoundKind, Function,
    Pipeline, Redirection, Script, SimpleCommand,
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
    /// The shell that runs it: 0 for the script's own, numbers as they begin for `( … )`, substitutions and the parts of a
    /// pipeline, each of which has a directory and variables of its own.
    pub subshell: u32,
    /// How many subshells are around it.
    pub nesting: u16,
    /// The compound commands around it, the innermost first.
    pub within: Option<Arc<Within>>,
    /// What becomes of the script when it fails.
    pub fate: Fate,
}

/// A compound command around a command.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Within {
    /// The compound command.
    pub compound: Arc<Compound>,
    /// What is around that.
    pub outer: Option<Arc<Within>>,
}

/// What becomes of a script when a command of it fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The script fails: it is the last, or the last list ends with it.
    #[default]
    Fails,
    /// The script fails where `set -e` is in force, and goes on otherwise.
    FailsWithErrexit,
    /// The script goes on, `set -e` or not: `&&` follows, and the list is not the last.
    GoesOn,
    /// Somebody asks for the status: a condition, `||`, `!`, `&`, a substitution.
    IsAsked,
}

/// What becomes of a script when a list in it fails: at a command that `set -e` looks at, and at one that it does not.
#[derive(Clone, Copy)]
struct Fates {
    seen: Fate,
    unseen: Fate,
    /// Whether `set -e` looks at what is inside: not before `&&`, so that `{ a; b; } && c` goes on to `b`.
    is_watched: bool,
}

impl Fates {
    const OF_SCRIPT: Self = Self { seen: Fate::Fails, unseen: Fate::Fails, is_watched: true };
    const ASKED: Self = Self { seen: Fate::IsAsked, unseen: Fate::IsAsked, is_watched: false };

    /// Of a list that others follow.
    fn followed(self) -> Self {
        match self.seen {
            Fate::IsAsked => self,
            _ if self.is_watched => Self { seen: Fate::FailsWithErrexit, unseen: Fate::GoesOn, ..self },
            _ => Self { seen: Fate::GoesOn, unseen: Fate::GoesOn, ..self },
        }
    }

    /// Of a command that `&&` follows.
    fn before_and(self) -> Self {
        Self { seen: self.unseen, is_watched: false, ..self }
    }

    /// Of what a subshell holds: its status is that of one command.
    fn in_subshell(self) -> Self {
        Self { unseen: self.seen, ..self }
    }
}

impl Script {
    /// All simple commands in the order of the script, those in subshells, substitutions, control flow and
    /// function bodies included. A command comes before those in its substitutions; those in its redirections
    /// and here-documents come after those in its words. Gathered when somebody first asks.
    #[must_use]
    pub fn simple_commands(&self) -> &[Site] {
        self.sites.get_or_init(|| {
            let mut walk = Walk::default();
            walk.list(&self.commands, &Context::default(), Fates::OF_SCRIPT);
            walk.sites.into()
        })
    }
}

/// The recursion is bounded by the depth the parser accepts.
#[derive(Default)]
struct Walk {
    sites: Vec<Site>,
    chains: usize,
    subshells: u32,
}

impl Walk {
    fn list(&mut self, list: &[AndOr], outer: &Context, fates: Fates) {
        for (at, and_or) in list.iter().enumerate() {
            let fates = if at + 1 == list.len() { fates } else { fates.followed() };
            let chain = self.chains;
            self.chains += 1;
            let last_or = and_or.operators.iter().rposition(|(operator, _)| *operator == AndOrOperator::Or);
            for (link, pipeline) in and_or.pipelines.iter().enumerate() {
                let operator = |at: usize| and_or.operators.get(at).map(|(operator, _)| *operator);
                let is_asked = pipeline.negated || and_or.background || last_or.is_some_and(|or| link <= or);
                let fates = match operator(link) {
                    _ if is_asked => Fates::ASKED,
                    Some(_) => fates.before_and(),
                    None => fates,
                };
                let context = Context {
                    chain,
                    link,
                    after: link.checked_sub(1).and_then(operator),
                    before: operator(link),
                    negated: pipeline.negated,
                    background: outer.background || and_or.background,
                    ..outer.clone()
                };
                self.pipeline(pipeline, &context, fates);
            }
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, outer: &Context, fates: Fates) {
        let is_pipe = pipeline.commands.len() > 1;
        for (at, command) in pipeline.commands.iter().enumerate() {
            let left = at.checked_sub(1).and_then(|left| pipeline.commands.get(left));
            let piped_from = left.or(outer.piped_from.as_ref()).cloned();
            let piped_to = pipeline.commands.get(at + 1).or(outer.piped_to.as_ref()).cloned();
            let context = Context { piped_from, piped_to, fate: fates.seen, ..outer.clone() };
            if is_pipe {
                let context = self.subshell(&context);
                self.command(command, &context, fates.in_subshell());
            } else {
                self.command(command, &context, fates);
            }
        }
    }

    /// The same in a shell of its own.
    fn subshell(&mut self, context: &Context) -> Context {
        self.subshells = self.subshells.saturating_add(1);
        Context { subshell: self.subshells, nesting: context.nesting.saturating_add(1), ..context.clone() }
    }

    fn command(&mut self, command: &Command, context: &Context, fates: Fates) {
        match command {
            Command::Simple(command) => self.simple(command, context),
            Command::Compound(compound) => {
                let within = Within { compound: Arc::clone(compound), outer: context.within.clone() };
                self.compound(
                    compound,
                    &Context { within: Some(Arc::new(within)), ..context.clone() },
                    fates,
                );
            }
            Command::Function(function) => {
                let function_of = Some(Arc::clone(function));
                let inner =
                    Context { function: function_of, piped_from: None, piped_to: None, ..context.clone() };
                // Whoever calls it asks, or does not.
                self.compound(&function.body, &inner, Fates::ASKED);
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

    fn compound(&mut self, compound: &Compound, context: &Context, fates: Fates) {
        let body = &Context { conditional: true, ..context.clone() };
        // What a loop does last, it does again.
        let looped = fates.followed();
        match &compound.kind {
            CompoundKind::Subshell(list) => {
                let context = self.subshell(context);
                // Its status is a command's, which `set -e` looks at.
                self.list(list, &Context { in_subshell: true, ..context }, fates.in_subshell());
            }
            CompoundKind::Group(list) => self.list(list, context, fates),
            CompoundKind::If { branches, otherwise } => {
                for branch in branches {
                    self.branch(branch, context, fates);
                }
                if let Some(list) = otherwise {
                    self.list(list, body, fates);
                }
            }
            CompoundKind::For { name, words, body: list } => {
                self.parts(&name.parts, context);
                self.words(words.as_deref().unwrap_or_default(), context);
                self.list(list, body, looped);
            }
            CompoundKind::ArithmeticFor { header, body: list } => {
                self.parts(&header.parts, context);
                self.list(list, body, looped);
            }
            CompoundKind::While(branch) | CompoundKind::Until(branch) => self.branch(branch, context, looped),
            CompoundKind::Case { subject, items } => {
                self.parts(&subject.parts, context);
                for item in items {
                    self.words(&item.patterns, context);
                    self.list(&item.body, body, fates);
                }
            }
            CompoundKind::Test(words) => self.words(words, context),
            CompoundKind::Arithmetic(word) => self.parts(&word.parts, context),
        }
        self.redirections(&compound.redirections, context);
    }

    fn branch(&mut self, branch: &Branch, context: &Context, fates: Fates) {
        self.list(&branch.condition, &Context { in_condition: true, ..context.clone() }, Fates::ASKED);
        self.list(&branch.body, &Context { conditional: true, ..context.clone() }, fates);
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
                        ..self.subshell(context)
                    };
                    self.list(list, inner, Fates::ASKED);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;
    use crate::text::mapped::Mapped;

    fn of<T>(script: &str, what: impl Fn(&Context) -> T) -> Vec<T> {
        let script = shell::parse(&Mapped::verbatim(script, 0)).tree;
        script.simple_commands().iter().map(|site| what(&site.context)).collect()
    }

    /// What bash and dash do with each.
    #[test]
    fn what_a_failure_comes_to() {
        use Fate::{Fails as F, FailsWithErrexit as E, GoesOn as G, IsAsked as A};
        for (script, fates) in [
            ("a; b", &[E, F][..]),
            ("a && b; c", &[G, E, F]),
            ("a && b", &[F, F]),
            ("a || b; c", &[A, E, F]),
            ("a || b && c; d", &[A, G, E, F]),
            ("a && b || c && d; e", &[A, A, G, E, F]),
            ("! a; b &\nc", &[A, A, F]),
            ("if a; then b && c; fi; d", &[A, G, E, F]),
            ("if a; then b && c; fi", &[A, F, F]),
            ("for i in x; do a && b; done; c", &[G, E, F]),
            ("for i in x; do a && b; done", &[G, E]),
            ("(a && b); c", &[E, E, F]),
            ("{ a && b; }; c", &[G, E, F]),
            ("{ a; b; } && c; d", &[G, G, E, F]),
            ("(a; b) && c", &[G, F, F]),
            ("a && b | c; d", &[G, E, E, F]),
            ("x=$(a && b); c", &[E, A, A, F]),
            ("f() { a && b; }; c", &[A, A, F]),
        ] {
            assert_eq!(of(script, |context| context.fate), fates, "{script}");
        }
    }

    #[test]
    fn subshells_are_told_apart() {
        for (script, shells) in [
            ("a; (b; (c); d); e", &[(0, 0), (1, 1), (2, 2), (1, 1), (0, 0)][..]),
            ("a | b; c", &[(1, 1), (2, 1), (0, 0)]),
            ("a $(b); { c; }", &[(0, 0), (1, 1), (0, 0)]),
        ] {
            assert_eq!(of(script, |context| (context.subshell, context.nesting)), shells, "{script}");
        }
    }
}
