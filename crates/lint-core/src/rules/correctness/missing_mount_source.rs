use crate::model::container::assembly::Assembly;
use crate::model::container::missing_mounts::Comes;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-mount-source",
        docs: "A file or directory of the project that a service mounts, or has as a secret or config, is not there.

## Why
Docker makes an empty directory of a source that is missing, and it belongs to root. A program that is to
read a file finds a directory in its place and stops, or runs without its configuration; and the directory
stays in the way when the file comes later. With `create_host_path: false`, and of a secret or config, nothing is made, and the
container is not started.

## Instead
Correct the path, which is relative to the project's directory, or add what is missing. With
`bind: {create_host_path: false}` in the long syntax Docker says what is missing rather than making it.

## Limits
Much that is mounted is made where a project runs. Nothing is said of a source that Git ignores, that a
script, a Makefile, a pipeline or a README mentions, that has a template (`app.conf.example`), that lies in
a directory for what is built, stored or secret (`dist`, `data`, `certs`), or that another service may
write; nor of absolute paths and of paths that a variable is part of. A directory is reported only where the
container cannot fill it: mounted read-only, or where an image looks for what it is given.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Assembly(check)],
};

fn check(assembly: &Assembly<'_>, cx: &mut Context<'_>) {
    for missing in &assembly.missing_mounts {
        let source = missing.source;
        let message = match missing.comes {
            Comes::DirectoryForFile => {
                format!("there is no `{source}`: Docker mounts an empty directory in place of the file")
            }
            Comes::EmptyDirectory => {
                format!("there is no `{source}`: Docker mounts an empty directory, which belongs to root")
            }
            Comes::Refusal => format!("there is no `{source}`, and without it the container is not started"),
        };
        let place = assembly.project.place(missing.origin);
        let draft = cx.report(place, message).service(Some(&missing.service.name));
        let draft = draft.help("correct the path, or add what it names before the project is started");
        if missing.comes == Comes::EmptyDirectory {
            draft.at_most(Severity::Low);
        }
    }
}
