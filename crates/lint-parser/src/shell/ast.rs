//! The tree of a shell script. Names are those of the POSIX shell grammar.
//!
//! Every node holds the [`Fragment`] it was read from, so `node.text.text()` is what was written and
//! `node.text.span()` is where. Quotes are kept there; [`Word`] tells what a word means without them.

use std::sync::{Arc, OnceLock};

use crate::shell::fragment::Fragment;
use crate::shell::walk::Site;
use crate::shell::word::{Word, Words};
use crate::shell::wrappers::{Invocation, invocations};
use crate::text::mapped::Mapped;
use crate::text::span::Span;

/// A whole script: a `RUN` line, a heredoc, a `command:` string, an entrypoint file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Script {
    /// All of the text.
    pub text: Fragment,
    /// The commands that could be read.
    pub commands: List,
    /// Comments, from `#` to the end of the line, in the order they were met.
    pub comments: Vec<Span>,
    /// Where the parser lost its way, to the end of the text. What comes before is in [`Script::commands`];
    /// what comes after is unknown, and no rule may guess it.
    pub unparsed: Option<Span>,
    /// See [`Script::simple_commands`].
    pub(super) sites: OnceLock<Box<[Site]>>,
}

/// AND-OR lists, one after the other, as `;`, `&` and newlines part them.
pub type List = Vec<AndOr>;

/// Pipelines joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AndOr {
    /// From the first pipeline to the last, terminator excluded.
    pub text: Fragment,
    /// The pipelines; never empty.
    pub pipelines: Vec<Pipeline>,
    /// What stands between them: one fewer than the pipelines (as many, where the script ends after one).
    pub operators: Vec<(AndOrOperator, Fragment)>,
    /// Whether it ends in `&` and so runs in the background.
    pub background: bool,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AndOrOperator {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pipeline {
    /// From `!` or the first command to the last command.
    pub text: Fragment,
    /// Whether `!` negates its status.
    pub negated: bool,
    /// The commands; never empty.
    pub commands: Vec<Command>,
    /// The `|` and `|&` between them.
    pub pipes: Vec<Fragment>,
}

/// One command. A clone is the same node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A program, builtin or function with its arguments.
    Simple(Arc<SimpleCommand>),
    /// A compound command.
    Compound(Arc<Compound>),
    /// `name() compound`
    Function(Arc<Function>),
}

/// Assignments, words and redirections, each kind in the order written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimpleCommand {
    /// From the first part to the last.
    pub text: Fragment,
    /// `NAME=value` before the command word.
    pub assignments: Vec<Assignment>,
    /// The command word and its arguments; empty when there are assignments or redirections alone.
    pub words: Words,
    /// Redirections, wherever they stand among the words.
    pub redirections: Vec<Redirection>,
    /// See [`SimpleCommand::invocations`].
    pub(super) invocations: OnceLock<Box<[Invocation]>>,
}

/// `NAME=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment {
    /// The whole of it.
    pub text: Fragment,
    /// The variable.
    pub name: Fragment,
    /// What stands between brackets in `NAME[subscript]=value`.
    pub subscript: Option<Fragment>,
    /// `+=` instead of `=`.
    pub append: bool,
    /// What is assigned.
    pub value: AssignmentValue,
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignmentValue {
    /// One word, often empty.
    Word(Word),
    /// `(a b c)`, of bash.
    Array(Vec<Word>),
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redirection {
    /// From the descriptor to the end of the target.
    pub text: Fragment,
    /// The number or `{name}` before the operator, when written.
    pub descriptor: Option<Fragment>,
    /// Which one.
    pub operator: RedirectionOperator,
    /// What stands after the operator; the delimiter of a here-document, quotes kept.
    pub target: Word,
    /// Filled when the parser reaches the lines after the command; `None` for other redirections.
    pub(super) body: Option<Arc<OnceLock<HereDocument>>>,
}

/// Which redirection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RedirectionOperator {
    /// `<`
    Input,
    /// `>`
    Output,
    /// `>>`
    Append,
    /// `>|`
    Clobber,
    /// `<>`
    ReadWrite,
    /// `<&`
    DuplicateInput,
    /// `>&`
    DuplicateOutput,
    /// `&>` of bash: both output and error output
    OutputAndError,
    /// `&>>` of bash
    AppendOutputAndError,
    /// `<<`
    HereDocument,
    /// `<<-`: leading tabs are taken off each line
    HereDocumentTabs,
    /// `<<<` of bash: the target itself is the input
    HereString,
}

