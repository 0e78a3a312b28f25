use std::collections::HashSet;

use lint_parser::text::span::Span;

use crate::files::normalise;
use crate::model::runs::course::{Course, Step};
use crate::model::values::modes::{
    GROUP_OR_OTHERS_WRITE, OTHERS_WRITE, granted, mode_change, shares_with_group,
};
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "writable-account-file",
        docs: "Others than root may change who root is.

## Why
A line in `/etc/passwd` makes an account, and with user number 0 it makes another root. Whoever gets into a program that may
write the file adds one and becomes it with `su`. Where a container runs with any user number in group 0, as on OpenShift, every
program in it may write what group 0 may: images that gave it `/etc/passwd` for that were given CVE numbers.

## Instead
Leave the file to root (`0644`). A program that asks for the name of its user needs no entry of the image's: the runtime of
today's OpenShift adds one, and `nss_wrapper` gives one without touching the file.

## Limits
Looked at are `/etc/passwd`, `/etc/group`, `/etc/shadow`, `/etc/gshadow` and `/etc/sudoers`, in `chmod`, `install -m` and `--chmod`.
What a later command sets back is not reported.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::Tampering],
        references: &[
            Reference::cis("4.8"),
            Reference::Cwe(732),
            Reference::Owasp("#2"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

/// What lists accounts, and what they may do.
const FILES: [&str; 6] =
    ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/sudoers.d"];

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    // What comes last holds, so the last is read first.
    let mut settled: HashSet<String> = HashSet::new();
    let mut found: Vec<(Span, String, String)> = Vec::new();
    for instruction in subject.instructions().collect::<Vec<_>>().into_iter().rev() {
        let text = subject.plan.dockerfile.file.slice(instruction.instruction.span);
        if !text.contains("chmod") && !text.contains("install") {
            continue;
        }
        if let Some(copy) = instruction.copy() {
            let Some(flag) = instruction.operation().flag("chmod") else { continue };
            let mode = flag.value.as_ref().map(|value| subject.plan.expand(instruction.index, value).shown);
            let mode = mode.as_deref().unwrap_or_default().to_owned();
            for path in subject.plan.written_paths(instruction.index, copy) {
                if settled.insert(path.clone()) && is_account_file(&path) && is_shared(&mode) {
                    found.push((flag.span, path, mode.clone()));
                }
            }
        } else if instruction.run().is_some() {
            let course = subject.plan.course(instruction.index);
            for step in course.steps.iter().rev() {
                of_step(&course, step, &mut settled, &mut found);
            }
        }
    }
    for (span, path, mode) in found.into_iter().rev() {
        let message = format!("mode `{mode}` lets others than root write `{path}`, and so become root");
        cx.report(subject.place(span), message)
            .help("leave it at `0644`: no program needs to add itself")
            .supersedes("world-writable-path");
    }
}

fn of_step(
    course: &Course<'_>,
    step: &Step<'_>,
    settled: &mut HashSet<String>,
    found: &mut Vec<(Span, String, String)>,
) {
    let program = step.program;
    let Some(change) = mode_change(program.invocation(), course.variables()) else { return };
    let mut first = None;
    for arg in program.args() {
        for path in course.paths(step, arg) {
            // What is open to everybody below a directory `world-writable-path` tells.
            let is_open = change.granted & OTHERS_WRITE != 0;
            let below = change.recursive && !is_open && (path == "/etc" || path == "/");
            let files = FILES.iter().filter(|file| **file == path || (below && **file == "/etc/passwd"));
            for file in files {
                if settled.insert((*file).to_owned()) && is_shared(&change.mode) && first.is_none() {
                    first = Some((*file).to_owned());
                }
            }
        }
    }
    if let Some(file) = first {
        found.push((program.name_span().cover(change.span), file, change.mode));
    }
}

fn is_account_file(path: &str) -> bool {
    FILES.contains(&normalise(path).as_str())
}

fn is_shared(mode: &str) -> bool {
    granted(mode).is_some_and(|bits| bits & GROUP_OR_OTHERS_WRITE != 0) || shares_with_group(mode)
}
