use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};
use lint_parser::shell::ast::{AndOrOperator, Command, Script, SimpleCommand};
use lint_parser::shell::walk::Site;

use crate::model::build::shell_scripts::start::reader;
use crate::model::build::stage::Stage;
use crate::model::build::system_shell::{self, SystemShell};
use crate::model::runs::commands::run_of;
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
reader stops early (`head`, `grep -q`), so that `pipefail` would break a pipe that works, in conditions
and before `||`. Below its severity where nothing on the left comes from the network. A shell that is told `pipefail` and refuses
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
    let mut pipefail = inherits_pipefail(subject);
    let mut offers_shell = false;
    for instruction in subject.instructions() {
        if let InstructionKind::Shell(CommandLine::Exec { words, .. }) = &instruction.instruction.kind {
            let asked = words.iter().find(|word| word.text() == "pipefail");
            pipefail = words.iter().any(|word| word.text().contains("pipefail"));
            if let Some(word) = asked.filter(|_| refuses(subject, instruction.index + 1)) {
                cx.report(
                    instruction.place(word.span()),
                    "the `sh` of this image refuses `pipefail`: each `RUN` ends with status 2",
                )
                .help("name a shell that has it: `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]`");
            }
        }
        if pipefail || run_of(instruction.instruction).is_none() {
            continue;
        }
        let Some(script) = subject.plan.script(instruction.index) else { continue };
        if instruction.instruction.heredocs.len() == 1
            && reader(subject.plan, subject.stage, instruction.index).pipefail
        {
            continue;
        }
        let sets = script.simple_commands().iter().find(|site| sets_pipefail(&site.command));
        if let Some(site) = sets.filter(|site| is_certain(site) && refuses(subject, instruction.index)) {
            let place = instruction.place(site.command.text.span());
            cx.report(place, "the `sh` of this image refuses `pipefail`: the `RUN` ends here with status 2")
                .help("use a shell that has it: `SHELL [\"/bin/bash\", \"-c\"]`");
            continue;
        }
        if let Some((site, remote)) = hidden_failure(script) {
            let name = site.command.name().unwrap_or_default();
            let place = instruction.place(site.command.text.span());
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
fn is_certain(site: &Site) -> bool {
    let context = &site.context;
    !(context.in_condition || context.conditional || context.in_subshell)
        && context.function.is_none()
        && context.before != Some(AndOrOperator::Or)
}

/// Whether the shell that reads an instruction is known to lack the option: the dash of Debian up to 13 does.
fn refuses(subject: &StageSubject<'_>, index: usize) -> bool {
    reader(subject.plan, subject.stage, index).features.pipefail == Some(false)
}

fn inherits_pipefail(subject: &StageSubject<'_>) -> bool {
    let parent: Option<&Stage> = subject.stage.parent().and_then(|parent| subject.plan.stages.get(parent));
    parent
        .and_then(|parent| parent.config.shell.as_ref())
        .is_some_and(|shell| shell.value.iter().any(|word| word.contains("pipefail")))
}

/// The first command whose failure a pipe hides, and whether it fetches something; one that does is preferred.
fn hidden_failure(script: &Script) -> Option<(&Site, bool)> {
    let mut found: Option<(&Site, bool)> = None;
    for site in script.simple_commands() {
        if sets_pipefail(&site.command) {
            break;
        }
        let context = &site.context;
        let ignored = context.in_condition
            || context.negated
            || context.background
            || context.before == Some(AndOrOperator::Or)
            // `$(a | b)` as an argument loses its status whatever the shell is told.
            || context.substituted_into.as_ref().is_some_and(|outer| !outer.words.is_empty());
        let Some(reader) = context.piped_to.as_ref().filter(|_| !ignored) else { continue };
        if stops_early(reader) || !can_fail(&site.command) {
            continue;
        }
        let remote = fetches(&site.command);
        if found.is_none() || (remote && found.is_some_and(|(_, before)| !before)) {
            found = Some((site, remote));
        }
    }
    found
}

fn sets_pipefail(command: &SimpleCommand) -> bool {
    command.name() == Some("set") && command.args().iter().any(|arg| arg.is("pipefail"))
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
