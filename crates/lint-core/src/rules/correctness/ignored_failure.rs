use lint_parser::shell::ast::{AndOr, AndOrOperator, Command, Script};
use lint_parser::shell::walk::Fate;

use crate::model::build::shell_scripts::start::reader;
use crate::model::runs::Program;
use crate::model::runs::commands::run_of;
use crate::rule::prelude::*;
use crate::rule::subject::{InstructionSubject, StageSubject};

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

`set -e` does not look at a command that `&&` follows. In

```dockerfile
RUN set -e; \
    curl -fsSLo kit.tgz https://example.com/kit.tgz && \
    echo "$SHA256  kit.tgz" | sha256sum -c && \
    mkdir /opt/kit; \
    tar xzf kit.tgz -C /opt/kit
```

the archive is unpacked although its hash is wrong: the list as a whole has failed, and nobody asks.

## Instead
Begin a heredoc with `set -e`, or join all commands with `&&`; not both in one script. `SHELL ["/bin/sh", "-ec"]` sets it for all `RUN`s.

## Fix safety
What is built is the same, unless a command fails: then the build stops.

## Limits
Commands whose failure means nothing (`echo`, `rm -f`, `export`) are left out, and so are those that ask something
(`test`, `grep`, `command -v`). One finding for each `RUN`, at the first command.

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
    for instruction in subject.instructions() {
        let (Some(run), Some(programs)) = (run_of(instruction.instruction), instruction.run()) else {
            continue;
        };
        let script = subject.plan.script(instruction.index);
        if script.is_some_and(|script| script.unparsed.is_some()) {
            continue;
        }
        let reader = reader(subject.plan, subject.stage, instruction.index);
        // `make test; exit 0`: meant to be ignored.
        let is_meant = script.and_then(|script| script.commands.last()).is_some_and(is_success);
        let lost = |program: &&Program| {
            let errexit = reader.errexit_at(program);
            is_lost(program, errexit) && (errexit || !is_meant)
        };
        let Some(program) = programs.iter().find(lost) else { continue };
        let name = program.command().name().unwrap_or_default();
        let place = instruction.place(program.command().text.span());
        if reader.errexit_at(program) {
            let message = format!(
                "the build goes on when `{name}` fails: `set -e` looks at the last of an `&&` list alone"
            );
            cx.report(place, message).help("part the commands with `;`, each of which `set -e` looks at");
            continue;
        }
        let fix = script.and_then(|script| stop(&instruction, script, run.script));
        let mut draft = cx.report(place, format!("the build goes on when `{name}` fails")).maybe_fix(fix);
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

/// Whether the script goes on when a command fails, and nobody has thought of it.
fn is_lost(program: &Program, errexit: bool) -> bool {
    let context = &program.context;
    let is_lost = match context.fate {
        Fate::GoesOn => true,
        Fate::FailsWithErrexit => !errexit,
        Fate::Fails | Fate::IsAsked => false,
    };
    // Without `set -e` what stands in others, and in scripts that other shells are given, is not told: there half of the
    // world relies on it.
    let is_own = context.within.is_none() && program.shell.depth == 0;
    let is_told = errexit || (is_own && program.options.errexit.is_none());
    is_lost
        && is_told
        && program.in_script
        && program.is_outermost()
        && !program.at_exit
        && context.piped_to.is_none()
        && context.function.is_none()
        // `a || b; c`: somebody has thought of the failure.
        && context.after != Some(AndOrOperator::Or)
        && program.command().name().is_some_and(|name| may_fail(name, program.command()))
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
        | "du" | "history" | "command" | "hash" | "getent" | "cmp" | "diff" | "dpkg-query" | "mountpoint"
        | "basename" | "dirname" | "pgrep" | "stat" => false,
        "rm" | "rmdir" | "unlink" => !forced() && name == "rm",
        _ => true,
    }
}
