use std::borrow::Cow;

use lint_parser::dockerfile::ast::{CommandLine, Instruction, InstructionKind};

use crate::model::build::stage::ImageCommand;
use crate::rule::check::{InstructionSubject, StageSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shell-form-command",
        docs: r#"`CMD` or `ENTRYPOINT` is in shell form.

## Why
The main process is then `/bin/sh -c`, which passes no signal on: `docker stop` waits ten seconds and
kills the program without its having a chance to finish. Some shells (BusyBox's in Alpine, Bash in Red Hat's
images) give their place to a single simple command; Debian's and Ubuntu's does not, and none does for several
commands. A shell form `ENTRYPOINT` also ignores `CMD` and the arguments of `docker run`.

## Instead
Write the command as a JSON array: `CMD ["node", "server.js"]`. If a shell is needed, say so with
`exec` as the last command of a script, or with a `SHELL` instruction.

## Fix safety
Offered for a program with plain words, which a shell hands over as they stand. `ENTRYPOINT` is left to a person where there is
a `CMD` besides, which would become part of it.

## Limits
A stage with a `SHELL` of its own is taken to want it, as in BuildKit. A `SHELL` that only the base
image sets cannot be seen. `HEALTHCHECK CMD` is left alone: nobody stops a health check gracefully.

## When to allow it
A command that ends by itself, or one whose last program is started with `exec`.
"#,
        severity: Severity::Low,
        references: &[
            Reference::Hadolint("DL3025"),
            Reference::BuildKit("JSONArgsRecommended"),
            Reference::Semgrep("prefer-json-notation"),
            Reference::Kics("Not Using JSON In CMD And ENTRYPOINT Arguments"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let StageSubject { plan, stage } = *subject;
    let inherited = stage.parent().and_then(|parent| plan.stages.get(parent));
    let triggers = stage.triggers.iter().filter_map(|&index| plan.instruction(index));
    let mut has_shell = inherited.is_some_and(|parent| parent.config.shell.is_some())
        || triggers.into_iter().any(|trigger| match &trigger.kind {
            InstructionKind::Onbuild(Some(trigger)) => sets_shell(trigger),
            _ => false,
        });
    for subject in subject.instructions() {
        let instruction = subject.instruction;
        has_shell |= sets_shell(instruction);
        let (InstructionKind::Cmd(CommandLine::Shell(_))
        | InstructionKind::Entrypoint(CommandLine::Shell(_))) = &instruction.kind
        else {
            continue;
        };
        if !has_shell && !passes_signals(&subject) {
            let keyword = instruction.keyword.value.to_uppercase();
            cx.report(
                subject.place(instruction.span),
                format!("`{keyword}` in shell form starts a shell, which may keep signals from the program"),
            )
            .help(format!("write the command as a JSON array: `{keyword} [\"program\", \"argument\"]`"))
            .maybe_fix(as_array(&subject));
        }
    }
}

/// The array of a command that needs no shell.
fn as_array(subject: &InstructionSubject<'_>) -> Option<Fix> {
    let script = subject.plan.script(subject.index).filter(|script| script.unparsed.is_none())?;
    let [site] = script.simple_commands() else { return None };
    let command = &site.command;
    let is_alone = command.text.span() == script.text.span() && !site.context.background;
    if !is_alone || !command.assignments.is_empty() || !command.redirections.is_empty() {
        return None;
    }
    let words: Option<Vec<String>> =
        command.words.iter().map(|word| word.literal_text().map(Cow::into_owned)).collect();
    let mut words = words?;
    // `exec program` is what a shell needs to do what an array does.
    if words.first().is_some_and(|first| first == "exec") {
        words.remove(0);
    }
    let first = words.first()?;
    let is_file = !BUILTINS.contains(&first.as_str()) && !first.starts_with('[');
    let is_plain =
        words.iter().all(|word| !word.contains(['"', '\\']) && !word.chars().any(char::is_control));
    let config = &subject.stage.config;
    let takes_cmd = matches!(subject.instruction.kind, InstructionKind::Entrypoint(_))
        && config.cmd.as_ref().is_some_and(|cmd| cmd.value != ImageCommand::Empty);
    let written = subject.instruction.arguments.span();
    if !is_file || !is_plain || takes_cmd || subject.plan.dockerfile.file.slice(written).contains('#') {
        return None;
    }
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let edit = subject.edits().replace(written, format!("[{}]", words.join(", ")));
    Fix::of("Write the command as a JSON array", Applicability::Safe, [edit])
}

/// Words of the shell that are no programs, or not the same ones.
const BUILTINS: [&str; 14] = [
    ".", ":", "cd", "eval", "exec", "exit", "export", "set", "source", "trap", "ulimit", "umask", "unset",
    "wait",
];

/// Whether the program gets its signals all the same: an init that sends them to the whole group starts the shell, or the
/// shell becomes the program (`exec`), which is what an array with a variable in it could not do.
fn passes_signals(subject: &InstructionSubject<'_>) -> bool {
    let text = subject.instruction.arguments.text();
    let becomes = text.starts_with("exec ") && text.contains('$') && !text.contains([';', '|', '&']);
    if becomes || becomes_the_last(subject) {
        return true;
    }
    if !matches!(subject.instruction.kind, InstructionKind::Cmd(_)) {
        return false;
    }
    let Some(entrypoint) = &subject.stage.config.entrypoint else { return false };
    let ImageCommand::Line { line, .. } = &entrypoint.value else { return false };
    let CommandLine::Exec { words, .. } = &**line else { return false };
    let mut words = words.iter().map(|word| word.text());
    let init = words.next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    // Its own options come before the program.
    let options: Vec<&str> = words.take_while(|word| word.starts_with('-') && *word != "--").collect();
    match init {
        "dumb-init" => !options.iter().any(|option| matches!(*option, "-c" | "--single-child")),
        "tini" | "tini-static" | "catatonit" | "docker-init" => {
            options.iter().any(|option| !option.starts_with("--") && option.contains('g'))
                || init.starts_with("tini")
                    && subject.stage.config.env.get("TINI_KILL_PROCESS_GROUP").is_some()
        }
        _ => false,
    }
}

/// Whether the shell prepares something and becomes the last of several programs: `./migrate && exec node server.js`.
fn becomes_the_last(subject: &InstructionSubject<'_>) -> bool {
    let Some(script) = subject.plan.script(subject.index).filter(|script| script.unparsed.is_none()) else {
        return false;
    };
    let sites = script.simple_commands();
    let Some(last) = sites.last() else { return false };
    let is_exec =
        last.command.words.first().is_some_and(|word| word.is("exec")) && last.command.words.len() > 1;
    let context = &last.context;
    let is_itself = context.piped_from.is_none() && context.piped_to.is_none() && !context.in_substitution;
    sites.len() > 1 && is_exec && is_itself && !context.background && context.function.is_none()
}

fn sets_shell(instruction: &Instruction) -> bool {
    matches!(&instruction.kind, InstructionKind::Shell(CommandLine::Exec { words, .. }) if !words.is_empty())
}
