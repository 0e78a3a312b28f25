use lint_parser::shell::ast::AndOrOperator;
use lint_parser::shell::walk::Site;

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

## Fix safety
What comes later begins in that directory as well, and so does the container.

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
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// `WORKDIR` on a line before, and the `RUN` without its `cd`.
fn edits(subject: &InstructionSubject<'_>, target: &str, cd: &Site) -> [Option<Edit>; 2] {
    let edits = subject.edits();
    let is_plain = target.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-+".contains(&b));
    let added = edits.insert_line_before(subject.instruction, &format!("WORKDIR {target}"));
    let removed = edits.remove_command(subject.index, cd.command.text.span());
    [added.filter(|_| is_plain), removed]
}

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
        .help(format!("put `WORKDIR {target}` before this instruction"))
        .maybe_fix(Fix::of(
            format!("Set `WORKDIR {target}`"),
            Applicability::Unsafe,
            edits(subject, &target, first),
        ));
}
