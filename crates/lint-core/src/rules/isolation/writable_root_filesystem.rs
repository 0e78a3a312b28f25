use crate::model::container::ServiceOf;
use crate::model::container::confinement::{add_tmpfs, tmpfs};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "writable-root-filesystem",
        docs: "The container can write to its root file system.

## Why
An attacker who gets into the container can change its programs and configuration, leave tools behind,
and come back: the changes last as long as the container does. A read-only root file system leaves
only the places you chose to be writable.

## Instead
Set `read_only: true`, and give the program the places it writes to: `tmpfs` for what may be lost
(`/tmp`, `/run`), a volume for what must last.

## Fix safety
The fix is unsafe. It comes with a tmpfs at each place the image is known to write to and nothing is mounted at, and is offered
only where these are known: for images whose sources were read, and for programs of your own on such images, which get `/tmp`.
Where the data of the image would be lost or could not be written, where its entrypoint is replaced, and where a variable makes it
write elsewhere, there is none.

## Limits
Windows containers and services that a `provider` runs have no such setting. A value that depends on a
variable nobody sets is not reported.

## When to allow it
A program that writes all over its file system and cannot be told otherwise.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("5.13"),
            Reference::Cwe(732),
            Reference::Owasp("#8"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0007"),
            Reference::Semgrep("writable-filesystem-service"), Reference::CisKubernetes("5.6.3"), Reference::KubeLinter("no-read-only-root-fs"), Reference::Kubescape("C-0017"), Reference::Trivy("KSV-0014"), Reference::Checkov("CKV_K8S_22"), Reference::Polaris("notReadOnlyRootFilesystem")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() {
        return;
    }
    const HELP: &str =
        "set `read_only: true`, with `tmpfs` or volumes for the directories the program writes to";
    match &subject.spec().read_only {
        Some(read_only) if read_only.value.is(false) => {
            let fix = subject.editor().replace_value(read_only.origin, &Yaml::Bare("true"));
            let fix = read_only_with_tmpfs(subject, fix);
            subject
                .report_field(cx, read_only, "the container's root file system is writable")
                .maybe_fix(fix)
                .help(HELP);
        }
        Some(_) => {}
        None if subject.may_be_set("read_only") => {}
        None => {
            let siblings = subject.siblings_with(|other| {
                other.spec.read_only.as_ref().is_some_and(|read_only| read_only.value.is(true))
            });
            let message =
                format!("the container's root file system is writable: `read_only` is not set{siblings}");
            let fix = read_only_with_tmpfs(subject, None);
            subject.report_absence(cx, message).maybe_fix(fix).help(HELP).absent("read_only: true");
        }
    }
}

/// `read_only`, which is set already by the change that is given or has to be added, and the mounts it needs.
fn read_only_with_tmpfs(subject: &ServiceSubject<'_>, set: Option<Change>) -> Option<Fix> {
    let (editor, service) = (subject.editor(), subject.service);
    let of = ServiceOf { project: subject.project, service };
    let mounts = tmpfs(subject.container?)?;
    let title = match mounts.as_slice() {
        [] => "Set `read_only: true`".to_owned(),
        paths => {
            let paths: Vec<&str> =
                paths.iter().map(|mount| mount.split(':').next().unwrap_or(mount)).collect();
            format!("Set `read_only: true`, with a tmpfs at `{}`", paths.join("` and `"))
        }
    };
    let read_only = ("read_only", Yaml::Bare("true"));
    let there = subject.spec().tmpfs.as_ref().filter(|_| !mounts.is_empty());
    let change = match (set, there) {
        (Some(set), None) if mounts.is_empty() => set,
        (Some(set), None) => set.and(editor.add_to_service(service, &[("tmpfs", Yaml::texts(mounts))])?)?,
        (Some(set), Some(_)) => set.and(add_tmpfs(of, mounts)?)?,
        (None, None) if mounts.is_empty() => editor.add_to_service(service, &[read_only])?,
        (None, None) => editor.add_to_service(service, &[read_only, ("tmpfs", Yaml::texts(mounts))])?,
        (None, Some(_)) => add_tmpfs(of, mounts)?.and(editor.add_to_service(service, &[read_only])?)?,
    };
    Some(change.unsafely(title))
}
