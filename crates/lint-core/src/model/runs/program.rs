//! A program, and how it is run.

use std::sync::Arc;

use lint_parser::compose::value::SourceId;
use lint_parser::shell::ast::{AndOrOperator, SimpleCommand};
use lint_parser::shell::walk::Context;
use lint_parser::shell::word::{Quoting, Word};
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::model::runs::frames::ShellId;
use crate::model::runs::options::Options;

/// A program that an instruction or a service runs.
#[derive(Clone, Debug)]
pub struct Program {
    /// The command whose words it is among, and which of its invocations it is.
    pub(super) command: Arc<SimpleCommand>,
    pub(super) at: usize,
    /// What surrounds it in its script; nothing does in the exec form.
    pub context: Context,
    /// Whether a shell reads it: not in the exec form.
    pub in_script: bool,
    /// The program whose script it is in, by its place among those of the instruction.
    pub outer: Option<usize>,
    /// Which shell that is, among those of the instruction.
    pub shell: ShellId,
    /// The options that its script has set by then.
    pub options: Options,
    /// Whether it is left for the end of the script, by `trap`.
    pub at_exit: bool,
    /// What runs it.
    pub by: By,
    /// The file its words stand in, where a service runs it.
    pub file: Option<SourceId>,
}

/// What runs a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// `RUN`, in the build.
    Run,
    /// `ENTRYPOINT` and `CMD`, `entrypoint` and `command`: the main process.
    Start,
    /// `HEALTHCHECK`, `healthcheck.test`.
    Healthcheck,
    /// A hook of a service's life, or what is done when a file changes.
    Hook,
}

impl Program {
    /// Its words and who runs it.
    #[must_use]
    pub fn invocation(&self) -> &Invocation {
        // The index was taken from there.
        #[expect(clippy::indexing_slicing, reason = "the invocations of a command do not change")]
        &self.command.invocations()[self.at]
    }

    /// What it runs, where it is a wrapper.
    #[must_use]
    pub fn runs(&self) -> Option<&Invocation> {
        self.command.invocations().get(self.at + 1)
    }

    /// The command it is part of, with its redirections; of the exec form the words alone.
    #[must_use]
    pub fn command(&self) -> &Arc<SimpleCommand> {
        &self.command
    }

    /// The name of the program, folders taken off; `None` when it is known at run time only.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.invocation().name()
    }

    /// The words after its name.
    #[must_use]
    pub fn args(&self) -> &[Word] {
        self.invocation().args()
    }

    /// Where its name is written.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.invocation().words.first().map(Word::span).unwrap_or_default()
    }

    /// From the first word to the last.
    #[must_use]
    pub fn span(&self) -> Span {
        self.args().last().map_or(self.name_span(), |last| self.name_span().cover(last.span()))
    }

    /// From the name to the `at`th argument, counted from 0: `apt-get install` of a long list.
    #[must_use]
    pub fn span_to(&self, at: usize) -> Span {
        self.args().get(at).map_or(self.span(), |last| self.name_span().cover(last.span()))
    }

    /// Whether it is the command itself, and not what a wrapper or a script within it runs.
    #[must_use]
    pub fn is_all_of_command(&self) -> bool {
        self.at == 0
    }

    /// Whether a word of it comes from an unquoted variable or command, so that any option may be among them.
    #[must_use]
    pub fn may_have_options(&self) -> bool {
        self.args().iter().any(may_be_options)
    }

    /// The words that it may write to a file as they are: those it prints, a command of `sed`, its here-documents.
    #[must_use]
    pub fn printed(&self) -> Vec<&Word> {
        let prints = matches!(self.name(), Some("echo" | "printf" | "sed"));
        let words = self.args().iter().filter(|_| prints);
        let redirections = self.command.redirections.iter().filter(|_| self.is_outermost());
        let documents = redirections.filter_map(|redirection| Some(&redirection.here_document()?.body));
        words.chain(documents).collect()
    }

    /// Whether it is what the script says, and not what a wrapper before it runs.
    #[must_use]
    pub fn is_outermost(&self) -> bool {
        self.at == 0
    }

    /// Whether its failure stops nothing: `|| true`, a condition, the background.
    #[must_use]
    pub fn may_fail(&self) -> bool {
        self.context.in_condition
            || self.context.negated
            || self.context.background
            || self.context.before == Some(AndOrOperator::Or)
    }
}

/// Whether a word may become options when it is expanded: `$APT_OPTIONS`.
#[must_use]
pub fn may_be_options(word: &Word) -> bool {
    word.is_dynamic() && word.parts.iter().any(|part| part.quoting == Quoting::None)
}