/// The text a here-document gives to its command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HereDocument {
    /// The lines, tabs taken off under `<<-`, the delimiter line excluded. Its parts are expansions only where
    /// the delimiter is unquoted.
    pub body: Word,
    /// Whether part of the delimiter is quoted, so that nothing in the body is expanded.
    pub quoted: bool,
    /// Whether the delimiter's line was found before the text ended.
    pub terminated: bool,
}

/// A compound command with its redirections.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compound {
    /// From the first reserved word or parenthesis to the last, or to the last redirection.
    pub text: Fragment,
    /// Which one.
    pub kind: CompoundKind,
    /// The redirections after it.
    pub redirections: Vec<Redirection>,
}

/// Which compound command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompoundKind {
    /// `( list )`
    Subshell(List),
    /// `{ list; }`
    Group(List),
    /// `if … then … elif … then … else … fi`
    If {
        /// `if` and every `elif`: condition and body.
        branches: Vec<Branch>,
        /// The body of `else`.
        otherwise: Option<List>,
    },
    /// `for name in words; do … done` and bash's `select`
    For {
        /// The variable.
        name: Word,
        /// The words after `in`; `None` without `in`, which means `"$@"`.
        words: Option<Vec<Word>>,
        /// Between `do` and `done`.
        body: List,
    },
    /// `for (( … )); do … done` of bash
    ArithmeticFor {
        /// What stands between the double parentheses.
        header: Word,
        /// Between `do` and `done`.
        body: List,
    },
    /// `while … do … done`
    While(Branch),
    /// `until … do … done`
    Until(Branch),
    /// `case word in … esac`
    Case {
        /// What is compared.
        subject: Word,
        /// The items in order.
        items: Vec<CaseItem>,
    },
    /// `[[ … ]]` of bash: every word and operator between the brackets
    Test(Vec<Word>),
    /// `(( … ))` of bash: what stands between the parentheses
    Arithmetic(Word),
}

/// A condition and what runs under it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Branch {
    /// Before `then` or `do`.
    pub condition: List,
    /// After it.
    pub body: List,
}

/// One `pattern | pattern) list ;;` of a `case`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseItem {
    /// The patterns.
    pub patterns: Vec<Word>,
    /// What runs.
    pub body: List,
}

/// A function definition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// From the name (or `function`) to the end of the body.
    pub text: Fragment,
    /// The name.
    pub name: Fragment,
    /// The body. Nothing runs until the function is called.
    pub body: Compound,
}

impl Command {
    /// What it was read from.
    #[must_use]
    pub fn text(&self) -> &Fragment {
        match self {
            Self::Simple(command) => &command.text,
            Self::Compound(command) => &command.text,
            Self::Function(function) => &function.text,
        }
    }

    /// The simple command, when it is one.
    #[must_use]
    pub fn simple(&self) -> Option<&Arc<SimpleCommand>> {
        match self {
            Self::Simple(command) => Some(command),
            Self::Compound(_) | Self::Function(_) => None,
        }
    }

    /// The redirections of the command itself.
    #[must_use]
    pub fn redirections(&self) -> &[Redirection] {
        match self {
            Self::Simple(command) => &command.redirections,
            Self::Compound(command) => &command.redirections,
            Self::Function(function) => &function.body.redirections,
        }
    }
}

impl SimpleCommand {
    /// The command that the words of an exec form are, which no shell reads.
    #[must_use]
    pub fn of_words(words: Vec<Word>) -> Self {
        let whole = || Fragment::whole(Mapped::default());
        let text = words.first().map_or_else(whole, |word| word.text.clone());
        let (assignments, redirections) = (Vec::new(), Vec::new());
        Self { text, assignments, words: words.into(), redirections, invocations: OnceLock::new() }
    }

    /// The command and all that it runs through wrappers, the outermost first; none where it has no words. Taken
    /// apart when somebody first asks.
    #[must_use]
    pub fn invocations(&self) -> &[Invocation] {
        self.invocations.get_or_init(|| invocations(self.words.clone()))
    }

    /// The name of the program: the command word without quotes and without folders, so `/bin/sh` is `sh`.
    /// `None` when there is no command word or it is known only at run time.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.invocations().first()?.name()
    }

    /// The words after the command word.
    #[must_use]
    pub fn args(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }
}

impl Redirection {
    /// The here-document's text. `None` for other redirections, and where the text ends before the line that
    /// should hold it.
    #[must_use]
    pub fn here_document(&self) -> Option<&HereDocument> {
        self.body.as_ref()?.get()
    }
}
