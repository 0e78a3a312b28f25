//! Shell scripts in `fixtures/syntax/shell/<case>/input.sh` and the trees they become.
//!
//! One line per node: kind, byte span, and the source under the span, so that a span off by one is visible.

use std::fmt::Write as _;
use std::path::Path;

use lint_parser::shell;
use lint_parser::shell::ast::{
    AndOr, AssignmentValue, Branch, Command, Compound, CompoundKind, Redirection, Script, SimpleCommand,
};
use lint_parser::shell::fragment::Fragment;
use lint_parser::shell::walk::Site;
use lint_parser::shell::word::{Part, PartKind, Quoting, Word};
use lint_parser::shell::wrappers::User;
use lint_parser::syntax_error::Parsed;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

#[test]
fn fixtures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/syntax/shell");
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases in {}", cases.len(), folder.display());
    for case in cases {
        let source = std::fs::read_to_string(case.join("input.sh")).expect("every case has an input.sh");
        let parsed = shell::parse(&Mapped::verbatim(&source, 0));
        insta::with_settings!({
            snapshot_path => case,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("tree", dump(&source, &parsed));
        });
    }
}

fn dump(source: &str, parsed: &Parsed<Script>) -> String {
    let mut dump = Dump { source, out: String::new(), depth: 0 };
    dump.list(&parsed.tree.commands);
    for comment in &parsed.tree.comments {
        dump.line("comment", *comment);
    }
    if let Some(span) = parsed.tree.unparsed {
        dump.line("unparsed", span);
    }
    for error in &parsed.errors {
        dump.line(&format!("error: {}", error.message), error.span);
    }
    for site in parsed.tree.simple_commands() {
        dump.site(site);
    }
    dump.out
}

struct Dump<'a> {
    source: &'a str,
    out: String,
    depth: usize,
}

