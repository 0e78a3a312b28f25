//! The tree of a Dockerfile: what BuildKit's parser sees, with the place of every part.
//!
//! Words keep their quotes and escapes ([`Mapped::text`] is the joined line, continuations and the comments
//! between them removed): BuildKit takes quotes off during expansion, because only then is it known which
//! `$` they protect. Names are those of the Dockerfile reference.

use crate::text::mapped::Mapped;
use crate::text::span::{Span, Spanned};

/// A whole Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dockerfile {
    /// `# syntax=`, `# escape=` and `# check=` at the top.
    pub directives: Vec<Directive>,
    /// The instructions in order, those BuildKit would refuse included.
    pub instructions: Vec<Instruction>,
    /// Every comment line outside heredocs, directives excluded, in order.
    pub comments: Vec<Comment>,
    /// The escape character in force: `\` or a backtick.
    pub escape: char,
}

/// A parser directive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Directive {
    /// From `#` to the end of the value.
    pub span: Span,
    /// `syntax`, `escape` or `check`, lower case; the span is the name as written.
    pub name: Spanned<String>,
    /// The value as BuildKit uses it.
    pub value: Spanned<String>,
}

/// A comment line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// From `#` to the end of the line, line ending excluded.
    pub span: Span,
    /// The text after `#`, untrimmed.
    pub text: Spanned<String>,
    /// Index into [`Dockerfile::instructions`] of the instruction this comment stands above or inside of;
    /// the number of instructions when none follows.
    pub instruction: usize,
    /// Whether it stands between the lines of a continued instruction.
    pub inside: bool,
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Instruction {
    /// From the keyword to the end of the last line, heredoc terminators included; trailing blanks and the
    /// last line ending excluded.
    pub span: Span,
    /// The keyword as written; [`Instruction::kind`] says which it is.
    pub keyword: Spanned<String>,
    /// The `--flags` before the arguments, in order, whether known or not.
    pub flags: Vec<Flag>,
    /// Everything after the flags, trimmed: the joined line, heredoc bodies excluded.
    pub arguments: Mapped,
    /// What it is and what it takes.
    pub kind: InstructionKind,
    /// Heredocs, in the order of their bodies (those of an `ONBUILD` trigger stand on the trigger).
    pub heredocs: Vec<Heredoc>,
    /// Blank lines inside the continued instruction (BuildKit's NoEmptyContinuation).
    pub blank_lines: Vec<Span>,
}

/// An instruction's keyword and taken-apart arguments.
///
/// Where BuildKit refuses the arguments, the parts that could be read are kept and an error says what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstructionKind {
    /// `FROM image [AS name]`
    From(From),
    /// `RUN`
    Run(Run),
    /// `CMD`
    Cmd(CommandLine),
    /// `ENTRYPOINT`
    Entrypoint(CommandLine),
    /// `SHELL`; BuildKit takes the exec form alone.
    Shell(CommandLine),
    /// `COPY`
    Copy(Copy),
    /// `ADD`
    Add(Copy),
    /// `ENV`
    Env(Vec<Pair>),
    /// `LABEL`
    Label(Vec<Pair>),
    /// `ARG`; an argument without a default has no value.
    Arg(Vec<Pair>),
    /// `EXPOSE`
    Expose(Vec<Mapped>),
    /// `VOLUME`
    Volume(Vec<Mapped>),
    /// `USER`; the whole rest of the line, blanks included.
    User(Mapped),
    /// `WORKDIR`; the whole rest of the line.
    Workdir(Mapped),
    /// `STOPSIGNAL`
    Stopsignal(Mapped),
    /// `MAINTAINER` (deprecated)
    Maintainer(Mapped),
    /// `HEALTHCHECK`
    Healthcheck(Healthcheck),
    /// `ONBUILD`; nothing when no trigger is written.
    Onbuild(Option<Box<Instruction>>),
    /// A keyword BuildKit does not know.
    Unknown,
}

/// `--name` or `--name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flag {
    /// From the first dash to the end of the value.
    pub span: Span,
    /// The name without dashes, as BuildKit reads it (quotes and escapes removed).
    pub name: Mapped,
    /// The value after `=`; `None` without `=`.
    pub value: Option<Mapped>,
}

/// The arguments of `FROM`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct From {
    /// The image or stage, unexpanded.
    pub image: Mapped,
    /// The stage name as written after `AS`; BuildKit lower-cases it.
    pub name: Option<Mapped>,
}

/// A command in exec (JSON) or shell form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandLine {
    /// `["a", "b"]`; each string decoded, its span including the quotes.
    Exec {
        /// The whole array.
        span: Span,
        /// The strings.
        words: Vec<Mapped>,
    },
    /// The rest of the line, for a shell to read.
    Shell(Mapped),
}

/// The arguments of `RUN`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// The command, heredoc bodies excluded.
    pub command: CommandLine,
    /// `--mount` flags, taken apart.
    pub mounts: Vec<Mount>,
    /// Whether the command is one heredoc and nothing else: a script, whose text is [`Heredoc::content`].
    pub script: bool,
}

/// A `--mount` flag.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// The whole flag.
    pub span: Span,
    /// The comma-separated options in order, unexpanded.
    pub options: Vec<MountOption>,
}

/// `key=value` or `key` in a `--mount`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MountOption {
    /// The key as written; BuildKit compares it in lower case.
    pub key: Mapped,
    /// The value; `None` without `=`.
    pub value: Option<Mapped>,
}

/// The arguments of `COPY` and `ADD`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copy {
    /// What is copied, heredoc operators (`<<EOF`) excluded.
    pub sources: Vec<Mapped>,
    /// Where to; nothing when BuildKit would refuse the arguments for want of it.
    pub destination: Option<Mapped>,
    /// Whether the arguments are a JSON array.
    pub json: bool,
}

/// `key=value` in `ENV`, `LABEL` and `ARG`, quotes and escapes kept for expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair {
    /// Key to end of value.
    pub span: Span,
    /// The key.
    pub key: Mapped,
    /// The value; `None` only for `ARG` without a default.
    pub value: Option<Mapped>,
    /// Written in the legacy form `KEY the rest of the line`.
    pub legacy: bool,
}

/// The arguments of `HEALTHCHECK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Healthcheck {
    /// `NONE`: no check, not even the base image's.
    None {
        /// The word `NONE`.
        span: Span,
    },
    /// `CMD command`
    Cmd(CommandLine),
    /// Anything else; BuildKit refuses it.
    Invalid,
}

/// A here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Heredoc {
    /// The operator and name, as `<<-"EOF"` or `3<<EOF`.
    pub operator: Span,
    /// The file descriptor before `<<`, when written.
    pub fd: Option<u32>,
    /// The name without quotes.
    pub name: Spanned<String>,
    /// `<<-`: leading tabs are taken off each line.
    pub strip_tabs: bool,
    /// Whether variables are expanded: no part of the name is quoted.
    pub expand: bool,
    /// The body as a program receives it, each line with its ending, tabs taken off under `<<-`.
    pub content: Mapped,
    /// The terminator line's name; `None` when the file ends first.
    pub terminator: Option<Span>,
}

impl Instruction {
    /// The first flag of that name.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name.text() == name)
    }
}
