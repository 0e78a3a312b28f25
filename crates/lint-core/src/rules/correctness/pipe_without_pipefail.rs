use std::sync::Arc;

use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};
use lint_parser::shell::ast::{AndOrOperator, Command, SimpleCommand};

use crate::model::build::shell_scripts::start::{Reader, reader};
use crate::model::build::system_shell::{self, SystemShell};
use crate::model::runs::Program;
use crate::rule::check::{InstructionSubject, StageSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "pipe-without-pipefail",
        docs: r#"A pipe hides the failure of all commands but the last.

## Why
The status of `curl … | gpg --dearmor > key` is that of `gpg`. When the download fails, the layer is built
all the same, from half a file or none, and is cached.

## Instead
`SHELL ["/bin/bash", "-o", "pipefail", "-c"]` before the `RUN`, or `set -o pipefail` in it (`bash`, and the
`sh` of Alpine; the `sh` of Debian only from version 14 on). Or no pipe: `curl -fo file … && tar -xf file`.

## Fix safety
Where the shell is known to have the option it is set: what is built is the same, unless a command fails. Otherwise bash becomes
the shell of what follows, which is unsafe.

## Limits
Silent where the left side cannot fail or its failure means nothing (`echo`, `printf`, `yes`), where the
reader stops early (`head`, `grep -q`), so that `pipefail` would break a pipe that works, where the last command fails
itself when nothing comes (`grep`, `sha256sum -c`), in conditions and before `||`. Below its severity where nothing on the left comes from the network. A shell that is told `pipefail` and refuses
it, as the `sh` of Debian 13 and Ubuntu 24.04 do, is reported once.
"#,
        severity: Severity::Medium,
        profile: Profile::Strict,
        references: &[
            Reference::Hadolint("DL4006"),
            Reference::Semgrep("set-pipefail"),
            Reference::Kics("Shell Running A Pipe Without Pipefail Flag"),
        ],
        fixable: Fixable::Sometimes(SAFE_OR_UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let mut offers_shell = false;
    for instruction in subject.instructions() {
        if let InstructionKind::Shell(CommandLine::Exec { words, .. }) = &instruction.instruction.kind {
            let asked = words.iter().find(|word| word.text() == "pipefail");
            if let Some(word) = asked.filter(|_| refuses(subject, instruction.index + 1)) {
                cx.report(
                    instruction.place(word.span()),
                    "the `sh` of this image refuses `pipefail`: each `RUN` ends with status 2",
                )
                .help("name a shell that has it: `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`");
            }
        }
        let Some(programs) = instruction.run() else { continue };
        let reader = reader(subject.plan, subject.stage, instruction.index);
        let sets = programs.iter().find(|program| sets_pipefail(program));
        if let Some(program) =
            sets.filter(|program| is_certain(program) && reader.features.pipefail == Some(false))
        {
            let place = instruction.place(program.command().text.span());
            cx.report(place, "the `sh` of this image refuses `pipefail`: the `RUN` ends here with status 2")
                .help("use a shell that has it: `SHELL [\"/bin/bash\", \"-c\"]`");
            continue;
        }
        if let Some((program, remote)) = hidden_failure(programs, &reader) {
            let name = program.command().name().unwrap_or_default();
            let place = instruction.place(program.command().text.span());
            let mut draft = cx.report(place, format!("the pipe hides it when `{name}` fails"));
            if !remote {
                draft = draft.at_most(Severity::Low);
            }
            draft = draft.maybe_fix(set_pipefail(subject, &instruction, !offers_shell));
            offers_shell = true;
            draft.help("set `pipefail`: `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`, or `set -o pipefail` first");
        }
    }
}

/// `set -o pipefail` where the shell has it; `SHELL` where there is a bash.
fn set_pipefail(
    subject: &StageSubject<'_>,
    instruction: &InstructionSubject<'_>,
    is_first: bool,
) -> Option<Fix> {
    let StageSubject { plan, stage } = *subject;
    let edits = instruction.edits();
    if reader(plan, stage, instruction.index).features.pipefail == Some(true) {
        let edit = edits.prepend_command(instruction.index, "set -o pipefail");
        return Fix::of("Begin with `set -o pipefail`", Applicability::Safe, [edit]);
    }
    // Debian and Ubuntu, whose `sh` is dash, have a bash as well. One `SHELL` is enough for the stage.
    let has_bash = system_shell::of_base(&plan.root_of(stage).base) == SystemShell::Dash;
    let is_plain = is_first && stage.config.shell.is_none() && instruction.instruction.heredocs.is_empty();
    let shell = "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]";
    let edit = edits.insert_line_before(instruction.instruction, shell).filter(|_| has_bash && is_plain);
    Fix::of("Set a `SHELL` with `pipefail`", Applicability::Unsafe, [edit])
}

/// Whether the command runs, and its failure ends the script: `(set -o pipefail) 2>/dev/null && …` tries whether there is one.
fn is_certain(program: &Program) -> bool {
    let context = &program.context;
    !(context.in_condition || context.conditional || context.in_subshell)
        && context.function.is_none()
        && context.before != Some(AndOrOperator::Or)
}

/// Whether the shell that reads an instruction is known to lack the option: the dash of Debian up to 13 does.
fn refuses(subject: &StageSubject<'_>, index: usize) -> bool {
    reader(subject.plan, subject.stage, index).features.pipefail == Some(false)
}

/// The first command whose failure a pipe hides, and whether it fetches something; one that does is preferred.
fn hidden_failure<'p>(programs: &'p [Program], reader: &Reader) -> Option<(&'p Program, bool)> {
    let mut found: Option<(&Program, bool)> = None;
    // A script that another shell is given (`bash -c "a | b"`) is not told of: `SHELL` does nothing for it.
    let is_own = |program: &&Program| program.in_script && program.is_outermost() && program.shell.depth == 0;
    for (at, program) in programs.iter().enumerate().filter(|(_, program)| is_own(program)) {
        if reader.pipefail_at(program) {
            continue;
        }
        let context = &program.context;
        let ignored = context.in_condition
            || context.negated
            || context.background
            || context.before == Some(AndOrOperator::Or)
            // `$(a | b)` as an argument loses its status whatever the shell is told.
            || context.substituted_into.as_ref().is_some_and(|outer| !outer.words.is_empty());
        let Some(next) = context.piped_to.as_ref().filter(|_| !ignored) else { continue };
        if stops_early(next)
            || !can_fail(program.command())
            || is_decided(programs.get(at..).unwrap_or_default(), next)
        {
            continue;
        }
        let remote = fetches(program.command());
        if found.is_none() || (remote && found.is_some_and(|(_, before)| !before)) {
            found = Some((program, remote));
        }
    }
    found
}

