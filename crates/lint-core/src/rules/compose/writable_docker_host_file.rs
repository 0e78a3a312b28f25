use crate::model::host_mounts::host_mounts;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

declare_rule! {
    /// The container can change the Docker daemon's own files.
    ///
    /// ## Why
    /// The daemon runs as root and does what its unit files, `/etc/docker/daemon.json` and its registry certificates say.
    /// Who can write there, or change their owner or mode, makes the daemon listen on the network, trust a forged
    /// registry, or start a program of their own at the next restart.
    ///
    /// ## Instead
    /// Mount the file read-only (`:ro`), or not at all. What the daemon is told belongs to the host's configuration
    /// management.
    ///
    /// ## Limits
    /// A directory counts when it holds such files, up to `/etc` and `/lib/systemd`. Secrets and configs that are files
    /// of the host are mounted read-only by Compose, whatever their `mode` says, and so are not reported.
    pub(super) static RULE = {
        name: "writable-docker-host-file",
        severity: Severity::High,
        category: Category::Isolation,
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
            Reference::cis("3.17"),
            Reference::cis("3.18"),
            Reference::cis("3.19"),
            Reference::cis("3.20"),
            Reference::cis("3.21"),
            Reference::cis("3.22"),
            Reference::Cwe(732),
            Reference::Cwe(708),
            Reference::Nist("4.5.5"),
        ],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Service(check)],
    }
}

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        if mount.read_only != Some(false) {
            continue;
        }
        let Some(what) = mount.source.docker_host_file() else { continue };
        let message = format!("this container can change {what}: `{}` is writable", mount.source.shown());
        let draft = subject.report_part(cx, mount.origin, mount.via, message);
        let draft = match mount.declared {
            Some(declared) => draft.label(subject.project.place(declared), "the path of the host"),
            None => draft,
        };
        draft.help("add `:ro` to the mount, or remove it");
    }
}
