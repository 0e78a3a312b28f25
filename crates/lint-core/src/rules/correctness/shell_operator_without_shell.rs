use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::Origin;
use lint_parser::shell::split::split;

use crate::model::runs::hooks;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shell-operator-without-shell",
        docs: r#"A command has `&&`, a pipe or a redirection, and no shell reads it.

## Why
Compose starts the program of a `command` by itself. From a command that is one text it drops everything
behind the first `&&`, `|`, `;` or `>` without a word, and in a list these are arguments like any other:
`["node", "check.js", "||", "exit", "1"]` hands `||` to the program.

## Instead
Have a shell read it: `command: sh -c "node migrate.js && node server.js"`, and in a health check
`test: ["CMD-SHELL", "node check.js || exit 1"]`.

## Limits
In a list only words that are an operator and nothing else are reported, and not those of programs that take them for their own:
`find`, `expr`, `test`.
"#,
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
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
        report(subject, cx, operator(&command.value), command.via);
    }
    let commands = hooks(subject.spec()).filter_map(|hook| hook.command.as_deref());
    for command in commands {
        report(subject, cx, operator(&command.value), command.via);
    }
    // A health check that is one text is read by a shell.
    if let Some(health) = spec.healthcheck.as_deref()
        && let Some(test) = health.value.test.as_deref()
        && let Command::Words(words) = &test.value
        && words.first().is_some_and(|kind| kind.as_str() == "CMD")
    {
        report(subject, cx, in_words(words.get(1..).unwrap_or_default()), test.via);
    }
}

fn report(
    subject: &ServiceSubject<'_>,
    cx: &mut Context<'_>,
    found: Option<(Origin, &'static str)>,
    via: Option<Origin>,
) {
    if let Some((origin, message)) = found {
        subject
            .report_part(cx, origin, via, message)
            .help("have a shell read it: `sh -c \"…\"`, or `CMD-SHELL` in a health check");
    }
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

fn in_words(words: &[Text]) -> Option<(Origin, &'static str)> {
    let program = words.first()?.as_str();
    let program = program.rsplit('/').next().unwrap_or(program);
    let has_shell = words.iter().any(|word| {
        let name = word.as_str().rsplit('/').next().unwrap_or_default();
        matches!(name, "sh" | "ash" | "bash" | "dash" | "ksh" | "zsh") || OWN_OPERATORS.contains(&name)
    });
    if has_shell || OWN_OPERATORS.contains(&program) {
        return None;
    }
    let operator = words.iter().skip(1).find(|word| OPERATORS.contains(&word.as_str()))?;
    Some((operator.origin, "no shell reads this command: to the program this is an argument like any other"))
}
