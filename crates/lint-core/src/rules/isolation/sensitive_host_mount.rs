use crate::model::paths::host_path::Sensitivity;
use crate::model::project::host_mounts::host_mounts;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "sensitive-host-mount",
        docs: "The container can read a sensitive directory of the host.

## Why
The host's configuration, its processes, everybody's homes and the Engine's own data hold password hashes,
keys, tokens and the environment of other programs. Whoever gets into the container reads them.

## Instead
Mount the one file or directory the program needs, or keep its data in a named volume.

## Limits
Only the directories themselves are reported, and known places of credentials such as `~/.ssh`; what lies
below them (`/etc/localtime`, `/usr/share/zoneinfo`) often is harmless. Where the container may write as
well, `writable-system-mount` says so. Relative paths are taken for the project's own.

## When to allow it
A program that watches the host (node-exporter, cAdvisor) reads `/proc` and `/sys` by nature.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.6"),
            Reference::Cwe(668),
            Reference::Owasp("#8"),
            Reference::Nist("4.5.5"),
            Reference::ComposeLint("CL-0013"),
            Reference::Kics("Volume Has Sensitive Host Directory"),
            Reference::CisKubernetes("5.2.11"),
            Reference::KubeLinter("sensitive-host-mounts"),
            Reference::Kubescape("C-0048"),
            Reference::Trivy("KSV-0023"),
            Reference::Trivy("KSV-0121"),
            Reference::Polaris("hostPathSet"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        // Whether it can be written to is not known: it can be read in any case.
        if mount.read_only == Some(false) {
            continue;
        }
        let message = match mount.source.sensitivity() {
            Some(Sensitivity::System) => {
                format!("this container can read the host's `{}`", mount.source.shown())
            }
            Some(Sensitivity::Private) => {
                format!("this container can read private data of the host in `{}`", mount.source.shown())
            }
            Some(Sensitivity::Configuration) | None => continue,
        };
        let draft = subject.report_mount(cx, &mount, message);
        draft.help("mount only the file or directory the program needs");
    }
}
