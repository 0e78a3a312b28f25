use crate::model::known::host_file_checks::files_below;
use crate::model::paths::host_path::{HostPath, Sensitivity};
use crate::model::project::host_mounts::{HostMount, host_mounts};

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

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

## Fix safety
The fix is unsafe: a program that writes there fails. A mount that a volume or another service brings is left alone.

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
            Reference::Cwe(668),
            Reference::Owasp("#8"),
            Reference::Nist("4.5.5"),
            Reference::ComposeLint("CL-0025"),
            Reference::Kics("Volume Has Sensitive Host Directory"), Reference::CisKubernetes("5.2.11"), Reference::KubeLinter("writable-host-mount"), Reference::Kubescape("C-0045")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        if mount.read_only != Some(false) {
            continue;
        }
        let path = mount.source.shown();
        let is_of_node = !subject.project.input.heeds_healthcheck();
        if is_of_node && mount.source == HostPath::Absolute("/var/log".to_owned()) {
            let message = "this container can read every file of the node: the kubelet shows what links in its `/var/log` lead to";
            let draft = subject.report_mount(cx, &mount, message).at_most(Severity::High).breaks(Vec::new());
            draft.help("mount it with `readOnly: true`, or only the directory the program needs");
            continue;
        }
        let Some(sensitivity) = mount.source.sensitivity() else { continue };
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
        let draft = subject.report_mount(cx, &mount, message).at_most(severity).breaks(broken(&mount));
        let draft = match sensitivity {
            Sensitivity::System => draft.supersedes("writable-docker-host-file"),
            _ => draft,
        };
        draft
            .maybe_fix(subject.read_only_mount(&mount))
            .help("use a named volume, or mount only the file the program needs and add `:ro`");
    }
}

/// Whoever can change `/etc` can change the daemon's own files too.
fn broken(mount: &HostMount) -> Vec<&'static str> {
    let below = match &mount.source {
        HostPath::Absolute(path) if mount.source.docker_host_file().is_some() => files_below(path),
        _ => Vec::new(),
    };
    std::iter::once("5.6").chain(below.iter().flat_map(|file| [file.owner, file.mode])).collect()
}
