use lint_parser::shell::ast::AndOrOperator;

use crate::model::runs::commands::run_of;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "cd-instead-of-workdir",
        docs: "A `RUN` begins with `cd`.

## Why
`WORKDIR` says where things happen, once, for all instructions that follow, creates the directory, and
shows in the image's configuration. A reader of `RUN cd /src && make` has to look at each line to know.

## Instead
`WORKDIR /src` before the `RUN`, and another one after it if later instructions belong elsewhere.

## Limits
Only a `cd` to a fixed absolute path as the first command. One in the middle of a script usually goes to
a directory that the script has just made, and there `cd` is right. A `RUN` that is nothing but `cd` does
not work at all, and is reported by `lost-shell-state`.

## When to allow it
Temporary directories.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        references: &[
            Reference::Hadolint("DL3003"),
            Reference::Trivy("DS-0013"),
            Reference::Semgrep("use-workdir"),
            Reference::Kics("RUN Instruction Using 'cd' Instead of WORKDIR"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(script) = subject.plan.script(subject.index) else { return };
    if run_of(subject.instruction).is_none() {
        return;
    }
    let sites = script.simple_commands();
    // `set -eux;` is a preamble.
    let mut commands = sites.iter().skip_while(|site| site.command.name() == Some("set"));
    let Some(first) = commands.next() else { return };
    if commands.next().is_none()
        || first.context.in_subshell
        || first.context.before == Some(AndOrOperator::Or)
    {
        return;
    }
    if first.command.name() != Some("cd") {
        return;
    }
    let [target] = first.command.args() else { return };
    let Some(target) = target.literal_text() else { return };
    if !target.starts_with('/') || target.starts_with("/tmp") || target.starts_with("/var/tmp") {
        return;
    }
    cx.report(subject.place(first.command.text.span()), format!("`cd {target}` where `WORKDIR` would do"))
        .help(format!("put `WORKDIR {target}` before this instruction"));
}
