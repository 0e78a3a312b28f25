//! Moves every place in a tree from the text it was parsed from to the source that text came from.
//!
//! A place and its text move together. An empty place at the end of what holds it could land behind a seam of
//! the outer text (the indentation of the next line in YAML), so each is held inside its parent.

use crate::dockerfile::ast::{
    CommandLine, Comment, Copy, Directive, Dockerfile, Flag, From, Healthcheck, Heredoc, Instruction,
    InstructionKind, Mount, MountOption, Pair, Run,
};
use crate::syntax_error::{Parsed, SyntaxError};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::{Span, Spanned};

/// Moves a parsed file into the source of `outer`, whose text it was parsed from.
pub(super) fn remap(parsed: Parsed<Dockerfile>, outer: &Mapped) -> Parsed<Dockerfile> {
    let file = Place { outer, within: outer.span() };
    let tree = parsed.tree;
    let tree = Dockerfile {
        directives: tree.directives.into_iter().map(|directive| file.directive(directive)).collect(),
        instructions: tree.instructions.into_iter().map(|i| file.instruction(i)).collect(),
        comments: tree.comments.into_iter().map(|comment| file.comment(comment)).collect(),
        escape: tree.escape,
    };
    let move_error = |error: SyntaxError| SyntaxError {
        span: file.span(error.span),
        meant: error.meant.map(|(span, meant)| (file.span(span), meant)),
        ..error
    };
    Parsed { tree, errors: parsed.errors.into_iter().map(move_error).collect() }
}

/// The source of the text, and the part of it that the places to come lie in.
#[derive(Clone, Copy)]
struct Place<'a> {
    outer: &'a Mapped,
    within: Span,
}

