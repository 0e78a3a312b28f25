use lint_parser::dockerfile::ast::{CommandLine, Instruction, InstructionKind};

use crate::rule::check::StageSubject;
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

## Limits
A stage with a `SHELL` of its own is taken to want it, as in BuildKit. A `SHELL` that only the base
image sets cannot be seen. `HEALTHCHECK CMD` is left alone: nobody stops a health check gracefully.

## When to allow it
A command that ends by itself, or one that begins with `exec`.
"#,
        severity: Severity::Low,
        references: &[
            Reference::Hadolint("DL3025"),
            Reference::BuildKit("JSONArgsRecommended"),
            Reference::Semgrep("prefer-json-notation"),
            Reference::Kics("Not Using JSON In CMD And ENTRYPOINT Arguments"),
        ],
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
        if !has_shell {
            let keyword = instruction.keyword.value.to_uppercase();
            cx.report(
                subject.place(instruction.span),
                format!("`{keyword}` in shell form starts a shell, which may keep signals from the program"),
            )
            .help(format!("write the command as a JSON array: `{keyword} [\"program\", \"argument\"]`"));
        }
    }
}

fn sets_shell(instruction: &Instruction) -> bool {
    matches!(&instruction.kind, InstructionKind::Shell(CommandLine::Exec { words, .. }) if !words.is_empty())
}
