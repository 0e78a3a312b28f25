use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::model::runs::Course;
use crate::model::runs::course::Step;
use crate::model::runs::files::{holds, removed, written};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "write-to-build-mount",
        docs: "A build writes where the builder has mounted something of its own.

## Why
BuildKit mounts an `/etc/hosts` and an `/etc/resolv.conf` of its own into every `RUN`, read-only: writing to them ends the
build, or does nothing where the failure is ignored. `/dev/shm` is memory that is gone when the `RUN` ends. Docker mounts its own at
all three when a container starts, so what `COPY` puts there is never seen either.

## Instead
Names for the build: `docker build --add-host name:10.0.0.4`, `build.extra_hosts` in Compose. For the container:
`extra_hosts`, and `dns` for the name servers. A memory file system: `shm_size`, `tmpfs`.

## Limits
What is written below `/dev/shm` and used in the same `RUN` is not reported, nor what is written in another root (`chroot`).
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// Files that are mounted read-only.
const READ_ONLY: [&str; 2] = ["/etc/hosts", "/etc/resolv.conf"];
const MEMORY: &str = "/dev/shm";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let text = subject.plan.dockerfile.file.slice(subject.instruction.span);
    if !["hosts", "resolv.conf", "dev/shm"].iter().any(|name| text.contains(name)) {
        return;
    }
    if let Some(copy) = subject.copy() {
        let paths = subject.plan.written_paths(subject.index, copy);
        let hidden = |path: &&String| READ_ONLY.contains(&path.as_str()) || holds(MEMORY, path);
        if let Some(path) = paths.iter().find(hidden) {
            let span = copy.destination.as_ref().map_or(subject.instruction.span, |word| word.span());
            let message = format!("nobody sees this: a container has an `{}` of its own", mount_of(path));
            subject.report(cx, span, message).help(help(path));
        }
    } else if let InstructionKind::Run(run) = &subject.operation().kind
        && subject.run().is_some()
    {
        // Somebody mounts his own there.
        let is_own = |path: &str| {
            let options = run.mounts.iter().flat_map(|mount| &mount.options);
            options
                .filter_map(|option| option.value.as_ref())
                .any(|value| value.text().trim_end_matches('/') == path)
        };
        let mut found = lost(&subject.plan.course(subject.index));
        found.retain(|(_, path)| !is_own(mount_of(path)));
        found.sort();
        found.dedup_by_key(|(span, _)| *span);
        for (span, path) in found {
            let mount = mount_of(&path);
            let message = match READ_ONLY.contains(&mount) {
                true => format!("the builder mounts its own `{mount}` here, read-only: this fails"),
                false => format!("what is written to `{mount}` is gone when the `RUN` ends"),
            };
            subject.report(cx, span, message).help(help(&path));
        }
    }
}

/// What a course writes in vain, and where.
fn lost(course: &Course<'_>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut add = |at: usize, path: String, span: Span| {
        let Some(step) = course.steps.get(at) else { return };
        if is_elsewhere(course, step) {
            return;
        }
        if READ_ONLY.contains(&path.as_str()) || (holds(MEMORY, &path) && !is_used(course, at)) {
            found.push((span, path));
        }
    };
    for one in written(course) {
        add(one.step, one.path, one.span);
    }
    for one in removed(course).into_iter().filter(|one| !holds(MEMORY, &one.path)) {
        let span = course.steps.get(one.step).map(Step::span).unwrap_or_default();
        add(one.step, one.path, span);
    }
    for (at, step) in course.steps.iter().enumerate() {
        if matches!(step.program.name(), Some("chmod" | "chown" | "chgrp" | "mkdir")) {
            // `mkdir -p /dev/shm` does nothing.
            let makes = step.program.name() == Some("mkdir");
            for arg in step.program.args() {
                let paths = course.paths(step, arg).into_iter().filter(|path| !(makes && path == MEMORY));
                paths.for_each(|path| add(at, path, arg.span()));
            }
        }
    }
    found
}

/// Whether a later step uses what lies in memory.
fn is_used(course: &Course<'_>, at: usize) -> bool {
    let later = course.steps.get(at + 1..).unwrap_or_default();
    later.iter().any(|step| {
        let command = step.program.command().text.text();
        command.contains(MEMORY)
            || step
                .program
                .args()
                .iter()
                .any(|arg| course.texts(step, arg).iter().any(|text| text.contains(MEMORY)))
            || step.path(".").starts_with(MEMORY)
    })
}

/// Whether a step runs in another root, or in a container of its own.
fn is_elsewhere(course: &Course<'_>, step: &Step<'_>) -> bool {
    const OTHER_ROOTS: [&str; 7] =
        ["chroot", "arch-chroot", "docker", "podman", "buildah", "systemd-nspawn", "unshare"];
    let is_one = |step: &Step<'_>| {
        let invocations = step.program.command().invocations();
        invocations.iter().filter_map(|one| one.name()).any(|name| OTHER_ROOTS.contains(&name))
    };
    let mut current = Some(step);
    while let Some(step) = current {
        if is_one(step) {
            return true;
        }
        current = step.program.outer.and_then(|outer| course.steps.iter().find(|step| step.index == outer));
    }
    false
}

fn mount_of(path: &str) -> &str {
    if holds(MEMORY, path) { MEMORY } else { path }
}

fn help(path: &str) -> &'static str {
    match mount_of(path) {
        "/etc/hosts" => "name the host with `docker build --add-host`, or `extra_hosts` in Compose",
        "/etc/resolv.conf" => "name the servers where the container is started: `dns` in Compose, `--dns`",
        _ => {
            "write to a directory of the image, or mount memory where the container is started: `tmpfs`, `shm_size`"
        }
    }
}
