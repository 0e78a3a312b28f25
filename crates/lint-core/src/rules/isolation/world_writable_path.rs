use crate::model::paths::docker_files::docker_file;
use crate::model::runs::changes::changes;
use crate::model::runs::files::{is_removed, removed};
use crate::model::runs::{By, Program};
use crate::model::values::modes::{
    GROUP_OR_OTHERS_WRITE, ModeChange, OTHERS_WRITE, STICKY, decided, granted, mode_change,
};
use crate::rule::check::InstructionSubject;
use crate::rule::dockerfile_edits::narrowed;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};
use std::collections::HashSet;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "world-writable-path",
        docs: "Everybody in the container may write there.

## Why
Whoever gets to run code in the container, as whatever user, can change what others read or run from there: a
script, a configuration, a library that the next start takes up as root.

## Instead
Give the files to the user that needs them: `COPY --chown=app:app`, `chown`, or a group of its own with `chmod g+w`.
A directory for everybody's temporary files has the sticky bit: `1777`.

## Fix safety
Others than the owner and the group can then no longer write there.

## Limits
Looked at are `chmod`, `install -m`, `mkdir -m` in `RUN`, and `--chmod` of `COPY` and `ADD`, of the stages that become
the image; and `chmod`, `install` and `mkdir` in what a service runs. `chmod +w` grants nothing to others under the
usual umask. Devices and what a later command of the same `RUN` removes are not reported.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege],
        references: &[
            Reference::Cwe(732),
            Reference::Owasp("#8"),
            Reference::Tally("tally/world-writable-state-path-workaround"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check), Check::Instruction(copied)],
};

const HELP: &str = "give the files to the user that needs them: `--chown`, `chown`, or a group";

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let in_build = matches!(subject.owner, Owner::Instruction(_));
    let is_wanted = |program: &&Program| !in_build || program.by == By::Run;
    if !subject.owner.is_shipped() {
        return;
    }
    let variables = subject.owner.variables();
    let sets = |program: &&Program| {
        mode_change(program.invocation(), variables).is_some_and(|one| is_for_everybody(one.granted))
    };
    if !subject.programs.iter().filter(is_wanted).any(|program| sets(&program)) {
        return;
    }
    // What comes last holds, so the last is read first.
    let course = subject.course();
    let removed = removed(&course);
    let mut settled: HashSet<String> = HashSet::new();
    let mut found = Vec::new();
    for (at, step) in course.steps.iter().enumerate().rev().filter(|(_, step)| is_wanted(&step.program)) {
        let program = step.program;
        let Some((change, resolved)) = changes(&course, step) else { continue };
        let concerns = |(_, paths): &&(String, Vec<String>)| {
            let is_over = |path: &String| settled.contains(path) || is_removed(&removed, path, at);
            !paths.iter().all(is_over) && !paths.iter().any(|path| is_elsewhere(path))
        };
        let paths: Vec<_> = resolved.iter().filter(concerns).map(|(path, _)| path.clone()).collect();
        let concerned = !paths.is_empty() || change.paths.is_empty();
        if is_for_everybody(change.granted) && concerned {
            found.push((program, change.span, message(&change, &paths)));
        }
        // `mkdir -p -m 700 a` does not change a directory that is there, and `g-w` leaves what others may.
        let says = decided(&change.mode) & OTHERS_WRITE != 0 || change.granted & STICKY != 0;
        if change.program == "chmod" && says {
            settled.extend(resolved.into_iter().flat_map(|(_, paths)| paths));
        }
    }
    for (program, mode, message) in found.into_iter().rev() {
        let fix = match &subject.owner {
            Owner::Instruction(own) => narrowed(own, mode, GROUP_OR_OTHERS_WRITE),
            Owner::Service(_) => None,
        };
        subject.report(cx, program.file, program.name_span().cover(mode), message).help(HELP).maybe_fix(fix);
    }
}

/// `COPY --chmod=777`
fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if subject.copy().is_some()
        && subject.is_in_target_chain()
        && let Some(flag) = subject.operation().flag("chmod")
        && let Some(value) = &flag.value
        && let Some(mode) = subject.plan.expand(subject.index, value).text()
        && granted(mode).is_some_and(is_for_everybody)
        && !is_docker_file(subject)
    {
        subject
            .report(cx, flag.span, format!("mode `{mode}` lets everybody write to what is copied"))
            .help(HELP)
            .maybe_fix(narrowed(subject, value.span(), GROUP_OR_OTHERS_WRITE));
    }
}

fn message(change: &ModeChange, paths: &[String]) -> String {
    let what = match paths {
        [one] if one.len() <= 60 && !one.contains(['$', '{']) => format!("`{one}`"),
        [_] | [] => "this".to_owned(),
        _ => "these paths".to_owned(),
    };
    let below = if change.recursive { " and everything below" } else { "" };
    format!("mode `{}` lets everybody write to {what}{below}", change.mode)
}

fn is_for_everybody(granted: u32) -> bool {
    granted & OTHERS_WRITE != 0 && granted & STICKY == 0
}

/// Devices and the kernel's files, and what `writable-docker-host-file` is for.
fn is_elsewhere(path: &str) -> bool {
    path.starts_with("/dev/") || path.starts_with("/proc/") || docker_file(path).is_some()
}

fn is_docker_file(subject: &InstructionSubject<'_>) -> bool {
    let destination = subject.copy().and_then(|copy| copy.destination.as_ref());
    destination.is_some_and(|path| docker_file(&subject.plan.expand(subject.index, path).shown).is_some())
}
