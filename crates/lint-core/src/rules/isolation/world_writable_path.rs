use crate::model::command_lines::for_each_invocation;
use crate::model::docker_files::docker_file;
use crate::model::modes::{ModeChange, OTHERS_WRITE, STICKY, granted, mode_change};
use crate::model::programs::for_each_program;
use crate::model::shell_words::evaluate;
use crate::model::variables::Variables;
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;
use lint_parser::compose::value::Origin;
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
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check), Check::Service(in_service)],
};

const HELP: &str = "give the files to the user that needs them: `--chown`, `chown`, or a group";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_in_target_chain() {
        return;
    }
    if let Some(commands) = subject.run() {
        let mut removed: HashSet<String> = HashSet::new();
        let mut found = Vec::new();
        for_each_program(commands, &mut |program| {
            let name = program.name();
            if matches!(name.as_deref(), Some("rm" | "rmdir" | "unlink")) {
                removed.extend(program.args().iter().filter_map(|word| evaluate(word, subject.variables())));
            }
            let Some(change) = mode_change(program.invocation, subject.variables()) else { return };
            if !is_for_everybody(change.granted) {
                // What comes last holds.
                if change.program == "chmod" {
                    removed.extend(change.paths);
                }
                return;
            }
            // `mkdir -p -m 777 a` does not change a directory that is there, and `removed` may come later.
            found.push((change, program.invocation.words.first().map(|word| word.span())));
        });
        for (change, program) in found {
            let concerns = |path: &String| !removed.contains(path) && !is_elsewhere(path);
            let paths: Vec<_> = change.paths.iter().filter(|path| concerns(path)).collect();
            if paths.is_empty() && !change.paths.is_empty() {
                continue;
            }
            let span = program.map_or(change.span, |program| program.cover(change.span));
            subject.report(cx, span, message(&change, &paths)).help(HELP);
        }
    } else if subject.copy().is_some()
        && let Some(flag) = subject.operation().flag("chmod")
        && let Some(value) = &flag.value
        && let Some(mode) = subject.plan.expand(subject.index, value).text()
        && granted(mode).is_some_and(is_for_everybody)
        && !is_docker_file(subject)
    {
        subject
            .report(cx, flag.span, format!("mode `{mode}` lets everybody write to what is copied"))
            .help(HELP);
    }
}

fn message(change: &ModeChange, paths: &[&String]) -> String {
    let what = match paths {
        [one] if one.len() <= 60 && !one.contains(['$', '{']) => format!("`{one}`"),
        [_] | [] => "this".to_owned(),
        _ => "these paths".to_owned(),
    };
    let below = if change.recursive { " and everything below" } else { "" };
    format!("mode `{}` lets everybody write to {what}{below}", change.mode)
}

/// What a service runs: `chmod` of a path that nothing sets right later.
fn in_service(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let variables = Variables::of_container();
    let mut found: Vec<(Origin, ModeChange)> = Vec::new();
    for_each_invocation(subject.service, &mut |source, invocation| {
        let Some(change) = mode_change(invocation, &variables) else { return };
        // What comes last holds.
        found.retain(|(_, before)| !before.paths.iter().all(|path| change.paths.contains(path)));
        if is_for_everybody(change.granted) {
            let first = invocation.words.first().map(|word| word.span());
            let span = first.map_or(change.span, |first| first.cover(change.span));
            found.push((Origin { source, span }, change));
        }
    });
    for (origin, change) in found {
        let paths: Vec<_> = change.paths.iter().filter(|path| !is_elsewhere(path)).collect();
        if !paths.is_empty() {
            subject.report_at(cx, origin, message(&change, &paths)).help(HELP);
        }
    }
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
