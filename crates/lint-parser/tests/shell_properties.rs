//! What holds of every script, however broken.

use lint_parser::shell::ast::{
    AssignmentValue, Branch, Command, Compound, CompoundKind, List, Redirection, Script, SimpleCommand,
};
use lint_parser::shell::fragment::Fragment;
use lint_parser::shell::split::split;
use lint_parser::shell::word::{Part, PartKind, Word};
use lint_parser::shell::{self};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;
use proptest::prelude::*;

/// Pieces that make scripts which often parse, and break in interesting places when they do not.
const PIECES: [&str; 72] = [
    "apt-get",
    "update",
    "a",
    "b1",
    "é",
    "😀",
    "x=1",
    "y=$z",
    "A=(1 2)",
    " ",
    " ",
    " ",
    "  ",
    "\t",
    "\n",
    "\n",
    ";",
    "; ",
    "&&",
    " && ",
    "||",
    "|",
    " | ",
    "|&",
    "&",
    "!",
    "! ",
    "(",
    ")",
    "((",
    "))",
    "{ ",
    " }",
    "{a,b}",
    "{",
    "}",
    "$",
    "$x",
    "${",
    "${x}",
    "${x:-",
    "${x%",
    "$(",
    "`",
    "\\`",
    "'",
    "'q'",
    "\"",
    "\"d\"",
    "\\",
    "\\\n",
    "$'\\x41'",
    "$((",
    "[[ ",
    " ]]",
    "[a-z]",
    "*",
    "?",
    "~",
    "#",
    "<",
    "> f",
    "2>&1",
    "<<E\n",
    "\nE\n",
    "<<-'E'\n\t",
    "<<<",
    "<(",
    "if a; then b; fi",
    "case a in b) c;; esac",
    "f() { g; }",
    "for i in a; do b; done",
];

fn script() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,60}",
        1 => "[ -~\n\t]{0,80}",
    ]
}

/// A text as it stands in a Dockerfile: lines joined where the source has a backslash and a newline.
fn joined(source: &str) -> Mapped {
    let mut builder = MappedBuilder::default();
    let mut at = 0;
    for piece in source.split_inclusive("\\\n") {
        builder.push_verbatim(piece.strip_suffix("\\\n").unwrap_or(piece), at);
        at += piece.len();
    }
    builder.finish(Span::new(0, source.len()))
}

/// Visits every node with the span it must lie in.
struct Check<'a> {
    source: &'a str,
}

impl Check<'_> {
    fn inside(&self, outer: Span, text: &Fragment) -> Span {
        let span = text.span();
        assert!(outer.encloses(span), "{text:?} lies outside {outer:?}");
        assert!(self.source.get(span.range()).is_some(), "{text:?} is off a boundary");
        assert_eq!(text.mapped().text(), text.text());
        span
    }

    fn list(&self, outer: Span, list: &List) {
        for and_or in list {
            let outer = self.inside(outer, &and_or.text);
            assert!(!and_or.pipelines.is_empty());
            for (_, operator) in &and_or.operators {
                self.inside(outer, operator);
                assert!(matches!(operator.text(), "&&" | "||"));
            }
            for pipeline in &and_or.pipelines {
                let outer = self.inside(outer, &pipeline.text);
                assert!(!pipeline.commands.is_empty());
                for pipe in &pipeline.pipes {
                    self.inside(outer, pipe);
                }
                for command in &pipeline.commands {
                    self.command(outer, command);
                }
            }
        }
    }

    fn command(&self, outer: Span, command: &Command) {
        match command {
            Command::Simple(command) => self.simple(outer, command),
            Command::Compound(compound) => self.compound(outer, compound),
            Command::Function(function) => {
                let outer = self.inside(outer, &function.text);
                self.inside(outer, &function.name);
                self.compound(outer, &function.body);
            }
        }
    }

    fn simple(&self, outer: Span, command: &SimpleCommand) {
        let outer = self.inside(outer, &command.text);
        for assignment in &command.assignments {
            let outer = self.inside(outer, &assignment.text);
            self.inside(outer, &assignment.name);
            match &assignment.value {
                AssignmentValue::Word(word) => self.word(outer, word),
                AssignmentValue::Array(words) => self.words(outer, words),
            }
        }
        self.words(outer, &command.words);
        self.redirections(outer, &command.redirections);
    }

    fn redirections(&self, outer: Span, redirections: &[Redirection]) {
        for redirection in redirections {
            let outer = self.inside(outer, &redirection.text);
            self.word(outer, &redirection.target);
            if let Some(here) = redirection.here_document() {
                // The lines stand below the command, so outside of it.
                self.word(Span::new(0, self.source.len()), &here.body);
            }
        }
    }

    fn compound(&self, outer: Span, compound: &Compound) {
        let outer = self.inside(outer, &compound.text);
        let branch = |branch: &Branch| {
            self.list(outer, &branch.condition);
            self.list(outer, &branch.body);
        };
        match &compound.kind {
            CompoundKind::Subshell(list) | CompoundKind::Group(list) => self.list(outer, list),
            CompoundKind::If { branches, otherwise } => {
                branches.iter().for_each(branch);
                otherwise.iter().for_each(|list| self.list(outer, list));
            }
            CompoundKind::For { name, words, body } => {
                self.word(outer, name);
                self.words(outer, words.as_deref().unwrap_or_default());
                self.list(outer, body);
            }
            CompoundKind::ArithmeticFor { header, body } => {
                self.word(outer, header);
                self.list(outer, body);
            }
            CompoundKind::While(it) | CompoundKind::Until(it) => branch(it),
            CompoundKind::Case { subject, items } => {
                self.word(outer, subject);
                for item in items {
                    self.words(outer, &item.patterns);
                    self.list(outer, &item.body);
                }
            }
            CompoundKind::Test(words) => self.words(outer, words),
            CompoundKind::Arithmetic(word) => self.word(outer, word),
            _ => unreachable!("a compound command this test does not know"),
        }
        self.redirections(outer, &compound.redirections);
    }

    fn words(&self, outer: Span, words: &[Word]) {
        let mut last = outer.start();
        for word in words {
            assert!(word.span().start() >= last, "words are in order");
            last = word.span().end();
            assert!(!word.parts.is_empty());
            self.word(outer, word);
        }
    }

    fn word(&self, outer: Span, word: &Word) {
        let outer = self.inside(outer, &word.text);
        assert_eq!(
            word.literal().map(|literal| literal.text().to_owned()),
            word.literal_text().map(String::from)
        );
        if word.literal_text().is_some() {
            assert_eq!(word.pattern(), word.literal_text());
        }
        self.parts(outer, &word.parts);
    }

    fn parts(&self, outer: Span, parts: &[Part]) {
        let mut last = outer.start();
        for part in parts {
            let outer = self.inside(outer, &part.text);
            assert!(outer.start() >= last, "parts are in order");
            last = outer.end();
            match &part.kind {
                PartKind::CommandSubstitution(list) | PartKind::ProcessSubstitution(list) => {
                    self.list(outer, list)
                }
                PartKind::Arithmetic(parts) => self.parts(outer, parts),
                PartKind::Parameter(parameter) => {
                    self.inside(outer, &parameter.name);
                    parameter.operator.iter().for_each(|text| {
                        self.inside(outer, text);
                    });
                    parameter.word.iter().for_each(|word| self.word(outer, word));
                }
                _ => {}
            }
        }
    }
}

