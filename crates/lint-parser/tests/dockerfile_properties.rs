//! What holds for every text: no panic, and places that can be trusted.

use lint_parser::dockerfile::ast::{
    CommandLine, Copy, Dockerfile, Healthcheck, Instruction, InstructionKind, Pair,
};
use lint_parser::dockerfile::expansion::{self, Modifier, Part, Value, Word};
use lint_parser::dockerfile::{check, parse, parse_mapped};
use lint_parser::image;
use lint_parser::syntax_error::{Parsed, SyntaxErrorKind};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;
use proptest::prelude::*;

/// Checks places against the text they were made for.
struct Checker<'a> {
    text: &'a str,
}

impl Checker<'_> {
    fn span(&self, parent: Span, span: Span) {
        assert!(self.text.get(span.range()).is_some(), "{span:?} does not fit {:?}", self.text);
        assert!(parent.encloses(span), "{span:?} outside {parent:?} in {:?}", self.text);
    }

    fn mapped(&self, parent: Span, text: &Mapped) {
        self.span(parent, text.span());
        if text.is_verbatim() {
            assert_eq!(text.span().slice(self.text), text.text());
        }
        for (at, c) in text.text().char_indices() {
            let place = text.span_of(at..at + c.len_utf8());
            self.span(text.span(), place);
            assert!(!place.is_empty(), "{c:?} comes from nowhere");
        }
    }

    fn tree(&self, tree: &Dockerfile, whole: Span) {
        for directive in &tree.directives {
            self.span(whole, directive.span);
            self.span(directive.span, directive.name.span);
            self.span(directive.span, directive.value.span);
        }
        let mut last = 0;
        for comment in &tree.comments {
            self.span(whole, comment.span);
            assert!(comment.span.start() >= last, "comments out of order");
            last = comment.span.end();
            self.span(comment.span, comment.text.span);
            assert!(comment.span.slice(self.text).starts_with('#'));
            match tree.instructions.get(comment.instruction) {
                Some(instruction) if comment.inside => self.span(instruction.span, comment.span),
                Some(instruction) => assert!(comment.span.end() <= instruction.span.start()),
                None => assert!(!comment.inside && comment.instruction == tree.instructions.len()),
            }
        }
        let mut last = 0;
        for instruction in &tree.instructions {
            assert!(instruction.span.start() >= last, "instructions overlap");
            last = instruction.span.end();
            self.instruction(whole, instruction);
        }
    }

    fn instruction(&self, parent: Span, instruction: &Instruction) {
        let span = instruction.span;
        self.span(parent, span);
        self.span(span, instruction.keyword.span);
        assert_eq!(span.start(), instruction.keyword.span.start());
        for flag in &instruction.flags {
            self.span(span, flag.span);
            self.mapped(flag.span, &flag.name);
            flag.value.iter().for_each(|value| self.mapped(flag.span, value));
        }
        self.mapped(span, &instruction.arguments);
        self.kind(span, instruction.arguments.span(), &instruction.kind);
        for heredoc in &instruction.heredocs {
            self.span(span, heredoc.operator);
            self.span(heredoc.operator, heredoc.name.span);
            self.mapped(span, &heredoc.content);
            heredoc.terminator.iter().for_each(|&terminator| self.span(span, terminator));
        }
        instruction.blank_lines.iter().for_each(|&blank| self.span(span, blank));
    }

    fn kind(&self, span: Span, arguments: Span, kind: &InstructionKind) {
        match kind {
            InstructionKind::From(from) => {
                self.mapped(arguments, &from.image);
                from.name.iter().for_each(|name| self.mapped(arguments, name));
            }
            InstructionKind::Run(run) => {
                self.command(arguments, &run.command);
                for mount in &run.mounts {
                    self.span(span, mount.span);
                    for option in &mount.options {
                        self.mapped(mount.span, &option.key);
                        option.value.iter().for_each(|value| self.mapped(mount.span, value));
                    }
                }
            }
            InstructionKind::Cmd(command)
            | InstructionKind::Entrypoint(command)
            | InstructionKind::Shell(command)
            | InstructionKind::Healthcheck(Healthcheck::Cmd(command)) => self.command(arguments, command),
            InstructionKind::Copy(Copy { sources, destination, .. })
            | InstructionKind::Add(Copy { sources, destination, .. }) => {
                sources.iter().chain(destination).for_each(|word| self.mapped(arguments, word));
            }
            InstructionKind::Env(pairs) | InstructionKind::Label(pairs) | InstructionKind::Arg(pairs) => {
                pairs.iter().for_each(|pair| self.pair(arguments, pair));
            }
            InstructionKind::Expose(words) | InstructionKind::Volume(words) => {
                words.iter().for_each(|word| self.mapped(arguments, word));
            }
            InstructionKind::User(text)
            | InstructionKind::Workdir(text)
            | InstructionKind::Stopsignal(text)
            | InstructionKind::Maintainer(text) => self.mapped(arguments, text),
            InstructionKind::Healthcheck(Healthcheck::None { span }) => self.span(arguments, *span),
            InstructionKind::Onbuild(Some(trigger)) => self.instruction(span, trigger),
            _ => {}
        }
    }

    fn command(&self, parent: Span, command: &CommandLine) {
        match command {
            CommandLine::Exec { span, words } => {
                self.span(parent, *span);
                words.iter().for_each(|word| self.mapped(*span, word));
            }
            CommandLine::Shell(text) => self.mapped(parent, text),
        }
    }

    fn pair(&self, parent: Span, pair: &Pair) {
        self.span(parent, pair.span);
        self.mapped(pair.span, &pair.key);
        pair.value.iter().for_each(|value| self.mapped(pair.span, value));
    }

    fn word(&self, parent: Span, word: &Word) {
        self.span(parent, word.span);
        for part in &word.parts {
            match part {
                Part::Literal { text, .. } => self.mapped(word.span, text),
                Part::Variable(variable) => {
                    self.span(word.span, variable.span);
                    self.span(variable.span, variable.name.span);
                    match &variable.modifier {
                        None => {}
                        Some(
                            Modifier::Default { word, .. }
                            | Modifier::Alternative { word, .. }
                            | Modifier::Required { message: word, .. }
                            | Modifier::RemovePrefix { pattern: word, .. }
                            | Modifier::RemoveSuffix { pattern: word, .. },
                        ) => self.word(variable.span, word),
                        Some(Modifier::Replace { pattern, replacement, .. }) => {
                            self.word(variable.span, pattern);
                            self.word(variable.span, replacement);
                        }
                    }
                }
            }
        }
    }
}

