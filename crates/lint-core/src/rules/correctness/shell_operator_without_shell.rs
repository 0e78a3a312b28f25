use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, InstructionKind};
use lint_parser::shell::split::split;
use lint_parser::text::mapped::Mapped;

use crate::model::build::stage::ImageCommand;
use crate::model::runs::hooks;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shell-operator-without-shell",
        docs: r#"A command has `&&`, a pipe or a redirection, and no shell reads it.

## Why
Compose starts the program of a `command` by itself. From a command that is one text it drops everything
behind the first `&&`, `|`, `;` or `>` without a word, and in a list these are arguments like any other:
`["node", "check.js", "||", "exit", "1"]` hands `||` to the program. Arrays in a Dockerfile are no different.

## Instead
Have a shell read it: `command: sh -c "node migrate.js && node server.js"`, and in a health check
`test: ["CMD-SHELL", "node check.js || exit 1"]`.

## Fix safety
The fix has `sh` read a command that is one text. It is unsafe: what comes behind the operator runs as well. In a list, and where a variable is part of it, there is none.

## Limits
In a list only words that are an operator and nothing else are reported, and not those of programs that take them for their own:
`find`, `expr`, `test`.
"#,
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(array)],
};

/// Words that mean something to a shell alone.
const OPERATORS: [&str; 10] = ["&&", "||", "|", ">", ">>", "<", "2>&1", "2>", "&>", ";"];

/// Programs to which such words are arguments.
const OWN_OPERATORS: [&str; 5] = ["[", "expr", "find", "jq", "test"];

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    if spec.provider.is_some() {
        return;
    }
    for command in [spec.command.as_deref(), spec.entrypoint.as_deref()].into_iter().flatten() {
        let fix = through_shell(subject, &command.value);
        report(subject, cx, operator(&command.value), command.via, fix);
    }
    let commands = hooks(subject.spec()).filter_map(|hook| hook.command.as_deref());
    for command in commands {
        report(subject, cx, operator(&command.value), command.via, None);
    }
    // A health check that is one text is read by a shell.
    if let Some(health) = spec.healthcheck.as_deref()
        && let Some(test) = health.value.test.as_deref()
        && let Command::Words(words) = &test.value
        && words.first().is_some_and(|kind| kind.as_str() == "CMD")
    {
        report(subject, cx, in_words(words.get(1..).unwrap_or_default()), test.via, None);
    }
}

fn report(
    subject: &ServiceSubject<'_>,
    cx: &mut Context<'_>,
    found: Option<(Origin, &'static str)>,
    via: Option<Origin>,
    fix: Option<Fix>,
) {
    if let Some((origin, message)) = found {
        subject
            .report_part(cx, origin, via, message)
            .maybe_fix(fix)
            .help("have a shell read it: `sh -c \"…\"`, or `CMD-SHELL` in a health check");
    }
}

fn through_shell(subject: &ServiceSubject<'_>, command: &Command) -> Option<Fix> {
    let Command::Line(line) = command else { return None };
    let words = Yaml::texts(["sh", "-c", line.as_str()]);
    Some(subject.editor().replace_value(line.origin, &words)?.unsafely("Have `sh` read it"))
}

fn operator(command: &Command) -> Option<(Origin, &'static str)> {
    match command {
        Command::Null => None,
        Command::Line(line) => {
            let dropped = split(&line.mapped).ok()?.dropped?;
            // A variable may hold anything.
            (!line.is_unknown()).then_some((
                Origin { source: line.origin.source, span: dropped },
                "no shell reads this command: Compose drops what begins here",
            ))
        }
        Command::Words(words) => in_words(words),
    }
}

/// `CMD ["app", "&&", "other"]`, and the same of a health check, an entrypoint and a `RUN`.
fn array(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let line = match &subject.instruction.kind {
        InstructionKind::Cmd(line) | InstructionKind::Entrypoint(line) => line,
        InstructionKind::Healthcheck(Healthcheck::Cmd(line)) => line,
        InstructionKind::Run(run) => &run.command,
        _ => return,
    };
    let CommandLine::Exec { words, .. } = line else { return };
    // What `ENTRYPOINT ["sh", "-c"]` gets, a shell reads.
    let is_read = matches!(subject.instruction.kind, InstructionKind::Cmd(_))
        && subject.stage.config.entrypoint.as_ref().is_some_and(|entrypoint| match &entrypoint.value {
            ImageCommand::Line { line, .. } => match &**line {
                CommandLine::Exec { words, .. } => words.iter().any(|word| reads_operators(word.text())),
                CommandLine::Shell(_) => true,
            },
            _ => false,
        });
    let texts: Vec<&str> = words.iter().map(Mapped::text).collect();
    let Some(word) = operator_among(&texts).filter(|_| !is_read).and_then(|at| words.get(at)) else { return };
    subject
        .report(cx, word.span(), ARGUMENT)
        .help("have a shell read it: write the command as a line, or as `[\"sh\", \"-c\", \"…\"]`");
}

const ARGUMENT: &str = "no shell reads this command: to the program this is an argument like any other";

/// Whether a program takes operators for its own, or is a shell.
fn reads_operators(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    matches!(name, "sh" | "ash" | "bash" | "dash" | "ksh" | "zsh") || OWN_OPERATORS.contains(&name)
}

/// Which of the words of a command is an operator of a shell that is not there.
fn operator_among(words: &[&str]) -> Option<usize> {
    if words.iter().any(|word| reads_operators(word)) {
        return None;
    }
    words.iter().skip(1).position(|word| OPERATORS.contains(word)).map(|at| at + 1)
}

fn in_words(words: &[Text]) -> Option<(Origin, &'static str)> {
    let texts: Vec<&str> = words.iter().map(Text::as_str).collect();
    Some((words.get(operator_among(&texts)?)?.origin, ARGUMENT))
}
