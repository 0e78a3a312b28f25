use crate::model::command_lines::for_each_invocation;
use crate::model::ports::published;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use lint_parser::compose::value::Origin;

declare_rule! {
    /// The container runs an SSH server.
    ///
    /// ## Why
    /// An SSH server is a second door into the container, with keys and passwords of its own that nobody rotates, and
    /// logins that the engine's log does not show. It also means a container that is changed by hand while it runs.
    ///
    /// ## Instead
    /// `docker compose exec service sh` opens a shell through the engine, which knows who asked.
    ///
    /// ## Limits
    /// In a Compose file an SSH server shows as a published container port 22, or as the program a service starts. Images
    /// that are known to serve files or Git over SSH (Gitea, GitLab, SFTP servers) are reported as low.
    ///
    /// ## When to allow it
    /// SSH is what the service is for: a Git server, an SFTP server, a jump host.
    pub(super) static RULE = {
        name: "ssh-server-in-container",
        severity: Severity::Medium,
        category: Category::Network,
        stride: &[Stride::Spoofing],
        references: &[Reference::cis("5.7"), Reference::Cwe(1125), Reference::Nist("4.4.5")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Service(check)],
    }
}

const HELP: &str = "use `docker compose exec` to get into the container";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let serves_files = serves_over_ssh(subject);
    for port in published(subject.service) {
        if !port.is_tcp() || !port.target.is_some_and(|target| target.contains(22)) {
            continue;
        }
        let draft = subject
            .report_at(cx, port.origin, "port 22 of the container is published: an SSH server runs in it")
            .help(HELP);
        if serves_files {
            draft.at_most(Severity::Low);
        }
    }
    let mut servers = Vec::new();
    for_each_invocation(subject.service, &mut |file, invocation| {
        if let (Some("sshd" | "dropbear"), Some(word)) =
            (invocation.name().as_deref(), invocation.words.first())
        {
            servers.push(Origin { source: file, span: word.span() });
        }
    });
    for origin in servers {
        subject.report_at(cx, origin, "this starts an SSH server in the container").help(HELP);
    }
}

fn serves_over_ssh(subject: &ServiceSubject<'_>) -> bool {
    let image = subject.spec().image.as_ref().map_or("", |image| image.value.as_str());
    let name = image.rsplit('/').next().unwrap_or_default();
    ["gitea", "gogs", "gitlab", "forgejo", "gerrit", "onedev", "sftp", "soft-serve", "borg"]
        .iter()
        .any(|server| name.contains(server))
}