impl Dump<'_> {
    fn line(&mut self, kind: &str, span: Span) {
        let shown = format!("{:?}", span.slice(self.source));
        let cut = if shown.chars().count() > 72 {
            let head: String = shown.chars().take(70).collect();
            format!("{head}…")
        } else {
            shown
        };
        let _ = writeln!(self.out, "{:indent$}{kind} {span:?} {cut}", "", indent = self.depth * 2);
    }

    fn node(&mut self, kind: &str, text: &Fragment, children: impl FnOnce(&mut Self)) {
        self.line(kind, text.span());
        self.depth += 1;
        children(self);
        self.depth -= 1;
    }

    fn heading(&mut self, name: &str, children: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.out, "{:indent$}{name}", "", indent = self.depth * 2);
        self.depth += 1;
        children(self);
        self.depth -= 1;
    }

    /// A list of one pipeline of one command is shown as that command.
    fn list(&mut self, list: &[AndOr]) {
        for and_or in list {
            let background = if and_or.background { " &" } else { "" };
            match and_or.pipelines.as_slice() {
                [only] if !and_or.background && and_or.operators.is_empty() => self.pipeline(only),
                pipelines => self.node(&format!("and-or{background}"), &and_or.text, |dump| {
                    for (at, pipeline) in pipelines.iter().enumerate() {
                        dump.pipeline(pipeline);
                        if let Some((operator, text)) = and_or.operators.get(at) {
                            dump.line(&format!("{operator:?}"), text.span());
                        }
                    }
                }),
            }
        }
    }

    fn pipeline(&mut self, pipeline: &shell::ast::Pipeline) {
        match pipeline.commands.as_slice() {
            [only] if !pipeline.negated && pipeline.pipes.is_empty() => self.command(only),
            commands => {
                let kind = if pipeline.negated { "pipeline !" } else { "pipeline" };
                self.node(kind, &pipeline.text, |dump| {
                    for (at, command) in commands.iter().enumerate() {
                        dump.command(command);
                        if let Some(pipe) = pipeline.pipes.get(at) {
                            dump.line("pipe", pipe.span());
                        }
                    }
                });
            }
        }
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Simple(command) => self.simple(command),
            Command::Compound(compound) => self.compound(compound),
            Command::Function(function) => self.node("function", &function.text, |dump| {
                dump.line("name", function.name.span());
                dump.compound(&function.body);
            }),
        }
    }

    fn simple(&mut self, command: &SimpleCommand) {
        self.node("simple", &command.text, |dump| {
            for assignment in &command.assignments {
                let kind = if assignment.append { "append" } else { "assign" };
                dump.node(kind, &assignment.text, |dump| {
                    dump.line("name", assignment.name.span());
                    if let Some(subscript) = &assignment.subscript {
                        dump.line("subscript", subscript.span());
                    }
                    match &assignment.value {
                        AssignmentValue::Word(word) => dump.word("value", word),
                        AssignmentValue::Array(words) => dump.words("element", words),
                    }
                });
            }
            dump.words("word", &command.words);
            dump.redirections(&command.redirections);
        });
    }

    fn compound(&mut self, compound: &Compound) {
        let name = match &compound.kind {
            CompoundKind::Subshell(_) => "subshell",
            CompoundKind::Group(_) => "group",
            CompoundKind::If { .. } => "if",
            CompoundKind::For { .. } => "for",
            CompoundKind::ArithmeticFor { .. } => "for ((",
            CompoundKind::While(_) => "while",
            CompoundKind::Until(_) => "until",
            CompoundKind::Case { .. } => "case",
            CompoundKind::Test(_) => "[[",
            CompoundKind::Arithmetic(_) => "((",
            _ => "compound",
        };
        self.node(name, &compound.text, |dump| {
            match &compound.kind {
                CompoundKind::Subshell(list) | CompoundKind::Group(list) => dump.list(list),
                CompoundKind::If { branches, otherwise } => {
                    for branch in branches {
                        dump.branch(branch);
                    }
                    if let Some(list) = otherwise {
                        dump.heading("else", |dump| dump.list(list));
                    }
                }
                CompoundKind::For { name, words, body } => {
                    dump.word("name", name);
                    dump.words("in", words.as_deref().unwrap_or_default());
                    dump.heading("do", |dump| dump.list(body));
                }
                CompoundKind::ArithmeticFor { header, body } => {
                    dump.word("header", header);
                    dump.heading("do", |dump| dump.list(body));
                }
                CompoundKind::While(branch) | CompoundKind::Until(branch) => dump.branch(branch),
                CompoundKind::Case { subject, items } => {
                    dump.word("subject", subject);
                    for item in items {
                        dump.heading("item", |dump| {
                            dump.words("pattern", &item.patterns);
                            dump.list(&item.body);
                        });
                    }
                }
                CompoundKind::Test(words) => dump.words("word", words),
                CompoundKind::Arithmetic(word) => dump.word("expression", word),
                _ => {}
            }
            dump.redirections(&compound.redirections);
        });
    }

    fn branch(&mut self, branch: &Branch) {
        self.heading("condition", |dump| dump.list(&branch.condition));
        self.heading("then", |dump| dump.list(&branch.body));
    }

    fn redirections(&mut self, redirections: &[Redirection]) {
        for redirection in redirections {
            self.node(&format!("{:?}", redirection.operator), &redirection.text, |dump| {
                if let Some(descriptor) = &redirection.descriptor {
                    dump.line("descriptor", descriptor.span());
                }
                dump.word("target", &redirection.target);
                if let Some(here) = redirection.here_document() {
                    let quoted = if here.quoted { " quoted" } else { "" };
                    let open = if here.terminated { "" } else { " open" };
                    dump.word(&format!("body{quoted}{open}"), &here.body);
                }
            });
        }
    }

    fn words(&mut self, kind: &str, words: &[Word]) {
        for word in words {
            self.word(kind, word);
        }
    }

    /// A word that is one plain literal needs no line for its part.
    fn word(&mut self, kind: &str, word: &Word) {
        let plain = match word.parts.as_slice() {
            [] => true,
            [only] => only.kind == PartKind::Literal && only.text.span() == word.span(),
            _ => false,
        };
        if plain && word.parts.iter().all(|part| part.quoting == Quoting::None) {
            return self.line(kind, word.span());
        }
        self.node(kind, &word.text, |dump| dump.parts(&word.parts));
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            let kind = match &part.kind {
                PartKind::Literal => "literal".to_owned(),
                PartKind::Escape(c) => format!("escape {c:?}"),
                PartKind::Glob => "glob".to_owned(),
                PartKind::Tilde => "tilde".to_owned(),
                PartKind::Brace => "brace".to_owned(),
                PartKind::Parameter(_) => "parameter".to_owned(),
                PartKind::CommandSubstitution(_) => "substitution".to_owned(),
                PartKind::ProcessSubstitution(_) => "process".to_owned(),
                PartKind::Arithmetic(_) => "arithmetic".to_owned(),
                _ => "part".to_owned(),
            };
            let quoting = match part.quoting {
                Quoting::None => "",
                Quoting::Escaped => " escaped",
                Quoting::Single => " '",
                Quoting::Double => " \"",
                Quoting::AnsiC => " $'",
            };
            self.node(&format!("{kind}{quoting}"), &part.text, |dump| match &part.kind {
                PartKind::CommandSubstitution(list) | PartKind::ProcessSubstitution(list) => dump.list(list),
                PartKind::Arithmetic(parts) => dump.parts(parts),
                PartKind::Parameter(parameter) => {
                    let flags = match (parameter.length, parameter.indirect) {
                        (true, _) => "name length",
                        (_, true) => "name indirect",
                        _ => "name",
                    };
                    dump.line(flags, parameter.name.span());
                    if let Some(subscript) = &parameter.subscript {
                        dump.line("subscript", subscript.span());
                    }
                    if let Some(operator) = &parameter.operator {
                        dump.line("operator", operator.span());
                    }
                    if let Some(word) = &parameter.word {
                        dump.word("word", word);
                    }
                }
                _ => {}
            });
        }
    }

    fn site(&mut self, site: &Site) {
        let context = &site.context;
        let name = |command: &SimpleCommand| command.name().unwrap_or("?").to_owned();
        let ends = |command: &Command| {
            command
                .simple()
                .map_or_else(|| command.text().text().chars().take(1).collect(), |simple| name(simple))
        };
        let mut line = format!("command {}.{} {}", context.chain, context.link, name(&site.command));
        for arg in site.command.args() {
            let shown =
                arg.pattern().map_or_else(|| format!("⟨{}⟩", arg.text.text()), |text| format!("{text:?}"));
            let _ = write!(line, " {}", shown.trim_matches('"'));
        }
        if let Some(from) = &context.piped_from {
            let _ = write!(line, " [from {}]", ends(from));
        }
        if let Some(to) = &context.piped_to {
            let _ = write!(line, " [to {}]", ends(to));
        }
        if let Some(into) = &context.substituted_into {
            let _ = write!(line, " [into {}]", name(into));
        }
        if let Some(function) = &context.function {
            let _ = write!(line, " [function {}]", function.name.text());
        }
        let flags = [
            (context.after.is_some(), format!("after {:?}", context.after)),
            (context.negated, "negated".to_owned()),
            (context.background, "background".to_owned()),
            (context.in_condition, "condition".to_owned()),
            (context.conditional, "conditional".to_owned()),
            (context.in_subshell, "subshell".to_owned()),
        ];
        for (_, flag) in flags.iter().filter(|(set, _)| *set) {
            let _ = write!(line, " [{}]", flag.replace("Some(", "").replace(')', ""));
        }
        let _ = writeln!(self.out, "{line}");
        for invocation in site.command.invocations().iter().skip(1) {
            let words: Vec<_> = invocation.words.iter().map(|word| word.text.text()).collect();
            let user = invocation.user.as_ref().map(user_name).unwrap_or_default();
            let _ = writeln!(self.out, "  runs {}{user}", words.join(" "));
        }
        for invocation in site.command.invocations() {
            if let Some(user) = invocation.login_user() {
                let _ = writeln!(self.out, "  switches{}", user_name(&user));
            }
            for site in invocation.script().into_iter().flat_map(|script| script.simple_commands()) {
                self.line("  reads", site.command.text.span());
            }
        }
    }
}

fn user_name(user: &User) -> String {
    match user {
        User::Named(name) => format!(" as {:?}", name.text()),
        User::Dynamic(word) => format!(" as ⟨{}⟩", word.text.text()),
        User::Root => " as root".to_owned(),
    }
}
