use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};
use lint_parser::text::span::Span;

use crate::model::build::scratch::lacks_shell;
use crate::model::build::stage::{ImageCommand, ImageHealthcheck};
use crate::rule::check::{InstructionSubject, StageSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shell-form-without-shell",
        docs: r#"A command needs a shell that the image does not have.

## Why
`RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD` in shell form run `/bin/sh -c`. An image that is built on
`scratch` has what is copied into it and nothing else: `RUN` stops the build, the container does not start,
the health check never succeeds.

## Instead
Write the command as an array, `["/app", "serve"]`, and do what needs a shell in a stage that has one.

## Limits
Only stages on `scratch` are looked at, and none that copies anything to `/`, `/bin` or a relative path, has
another `SHELL`, or runs a program in exec form, which may have brought a shell.
"#,
        severity: Severity::High,
        references: &[Reference::Tally("tally/shell-run-in-scratch")],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    // The first of them stops the build.
    let run = subject.instructions().find(|instruction| is_shell_run(instruction));
    if let Some(run) = run
        && lacks_shell(subject.plan, subject.stage, run.index)
    {
        report(subject, cx, run.instruction.span, "there is no `/bin/sh` to run this");
        return;
    }
    if !subject.plan.is_image(subject.stage.index) || !lacks_shell(subject.plan, subject.stage, usize::MAX) {
        return;
    }
    let config = &subject.stage.config;
    let is_shell = |command: &ImageCommand| match command {
        ImageCommand::Line { line, .. } => matches!(**line, CommandLine::Shell(_)),
        ImageCommand::Empty => false,
    };
    let entrypoint = config.entrypoint.as_ref().filter(|set| set.value != ImageCommand::Empty);
    // Behind an entrypoint the command is a list of arguments.
    let started = entrypoint.or(config.cmd.as_ref());
    if let Some(command) = started.filter(|command| is_shell(&command.value)) {
        report(
            subject,
            cx,
            command.origin.span,
            "there is no `/bin/sh` to run this, so the container does not start",
        );
    }
    if let Some(check) = &config.healthcheck
        && matches!(&check.value, ImageHealthcheck::Check(line) if matches!(**line, CommandLine::Shell(_)))
    {
        report(
            subject,
            cx,
            check.origin.span,
            "there is no `/bin/sh` to run this, so the check always fails",
        );
    }
}

fn report(subject: &StageSubject<'_>, cx: &mut Context<'_>, span: Span, message: &str) {
    let root = subject.plan.root_of(subject.stage);
    cx.report(subject.place(span), message)
        .supersedes("shell-form-command")
        .label(subject.place(root.base_span), "the image it begins with")
        .help("write the command as an array, and do what needs a shell in an earlier stage");
}

fn is_shell_run(subject: &InstructionSubject<'_>) -> bool {
    match &subject.instruction.kind {
        // What is mounted may bring a shell.
        InstructionKind::Run(run) => {
            run.mounts.is_empty() && (run.script || matches!(run.command, CommandLine::Shell(_)))
        }
        _ => false,
    }
}
