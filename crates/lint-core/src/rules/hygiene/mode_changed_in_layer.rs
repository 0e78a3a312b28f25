use crate::files::{file_name, join};
use crate::model::build::BuildPlan;
use crate::model::runs::changes::changes;
use crate::model::runs::{By, Program};
use crate::model::values::modes::ModeChange;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};
use lint_parser::dockerfile::ast::{Copy, Instruction, InstructionKind};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "mode-changed-in-layer",
        docs: "A file is copied, and a `RUN` changes its mode.

## Why
A layer holds whole files. The image has this one twice, as it was copied and with its new mode, and the build has a step more.

## Instead
`COPY --chmod=755 entrypoint.sh /`, which BuildKit has; the legacy builder has not.

## Fix safety
Of `chmod +x` is not known what the file allows besides: it becomes `755`.

## Limits
Reported is a file that is copied under a name with an ending, and that one `chmod` of a later `RUN` of the stage names alone, by its path.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        references: &[Reference::Tally("tally/prefer-copy-chmod")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let Owner::Instruction(own) = subject.owner else { return };
    let is_chmod = |program: &Program| {
        program.by == By::Run && program.name() == Some("chmod") && program.is_all_of_command()
    };
    if !subject.programs.iter().any(is_chmod) {
        return;
    }
    let course = subject.course();
    for step in course.steps.iter().filter(|step| is_chmod(step.program)) {
        let Some((change, paths)) = changes(&course, step) else { continue };
        let [(_, resolved)] = paths.as_slice() else { continue };
        let ([path], Some(mode)) = (resolved.as_slice(), copied_mode(&change)) else { continue };
        let Some(copied) = copy_of(own.plan, own.index, path) else { continue };
        let Some(instruction) = own.plan.instruction(copied) else { continue };
        let edits = own.edits();
        let fix = Fix::of(
            format!("Copy it with `--chmod={mode}`"),
            Applicability::Unsafe,
            [
                edits.insert(instruction.keyword.span.end(), format!(" --chmod={mode}")),
                edits.remove_command(own.index, step.program.span()),
            ],
        );
        own.report(
            cx,
            step.program.span(),
            format!("`{}` is in the image twice, for the sake of its mode", file_name(path)),
        )
        .label(own.place(instruction.span), "copied here")
        .help(format!("write `{} --chmod={mode}`", instruction.keyword.value))
        .maybe_fix(fix);
    }
}

/// The mode that `--chmod` would be given: the one that is set, or that of a program.
fn copied_mode(change: &ModeChange) -> Option<&str> {
    let is_octal = change.mode.len() >= 3 && change.mode.bytes().all(|byte| byte.is_ascii_digit());
    match change.mode.as_str() {
        _ if change.recursive => None,
        mode if is_octal => Some(mode),
        "+x" | "a+x" | "ugo+x" | "u+x" | "+rx" | "a+rx" => Some("755"),
        _ => None,
    }
}

/// The `COPY` or `ADD` of the same stage that puts this one file there, and leaves its mode as it is.
fn copy_of(plan: &BuildPlan, run: usize, path: &str) -> Option<usize> {
    if !file_name(path).get(1..)?.contains('.') {
        return None;
    }
    let stage = plan.stage_of(run)?;
    let writes = |&index: &usize| {
        let Some(copy) = plan.instruction(index).and_then(copy) else {
            return false;
        };
        let directory = plan.directories.get(index).and_then(Option::as_deref);
        let written = plan.written_paths(index, copy);
        let is_it = |written: &String| {
            written.starts_with('/') && written == path
                || directory.is_some_and(|directory| join(directory, written) == path)
        };
        copy.sources.len() == 1 && written.iter().any(is_it)
    };
    let index = stage.instructions.clone().filter(|&index| index < run).rev().find(writes)?;
    let instruction = plan.instruction(index)?;
    let [source] = copy(instruction)?.sources.as_slice() else { return None };
    // A folder has an ending too, but seldom the file's own.
    let is_same = file_name(source.text()).rsplit_once('.').is_some_and(|(_, ending)| path.ends_with(ending));
    (is_same && instruction.flag("chmod").is_none()).then_some(index)
}

fn copy(instruction: &Instruction) -> Option<&Copy> {
    match &instruction.kind {
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => Some(copy),
        _ => None,
    }
}
