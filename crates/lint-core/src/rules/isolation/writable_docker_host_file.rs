use crate::model::known::host_file_checks::{files_below, files_changed};
use crate::model::paths::docker_files::{docker_file, holds_docker_files};
use crate::model::paths::host_path::{HostPath, Sensitivity};
use crate::model::project::host_mounts::host_mounts;
use crate::model::values::modes::{GROUP_OR_OTHERS_WRITE, granted, limit, mode_change};
use crate::model::values::owners::owner_change;
use crate::model::values::variables::Variables;
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "writable-docker-host-file",
        docs: "The container can change the Docker daemon's own files.

## Why
The daemon runs as root and does what its unit files, `/etc/docker/daemon.json` and its registry certificates say.
Who can write there, or change their owner or mode, makes the daemon listen on the network, trust a forged
registry, or start a program of their own at the next restart.

## Instead
Mount the file read-only (`:ro`), or not at all. What the daemon is told belongs to the host's configuration
management.

## Limits
A directory counts when it holds such files, up to `/etc` and `/lib/systemd`; where all of `/etc` is mounted,
`writable-system-mount` tells it. Secrets and configs that are files
of the host are mounted read-only by Compose, whatever their `mode` says, and so are not reported. Of what a
service runs, `chmod`, `install` and `chown` are read where the path is written out.
",
        severity: Severity::High,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("3.1"),
            Reference::cis("3.2"),
            Reference::cis("3.3"),
            Reference::cis("3.4"),
            Reference::cis("3.5"),
            Reference::cis("3.6"),
            Reference::cis("3.7"),
            Reference::cis("3.8"),
            Reference::cis("3.9"),
            Reference::cis("3.10"),
            Reference::cis("3.11"),
            Reference::cis("3.12"),
            Reference::cis("3.13"),
            Reference::cis("3.14"),
            Reference::cis("3.15"),
            Reference::cis("3.16"),
            Reference::cis("3.17"),
            Reference::cis("3.18"),
            Reference::cis("3.19"),
            Reference::cis("3.20"),
            Reference::cis("3.21"),
            Reference::cis("3.22"),
            Reference::cis("3.23"),
            Reference::cis("3.24"),
            Reference::cis("5.6"),
            Reference::Cwe(732),
            Reference::Cwe(708),
            Reference::Nist("4.5.5"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(copied), Check::Program(program)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        if mount.read_only != Some(false) {
            continue;
        }
        let Some(what) = mount.source.docker_host_file() else { continue };
        let message = format!("this container can change {what}: `{}` is writable", mount.source.shown());
        let draft = subject.report_mount(cx, &mount, message);
        let sensitive = mount.source.sensitivity().map(|_| "5.6");
        let draft = match &mount.source {
            HostPath::Absolute(path) => {
                let files = files_below(path);
                draft.breaks(
                    sensitive.into_iter().chain(files.iter().flat_map(|f| [f.owner, f.mode])).collect(),
                )
            }
            _ => draft,
        };
        let draft = match mount.source.sensitivity() {
            Some(Sensitivity::Configuration) => draft.supersedes("writable-system-mount"),
            _ => draft,
        };
        draft.help("add `:ro` to the mount, or remove it");
    }
}

/// `chmod`, `install` and `chown` on the daemon's files, of the image and of what is started.
fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    if !subject.owner.is_shipped() {
        return;
    }
    for loosening in loosenings(subject.program.invocation(), subject.variables()) {
        subject
            .report(cx, loosening.span, loosening.message)
            .supersedes("world-writable-path")
            .help(loosening.help)
            .breaks(loosening.breaks);
    }
}

/// `COPY --chmod` and `--chown`.
fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_in_target_chain() {
        return;
    }
    let Some(copy) = subject.copy() else { return };
    let destination = copy.destination.as_ref().map(|word| subject.plan.expand(subject.index, word));
    let Some(path) = destination.as_ref().and_then(|path| path.text()) else { return };
    let Some(what) = docker_file(path) else { return };
    let written = subject.plan.written_paths(subject.index, copy);
    let broken: Vec<_> = written.iter().flat_map(|path| files_changed(path, false)).collect();
    for flag in &subject.operation().flags {
        let value = flag.value.as_ref().map(|value| subject.plan.expand(subject.index, value));
        let Some(value) = value.as_ref().and_then(|value| value.text()) else { continue };
        match flag.name.text() {
            "chmod" if granted(value).is_some_and(|bits| bits & GROUP_OR_OTHERS_WRITE != 0) => {
                subject
                    .report(cx, flag.span, format!("mode `{value}` lets others change {what}"))
                    .supersedes("world-writable-path")
                    .help("use `0644` or less")
                    .breaks(broken.iter().map(|file| file.mode).collect());
            }
            "chown" if !is_root(value, what) => {
                subject
                    .report(cx, flag.span, format!("`{value}` becomes the owner of {what}"))
                    .help("leave it to root")
                    .breaks(broken.iter().map(|file| file.owner).collect());
            }
            _ => {}
        }
    }
}

/// A command that opens the daemon's files to others.
struct Loosening {
    span: Span,
    message: String,
    help: &'static str,
    breaks: Vec<&'static str>,
}

/// `chmod`, `install`, `mkdir` and `chown`
fn loosenings(invocation: &Invocation, variables: &Variables) -> Vec<Loosening> {
    let mut found = Vec::new();
    let Some(first) = invocation.words.first() else { return found };
    if let Some(change) = mode_change(invocation, variables) {
        let writable = |path: &&String| writable(path, change.granted, change.recursive);
        let changed: Vec<_> = change.paths.iter().filter(|path| writable(path).is_some()).collect();
        if let Some(what) = changed.first().and_then(writable) {
            let broken = changed.iter().flat_map(|path| files_changed(path, change.recursive));
            found.push(Loosening {
                span: first.span().cover(change.span),
                message: format!("mode `{}` lets others change {what}", change.mode),
                help: "leave it to root: `0644` for files, `0755` for directories, `0660` for sockets",
                breaks: broken.map(|file| file.mode).collect(),
            });
        }
    }
    let Some(change) = owner_change(invocation, variables) else { return found };
    let changed: Vec<_> = change.paths.iter().filter(|path| docker_file(path).is_some()).collect();
    let broken = changed.iter().flat_map(|path| files_changed(path, change.recursive));
    let what = changed.first().and_then(|path| docker_file(path));
    if let Some(what) = what.filter(|what| !is_root(&change.owner, what)) {
        found.push(Loosening {
            span: first.span().cover(change.span),
            message: format!("`{}` becomes the owner of {what}", change.owner),
            help: "leave it to root",
            breaks: broken.map(|file| file.owner).collect(),
        });
    }
    found
}

/// What of the daemon's a mode lets others change; directories above count when everything below is meant.
fn writable(path: &str, bits: u32, recursive: bool) -> Option<&'static str> {
    let allowed = limit(path).map_or(0o755, |(most, _)| most | 0o755);
    let excess = bits & GROUP_OR_OTHERS_WRITE & !allowed;
    if excess == 0 {
        return None;
    }
    let covered = recursive && holds_docker_files(path);
    docker_file(path).or_else(|| covered.then_some("the files of the Docker daemon, with all others"))
}

fn is_root(owner: &str, what: &str) -> bool {
    let (user, group) = owner.split_once(':').unwrap_or((owner, "root"));
    let of_engine = what.contains("socket") && group == "docker";
    matches!(user, "root" | "0" | "") && (matches!(group, "root" | "0" | "") || of_engine)
}