fn sets_pipefail(program: &Program) -> bool {
    program.name() == Some("set") && program.args().iter().any(|arg| arg.is("pipefail"))
}

/// Whether the pipe ends in a command that fails itself when nothing comes, behind filters at most:
/// `iptables --version | grep legacy`.
fn is_decided(programs: &[Program], next: &Command) -> bool {
    const MOST_FILTERS: usize = 8;
    const MOST_BETWEEN: usize = 200;
    let mut next = next.simple();
    for _ in 0..MOST_FILTERS {
        let Some(reader) = next else { return false };
        // It stands right behind, but for what is substituted into the commands of the pipe.
        let itself =
            programs.iter().take(MOST_BETWEEN).find(|program| Arc::ptr_eq(program.command(), reader));
        match itself.map(|program| program.context.piped_to.as_ref()) {
            Some(None) => return asks(reader),
            Some(Some(behind)) if !can_fail(reader) => next = behind.simple(),
            _ => return false,
        }
    }
    false
}

/// Whether a command says by its status whether it has found something in what it reads.
fn asks(reader: &SimpleCommand) -> bool {
    let has = |letter: char, name: &str| {
        reader.args().iter().any(|arg| {
            let text = arg.static_prefix();
            text == name || (text.starts_with('-') && !text.starts_with("--") && text.contains(letter))
        })
    };
    match reader.name() {
        Some("grep" | "egrep" | "fgrep" | "zgrep" | "rg" | "ag") => true,
        Some("jq") => has('e', "--exit-status"),
        Some("sha1sum" | "sha256sum" | "sha384sum" | "sha512sum" | "md5sum" | "b2sum" | "shasum") => {
            has('c', "--check")
        }
        _ => false,
    }
}

/// Readers that close the pipe before the end: the writer then dies of SIGPIPE, which is no fault.
fn stops_early(reader: &Command) -> bool {
    let Some(reader) = reader.simple() else { return false };
    let has = |letters: &str| {
        reader.args().iter().any(|arg| {
            let prefix = arg.static_prefix();
            prefix.starts_with('-') && !prefix.starts_with("--") && prefix.contains(|c| letters.contains(c))
        })
    };
    match reader.name() {
        Some("head") => true,
        Some("grep" | "egrep" | "fgrep") => has("qm") || reader.args().iter().any(|arg| arg.is("--quiet")),
        Some("awk" | "gawk" | "mawk") => reader.args().iter().any(|arg| arg.text.text().contains("exit")),
        Some("sed") => reader.args().iter().any(|arg| arg.text.text().trim_matches('\'').ends_with('q')),
        _ => false,
    }
}

/// Whether a failure is possible and would mean something. Filters that only pass on what they read fail when
/// the disk is full, and `grep` fails when it finds nothing, which is often what is hoped for.
fn can_fail(command: &SimpleCommand) -> bool {
    let Some(name) = command.name() else { return !command.words.is_empty() };
    !matches!(
        name,
        "awk"
            | "cat"
            | "cut"
            | "date"
            | "dirname"
            | "echo"
            | "egrep"
            | "env"
            | "fgrep"
            | "find"
            | "grep"
            | "head"
            | "id"
            | "ls"
            | "nproc"
            | "printf"
            | "ps"
            | "dmesg"
            | "lsof"
            | "which"
            | "pwd"
            | "sed"
            | "seq"
            | "set"
            | "sort"
            | "tail"
            | "tee"
            | "test"
            | "tr"
            | "true"
            | "uname"
            | "uniq"
            | "wc"
            | "xargs"
            | "yes"
            | ":"
            | "["
            | "scanelf"
            | "ldd"
            | "ldconfig"
            | "basename"
            | "rev"
            | "tac"
    )
}

fn fetches(command: &SimpleCommand) -> bool {
    command
        .invocations()
        .iter()
        .any(|invocation| matches!(invocation.name(), Some("curl" | "wget" | "fetch" | "git" | "aria2c")))
}