impl Place<'_> {
    fn span(self, span: Span) -> Span {
        let moved = self.outer.span_of(span.range());
        let start = moved.start().clamp(self.within.start(), self.within.end());
        Span::new(start, moved.end().clamp(start, self.within.end()))
    }

    fn inside(self, span: Span) -> Self {
        Place { within: self.span(span), ..self }
    }

    fn spanned(self, text: Spanned<String>) -> Spanned<String> {
        Spanned::new(text.value, self.span(text.span))
    }

    fn text(self, text: Mapped) -> Mapped {
        let moved = text.through(self.outer);
        if text.is_empty() { MappedBuilder::default().finish(self.span(text.span())) } else { moved }
    }

    fn texts(self, texts: Vec<Mapped>) -> Vec<Mapped> {
        texts.into_iter().map(|text| self.text(text)).collect()
    }

    fn directive(self, directive: Directive) -> Directive {
        let inner = self.inside(directive.span);
        Directive {
            span: inner.within,
            name: inner.spanned(directive.name),
            value: inner.spanned(directive.value),
        }
    }

    fn comment(self, comment: Comment) -> Comment {
        let inner = self.inside(comment.span);
        Comment { span: inner.within, text: inner.spanned(comment.text), ..comment }
    }

    fn instruction(self, instruction: Instruction) -> Instruction {
        let inner = self.inside(instruction.span);
        let arguments = inner.text(instruction.arguments);
        let words = Place { within: arguments.span(), ..inner };
        Instruction {
            span: inner.within,
            keyword: inner.spanned(instruction.keyword),
            flags: instruction.flags.into_iter().map(|flag| inner.flag(flag)).collect(),
            kind: inner.kind(words, instruction.kind),
            arguments,
            heredocs: instruction.heredocs.into_iter().map(|heredoc| inner.heredoc(heredoc)).collect(),
            blank_lines: instruction.blank_lines.into_iter().map(|span| inner.span(span)).collect(),
        }
    }

    fn flag(self, flag: Flag) -> Flag {
        let inner = self.inside(flag.span);
        Flag {
            span: inner.within,
            name: inner.text(flag.name),
            value: flag.value.map(|value| inner.text(value)),
        }
    }

    /// `self` lies in the instruction, `words` in its arguments.
    fn kind(self, words: Place<'_>, kind: InstructionKind) -> InstructionKind {
        use InstructionKind as Kind;
        match kind {
            Kind::From(From { image, name }) => {
                Kind::From(From { image: words.text(image), name: name.map(|name| words.text(name)) })
            }
            Kind::Run(run) => Kind::Run(Run {
                command: words.command(run.command),
                mounts: run.mounts.into_iter().map(|mount| self.mount(mount)).collect(),
                script: run.script,
            }),
            Kind::Cmd(command) => Kind::Cmd(words.command(command)),
            Kind::Entrypoint(command) => Kind::Entrypoint(words.command(command)),
            Kind::Shell(command) => Kind::Shell(words.command(command)),
            Kind::Copy(copy) => Kind::Copy(words.copy(copy)),
            Kind::Add(copy) => Kind::Add(words.copy(copy)),
            Kind::Env(pairs) => Kind::Env(words.pairs(pairs)),
            Kind::Label(pairs) => Kind::Label(words.pairs(pairs)),
            Kind::Arg(pairs) => Kind::Arg(words.pairs(pairs)),
            Kind::Expose(ports) => Kind::Expose(words.texts(ports)),
            Kind::Volume(volumes) => Kind::Volume(words.texts(volumes)),
            Kind::User(text) => Kind::User(words.text(text)),
            Kind::Workdir(text) => Kind::Workdir(words.text(text)),
            Kind::Stopsignal(text) => Kind::Stopsignal(words.text(text)),
            Kind::Maintainer(text) => Kind::Maintainer(words.text(text)),
            Kind::Healthcheck(healthcheck) => Kind::Healthcheck(match healthcheck {
                Healthcheck::None { span } => Healthcheck::None { span: words.span(span) },
                Healthcheck::Cmd(command) => Healthcheck::Cmd(words.command(command)),
                Healthcheck::Invalid => Healthcheck::Invalid,
            }),
            // The trigger may reach over heredocs, beyond the arguments.
            Kind::Onbuild(trigger) => {
                Kind::Onbuild(trigger.map(|trigger| Box::new(self.instruction(*trigger))))
            }
            Kind::Unknown => Kind::Unknown,
        }
    }

    fn command(self, command: CommandLine) -> CommandLine {
        match command {
            CommandLine::Exec { span, words } => {
                let inner = self.inside(span);
                CommandLine::Exec { span: inner.within, words: inner.texts(words) }
            }
            CommandLine::Shell(text) => CommandLine::Shell(self.text(text)),
        }
    }

    fn mount(self, mount: Mount) -> Mount {
        let inner = self.inside(mount.span);
        let options = mount.options.into_iter().map(|option| MountOption {
            key: inner.text(option.key),
            value: option.value.map(|value| inner.text(value)),
        });
        Mount { span: inner.within, options: options.collect() }
    }

    fn copy(self, copy: Copy) -> Copy {
        Copy {
            sources: self.texts(copy.sources),
            destination: copy.destination.map(|word| self.text(word)),
            json: copy.json,
        }
    }

    fn pairs(self, pairs: Vec<Pair>) -> Vec<Pair> {
        let moved = pairs.into_iter().map(|pair| {
            let inner = self.inside(pair.span);
            Pair {
                span: inner.within,
                key: inner.text(pair.key),
                value: pair.value.map(|value| inner.text(value)),
                legacy: pair.legacy,
            }
        });
        moved.collect()
    }

    fn heredoc(self, heredoc: Heredoc) -> Heredoc {
        let operator = self.inside(heredoc.operator);
        Heredoc {
            operator: operator.within,
            name: operator.spanned(heredoc.name),
            content: self.text(heredoc.content),
            terminator: heredoc.terminator.map(|span| self.span(span)),
            ..heredoc
        }
    }
}
