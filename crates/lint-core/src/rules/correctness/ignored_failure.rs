use lint_parser::shell::ast::{AndOr, AndOrOperator, Command, CompoundKind, List, Script};
use lint_parser::text::span::Span;

use crate::model::runs::commands::run_of;
use crate::rule::check::{InstructionSubject, StageSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ignored-failure",
        docs: r#"A command of a `RUN` can fail without stopping the build.

## Why
A `RUN` is a script like any other: where commands stand on lines of their own or behind `;`, only the last
one's status counts. In

```dockerfile
RUN <<EOF
apt-get update
apt-get install -y curl
rm -rf /var/lib/apt/lists/*
EOF
```

the installation may fail, and the layer is built without it and cached.

## Instead
Begin a heredoc with `set -e`, and join commands with `&&`. `SHELL ["/bin/sh", "-ec"]` sets it for all `RUN`s.

## Fix safety
What is built is the same, unless a command fails: then the build stops.

## Limits
Commands whose failure means nothing (`echo`, `rm -f`, `export`) are left out. One finding for each `RUN`, at
the first command.

## When to allow it
Where the failure is meant to be ignored, which `|| true` says to everybody; it is not reported, and neither is a
script that ends in `exit 0`.
"#,
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let parent = subject.stage.parent().and_then(|parent| subject.plan.stages.get(parent));
    let mut stops = parent
        .and_then(|parent| parent.config.shell.as_ref())
        .is_some_and(|shell| shell.value.iter().any(|word| stops_on_failure(word)));
    for instruction in subject.instructions() {
        use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};
        if let InstructionKind::Shell(CommandLine::Exec { words, .. }) = &instruction.instruction.kind {
            stops = words.iter().any(|word| stops_on_failure(word.text()));
        }
        let Some(run) = run_of(instruction.instruction).filter(|_| !stops) else { continue };
        let Some(script) = subject.plan.script(instruction.index) else { continue };
        let shebang = script.text.text().lines().next().filter(|line| line.starts_with("#!"));
        if script.unparsed.is_some()
            || shebang.is_some_and(|line| line.split_whitespace().any(stops_on_failure))
        {
            continue;
        }
        let Some((span, name)) = unchecked(script) else { continue };
        let fix = stop(&instruction, script, run.script);
        let draft = cx.report(instruction.place(span), format!("the build goes on when `{name}` fails"));
        let mut draft = draft.maybe_fix(fix);
        if !run.script {
            draft = draft.at_most(Severity::Low);
        }
        draft.help(if run.script {
            "begin the script with `set -e`"
        } else {
            "join the commands with `&&`, or begin with `set -e`"
        });
    }
}

/// `&&` in the place of each `;` where all commands are plain, and `set -e` otherwise: it lets a condition be false.
fn stop(subject: &InstructionSubject<'_>, script: &Script, is_heredoc: bool) -> Option<Fix> {
    let edits = subject.edits();
    let is_plain = script.commands.iter().rev().skip(1).all(|list| {
        list.pipelines.iter().all(|pipeline| match pipeline.commands.last() {
            Some(Command::Simple(command)) if !pipeline.negated => {
                command.name().is_some_and(|name| may_fail(name, command) || is_harmless(name))
            }
            _ => false,
        })
    });
    if is_plain
        && !is_heredoc
        && let Some(joined) = edits.join_with_and(subject.index)
    {
        return Some(Fix::new("Join the commands with `&&`", Applicability::Safe, joined));
    }
    let edit = edits.prepend_command(subject.index, "set -e");
    Fix::of("Begin with `set -e`", Applicability::Safe, [edit])
}

/// Commands that hardly fail, so that what follows them may as well wait.
fn is_harmless(name: &str) -> bool {
    matches!(
        name,
        "echo" | "printf" | "export" | "true" | ":" | "umask" | "date" | "ls" | "pwd" | "set" | "rm"
    )
}

/// `-e`, `-ec`, `-euxo`; not `--norc`, nor a program's name.
fn stops_on_failure(word: &str) -> bool {
    word == "errexit" || (word.starts_with('-') && !word.starts_with("--") && word.contains('e'))
}

/// The first command that may fail unnoticed: it ends neither the script nor a list that does.
fn unchecked(script: &Script) -> Option<(Span, &str)> {
    let (last, before) = script.commands.split_last()?;
    // `make test; exit 0`: meant to be ignored.
    if is_success(last) {
        return None;
    }
    for list in before {
        if sets_errexit(list) {
            return None;
        }
        if list.background {
            continue;
        }
        // `a || b`: somebody has thought of the failure.
        if list.operators.iter().any(|(operator, _)| *operator == AndOrOperator::Or) {
            continue;
        }
        if let Some(found) = list.pipelines.iter().find_map(|pipeline| match pipeline.commands.last()? {
            Command::Simple(command) if !pipeline.negated => {
                let name = command.name()?;
                may_fail(name, command).then(|| (command.text.span(), name))
            }
            _ => None,
        }) {
            return Some(found);
        }
    }
    None
}

/// `true`, `:` or `exit 0`.
fn is_success(list: &AndOr) -> bool {
    let [pipeline] = list.pipelines.as_slice() else { return false };
    let [Command::Simple(command)] = pipeline.commands.as_slice() else { return false };
    match command.name() {
        Some("true" | ":") => true,
        Some("exit") => command.args().first().is_some_and(|status| status.is("0")),
        _ => false,
    }
}

/// `set -e`, or a group that begins with it.
fn sets_errexit(list: &AndOr) -> bool {
    list.pipelines.iter().any(|pipeline| match pipeline.commands.as_slice() {
        [Command::Simple(command)] => {
            command.name().is_some_and(|name| name == "set")
                && command
                    .args()
                    .iter()
                    .any(|arg| arg.literal_text().is_none_or(|text| stops_on_failure(&text)))
        }
        [Command::Compound(compound)] => match &compound.kind {
            CompoundKind::Group(inner) => first_sets(inner),
            _ => false,
        },
        _ => false,
    })
}

fn first_sets(list: &List) -> bool {
    list.first().is_some_and(|first| {
        first.pipelines.iter().any(|pipeline| match pipeline.commands.as_slice() {
            [Command::Simple(command)] => {
                command.name().is_some_and(|name| name == "set")
                    && command
                        .args()
                        .iter()
                        .any(|arg| arg.literal_text().is_some_and(|text| stops_on_failure(&text)))
            }
            _ => false,
        })
    })
}

/// Whether a failure is possible and would mean something.
fn may_fail(name: &str, command: &lint_parser::shell::ast::SimpleCommand) -> bool {
    let forced = || {
        command.args().iter().any(|arg| {
            let text = arg.static_prefix();
            text == "--force" || (text.starts_with('-') && !text.starts_with("--") && text.contains('f'))
        })
    };
    match name {
        "echo" | "printf" | "set" | "export" | "unset" | "true" | ":" | "[" | "test" | "sleep" | "alias"
        | "shopt" | "umask" | "date" | "ls" | "pwd" | "env" | "ps" | "id" | "kill" | "wait" | "trap"
        | "exit" | "ulimit" | "return" | "shift" | "local" | "whoami" | "which" | "type" | "uname"
        | "read" | "eval" | "pkill" | "killall" | "false" | "grep" | "egrep" | "fgrep" | "find" | "df"
        | "du" | "history" => false,
        "rm" | "rmdir" | "unlink" => !forced() && name == "rm",
        _ => true,
    }
}
