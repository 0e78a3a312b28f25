use crate::model::host_mounts::host_mounts;
use crate::model::host_path::Sensitivity;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "writable-system-mount",
        docs: "The container can change the host's system.

## Why
Who writes to `/etc` adds a user, who writes to `/usr` replaces a program, who writes to `/dev` overwrites a disk:
each makes the container's root the host's root. The same goes for places the host acts on, such as
`/etc/cron.d` or `~/.ssh/authorized_keys`.

## Instead
Keep the program's data in a named volume. Where it must see a file of the host, mount that one file, and mount
it read-only (`:ro`).

## Limits
Only the directories themselves are reported, and known files and places of credentials, not everything below
them. Relative paths are taken for the project's own. A mount whose option depends on a variable nobody sets
(`/etc:/etc:${MODE}`) is not reported here.

## When to allow it
A program whose task is to manage the host.
",
        severity: Severity::Critical,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.6"),
            Reference::Cwe(668),
            Reference::Owasp("#8"),
            Reference::Nist("4.5.5"),
            Reference::ComposeLint("CL-0025"),
            Reference::Kics("Volume Has Sensitive Host Directory"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        if mount.read_only != Some(false) {
            continue;
        }
        let Some(sensitivity) = mount.source.sensitivity() else { continue };
        let path = mount.source.shown();
        let (message, severity) = match sensitivity {
            Sensitivity::System => {
                (format!("this container can change the host's `{path}`"), Severity::Critical)
            }
            Sensitivity::Private => (
                format!("this container can read and change private data of the host in `{path}`"),
                Severity::High,
            ),
            Sensitivity::Configuration => (
                format!("this container can change `{path}`, which the host acts on as root"),
                Severity::High,
            ),
        };
        let draft = subject.report_mount(cx, &mount, message).at_most(severity);
        draft.help("use a named volume, or mount only the file the program needs and add `:ro`");
    }
}