fn check_parsed(text: &str, parsed: &Parsed<Dockerfile>, whole: Span) {
    let checker = Checker { text };
    checker.tree(&parsed.tree, whole);
    let mut last = 0;
    for error in &parsed.errors {
        checker.span(whole, error.span);
        assert!(matches!(error.kind, SyntaxErrorKind::Syntax | SyntaxErrorKind::Instruction));
        assert!(error.span.start() >= last, "errors out of order");
        last = error.span.start();
    }
    for index in 0..=parsed.tree.instructions.len() {
        let _ = check::for_instruction(&parsed.tree, index);
    }
}

/// A literal block of YAML: each line is indented, and the indentation is not part of the text.
fn indented(text: &str) -> (String, Mapped) {
    let mut source = "dockerfile_inline: |\n".to_owned();
    let mut builder = MappedBuilder::default();
    let start = source.len();
    for line in text.split_inclusive('\n') {
        source.push_str("    ");
        builder.push_verbatim(line, source.len());
        source.push_str(line);
    }
    let mapped = builder.finish(Span::new(start, source.len()));
    source.push_str("other: x\n");
    (source, mapped)
}

fn check_text(text: &str) {
    let parsed = parse(text);
    check_parsed(text, &parsed, Span::new(0, text.len()));
    let (source, mapped) = indented(text);
    let inner = parse_mapped(&mapped);
    check_parsed(&source, &inner, mapped.span());
    let messages = |parsed: &Parsed<Dockerfile>| -> Vec<String> {
        parsed.errors.iter().map(|error| error.message.clone()).collect()
    };
    assert_eq!(messages(&parsed), messages(&inner));
    assert_eq!(parsed.tree.instructions.len(), inner.tree.instructions.len());
}

