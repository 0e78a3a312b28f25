//! Every `fixtures/syntax/dockerfile/<case>/Dockerfile` against the dump beside it. A case whose name begins
//! with `bad-` must have errors, any other none.
//!
//! A dump has one node a line: what it is, its bytes, the source under them, and after `=>` what a program
//! sees where that is something else.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lint_parser::dockerfile;
use lint_parser::dockerfile::ast::{CommandLine, Copy, Healthcheck, Instruction, InstructionKind, Pair};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

#[test]
fn dumps_are_as_reviewed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/syntax/dockerfile");
    let mut cases: Vec<_> = fs::read_dir(&root)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a case").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let mut misnamed = Vec::new();
    for case in cases {
        let name = case.file_name().and_then(|name| name.to_str()).expect("an ASCII name").to_owned();
        let text = fs::read_to_string(case.join("Dockerfile")).expect("a Dockerfile in UTF-8");
        let (dump, errors) = dump(&text);
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("Dockerfile", dump));
        if (errors > 0) != name.starts_with("bad-") {
            misnamed.push(format!("{name} has {errors} errors"));
        }
    }
    assert!(misnamed.is_empty(), "{misnamed:#?}");
}

struct Dump<'a> {
    text: &'a str,
    out: String,
}

fn dump(text: &str) -> (String, usize) {
    let parsed = dockerfile::parse(text);
    let tree = &parsed.tree;
    let mut dump = Dump { text, out: String::new() };
    writeln!(dump.out, "escape {:?}", tree.escape).unwrap();
    for directive in &tree.directives {
        dump.node(0, "directive", directive.span);
        dump.value(1, "name", directive.name.span, &directive.name.value);
        dump.value(1, "value", directive.value.span, &directive.value.value);
    }
    for comment in &tree.comments {
        let place = if comment.inside { "inside" } else { "above" };
        dump.node(0, &format!("comment {place} {}", comment.instruction), comment.span);
        dump.value(1, "text", comment.text.span, &comment.text.value);
    }
    for instruction in &tree.instructions {
        dump.instruction(0, instruction);
    }
    for error in &parsed.errors {
        let help = error.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        let name = format!("{:?} error", error.kind);
        dump.node(0, &name, error.span);
        writeln!(dump.out, "  {}{help}", error.message).unwrap();
    }
    (dump.out, parsed.errors.len())
}

impl Dump<'_> {
    fn node(&mut self, depth: usize, name: &str, span: Span) {
        writeln!(self.out, "{:1$}{name} {span:?} {2:?}", "", depth * 2, span.slice(self.text)).unwrap();
    }

    fn value(&mut self, depth: usize, name: &str, span: Span, value: &str) {
        self.node(depth, name, span);
        if value != span.slice(self.text) {
            self.out.pop();
            writeln!(self.out, " => {value:?}").unwrap();
        }
    }

    fn mapped(&mut self, depth: usize, name: &str, text: &Mapped) {
        self.value(depth, name, text.span(), text.text());
    }

    fn instruction(&mut self, depth: usize, instruction: &Instruction) {
        let kind = format!("{:?}", instruction.kind);
        let kind = kind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        self.node(depth, kind, instruction.span);
        self.value(depth + 1, "keyword", instruction.keyword.span, &instruction.keyword.value);
        for flag in &instruction.flags {
            self.node(depth + 1, "flag", flag.span);
            self.mapped(depth + 2, "name", &flag.name);
            if let Some(value) = &flag.value {
                self.mapped(depth + 2, "value", value);
            }
        }
        self.mapped(depth + 1, "arguments", &instruction.arguments);
        self.kind(depth + 1, &instruction.kind);
        for heredoc in &instruction.heredocs {
            let name = format!(
                "heredoc fd={:?} strip_tabs={} expand={}",
                heredoc.fd, heredoc.strip_tabs, heredoc.expand
            );
            self.node(depth + 1, &name, heredoc.operator);
            self.value(depth + 2, "name", heredoc.name.span, &heredoc.name.value);
            self.mapped(depth + 2, "content", &heredoc.content);
            if let Some(terminator) = heredoc.terminator {
                self.node(depth + 2, "terminator", terminator);
            }
        }
        for &blank in &instruction.blank_lines {
            self.node(depth + 1, "blank line", blank);
        }
    }

    fn kind(&mut self, depth: usize, kind: &InstructionKind) {
        match kind {
            InstructionKind::From(from) => {
                self.mapped(depth, "image", &from.image);
                if let Some(name) = &from.name {
                    self.mapped(depth, "name", name);
                }
            }
            InstructionKind::Run(run) => {
                self.command(depth, &run.command);
                if run.script {
                    writeln!(self.out, "{:1$}script", "", depth * 2).unwrap();
                }
                for mount in &run.mounts {
                    self.node(depth, "mount", mount.span);
                    for option in &mount.options {
                        self.mapped(depth + 1, "key", &option.key);
                        if let Some(value) = &option.value {
                            self.mapped(depth + 2, "value", value);
                        }
                    }
                }
            }
            InstructionKind::Cmd(command)
            | InstructionKind::Entrypoint(command)
            | InstructionKind::Shell(command)
            | InstructionKind::Healthcheck(Healthcheck::Cmd(command)) => self.command(depth, command),
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) => self.copy(depth, copy),
            InstructionKind::Env(pairs) | InstructionKind::Label(pairs) | InstructionKind::Arg(pairs) => {
                pairs.iter().for_each(|pair| self.pair(depth, pair));
            }
            InstructionKind::Expose(words) | InstructionKind::Volume(words) => {
                words.iter().for_each(|word| self.mapped(depth, "word", word));
            }
            InstructionKind::Onbuild(Some(trigger)) => self.instruction(depth, trigger),
            InstructionKind::Healthcheck(Healthcheck::None { span }) => self.node(depth, "none", *span),
            // The arguments say it all.
            _ => {}
        }
    }

    fn command(&mut self, depth: usize, command: &CommandLine) {
        match command {
            CommandLine::Exec { span, words } => {
                self.node(depth, "exec", *span);
                words.iter().for_each(|word| self.mapped(depth + 1, "word", word));
            }
            CommandLine::Shell(text) => self.mapped(depth, "shell", text),
        }
    }

    fn copy(&mut self, depth: usize, copy: &Copy) {
        if copy.json {
            writeln!(self.out, "{:1$}json", "", depth * 2).unwrap();
        }
        copy.sources.iter().for_each(|source| self.mapped(depth, "source", source));
        if let Some(destination) = &copy.destination {
            self.mapped(depth, "destination", destination);
        }
    }

    fn pair(&mut self, depth: usize, pair: &Pair) {
        self.node(depth, if pair.legacy { "legacy pair" } else { "pair" }, pair.span);
        self.mapped(depth + 1, "key", &pair.key);
        if let Some(value) = &pair.value {
            self.mapped(depth + 1, "value", value);
        }
    }
}