fn check(source: &str, text: &Mapped) -> Script {
    let parsed = shell::parse(text);
    let check = Check { source };
    let whole = check.inside(Span::new(0, source.len()), &parsed.tree.text);
    check.list(whole, &parsed.tree.commands);
    assert_eq!(parsed.tree.unparsed.is_some(), !parsed.errors.is_empty());
    for span in parsed.tree.comments.iter().chain(parsed.errors.iter().map(|error| &error.span)) {
        assert!(whole.encloses(*span) && source.get(span.range()).is_some());
    }
    for comment in &parsed.tree.comments {
        assert!(comment.slice(source).starts_with('#'));
    }
    for site in parsed.tree.simple_commands() {
        for invocation in site.command.invocations() {
            for inner in invocation.script().into_iter().flat_map(|script| script.simple_commands()) {
                assert!(whole.encloses(inner.command.text.span()));
            }
        }
    }
    parsed.tree
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nodes_lie_in_their_parents_and_read_as_their_source(source in script()) {
        let text = Mapped::verbatim(&source, 0);
        check(&source, &text);
    }

    #[test]
    fn joined_lines_keep_their_places(source in script()) {
        check(&source, &joined(&source));
    }

    /// What was read before a fault does not depend on what follows it.
    #[test]
    fn commands_before_a_fault_stay(source in script()) {
        let before = shell::parse(&Mapped::verbatim(&source, 0));
        if !before.errors.is_empty() || source.ends_with('\\') {
            return Ok(());
        }
        let broken = format!("{source}\n;; lost");
        let after = shell::parse(&Mapped::verbatim(&broken, 0));
        let names = |script: &Script| -> Vec<_> {
            script.simple_commands().iter().map(|site| site.command.text.span()).collect()
        };
        if after.errors.is_empty() {
            // A here-document that is not closed takes the rest as its text.
            return Ok(());
        }
        prop_assert_eq!(names(&before.tree), names(&after.tree));
    }

    /// A word in single quotes is that word.
    #[test]
    fn quoted_words_mean_themselves(words in prop::collection::vec("[^'\0]{0,12}", 1..6)) {
        let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let text = Mapped::verbatim(&line, 0);
        let parsed = shell::parse(&text);
        prop_assert!(parsed.errors.is_empty());
        let sites = parsed.tree.simple_commands();
        let read: Vec<_> = sites[0].command.words.iter().filter_map(Word::literal_text).map(String::from).collect();
        prop_assert_eq!(&read, &words);
        let split = split(&text).expect("quotes are closed");
        let read: Vec<_> = split.words.iter().map(|word| word.text().to_owned()).collect();
        prop_assert_eq!(&read, &words);
    }

    #[test]
    fn split_words_lie_in_the_text(source in script()) {
        if let Ok(split) = split(&Mapped::verbatim(&source, 3)) {
            let whole = Span::new(3, 3 + source.len());
            for span in split.words.iter().map(Mapped::span).chain(split.dropped) {
                prop_assert!(whole.encloses(span));
            }
        }
    }
}