fn check_word(text: &str, escape: char) {
    let word = Mapped::verbatim(text, 0);
    let whole = Span::new(0, text.len());
    let checker = Checker { text };
    match expansion::parse(&word, escape) {
        Err(error) => checker.span(whole, error.span),
        Ok(word) => {
            checker.word(whole, &word);
            let lookup = |name: &str| match name.len() {
                0 | 1 => Value::Known("a/b.c.d".into()),
                2 => Value::Unset,
                _ => Value::Unknown,
            };
            match expansion::expand(&word, lookup) {
                Err(error) => checker.span(whole, error.span),
                Ok(expanded) => {
                    checker.mapped(whole, &expanded.text);
                    expanded.uses.iter().for_each(|used| checker.span(whole, used.span));
                }
            }
        }
    }
    match image::parse(&word) {
        Err(error) => checker.span(whole, error.span),
        Ok(image) => {
            checker.mapped(whole, &image.path);
            let parts = [&image.registry, &image.tag, &image.digest];
            parts.into_iter().flatten().for_each(|part| checker.mapped(whole, part));
            let familiar = image.familiar_name();
            let again = image::parse(&Mapped::verbatim(&familiar, 0)).expect("a familiar name is a name");
            assert_eq!(again.normalized_name(), image.normalized_name());
        }
    }
}

/// Pieces of a Dockerfile, and what breaks them.
const FRAGMENTS: &[&str] = &[
    "FROM a AS b\n",
    "FROM --platform=$X a:${V:-1}",
    "RUN ",
    "run --mount=type=cache,target=/x y",
    "COPY ",
    "ADD --checksum=x ",
    "ENV a=b c=\"d e\"",
    "ENV k rest of line",
    "LABEL ",
    "ARG a b=c",
    "EXPOSE 80/tcp ",
    "VOLUME [\"/a\"]",
    "SHELL [\"a\", \"b\"]",
    "HEALTHCHECK --interval=1s CMD ",
    "HEALTHCHECK NONE",
    "ONBUILD ",
    "STOPSIGNAL 9",
    "# escape=`\n",
    "# syntax=a b\n",
    "# check=skip=A;error=true // why\n",
    "#!x\n",
    "# comment\n",
    "#\n",
    "\\\n",
    "\\ \t\n",
    "`\n",
    "\\\r\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "\\",
    "`",
    "<<EOF",
    "<<-'E F'",
    "3<<\"EOF\"",
    "<< EOF",
    "EOF\n",
    "\tE F\n",
    "EOF",
    "[\"a\", \"\\u00e9\\n\"]",
    "[",
    "]",
    "\"",
    "'",
    "$",
    "${",
    "}",
    "${a:-",
    "${b//x/y}",
    "${c%%.*}",
    "--",
    "--x=",
    "--from=a ",
    " -- ",
    "=",
    ",",
    ":",
    "@",
    "é",
    "日",
    "\u{feff}",
    "\u{2003}",
    "\0",
    "x",
    "type=secret,id=",
    "\"\"",
    "''",
];

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(FRAGMENTS).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_sound_places(text: String) {
        check_text(&text);
    }

    #[test]
    fn broken_dockerfiles_have_sound_places(parts in prop::collection::vec(fragment(), 0..40)) {
        check_text(&parts.concat());
    }

    #[test]
    fn words_expand_soundly(parts in prop::collection::vec(fragment(), 0..8), backtick: bool) {
        check_word(&parts.concat(), if backtick { '`' } else { '\\' });
    }

    #[test]
    fn images_are_read_soundly(parts in prop::collection::vec(
        prop::sample::select(vec!["a", "b1", "A", ".", "_", ":", "/", "@", "[", "]", "-", "docker.io", "library"]), 0..8)
    ) {
        check_word(&parts.concat(), '\\');
    }
}
