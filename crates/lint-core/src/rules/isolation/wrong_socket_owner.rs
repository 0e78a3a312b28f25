use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "wrong-socket-owner",
        docs: "The Docker socket belongs to others than root and the group `docker`.

## Why
Who owns the socket, and who is in its group, gives the daemon orders and is as good as root. A group that
exists for something else (`users`, `wheel`, a service's own) grants that to people nobody thought of.

## Instead
`SocketUser=root` and `SocketGroup=docker`, and the group's members chosen like those of root.

## Limits
Rootless daemons are passed by: their socket is their user's. An owner or group that is not set is root's.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("3.15"),
            Reference::Cwe(708),
            Reference::Owasp("#1"),
            Reference::Nist("4.5.5"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if subject.config.rootless {
        return;
    }
    let socket = subject.config.socket.as_ref().filter(|socket| socket.has_file());
    let user = socket.and_then(|socket| socket.user.as_ref());
    if let Some(user) = user.filter(|user| !matches!(user.value.as_str(), "root" | "0")) {
        subject
            .report(
                cx,
                &user.place,
                format!("the Docker socket belongs to `{}`, who is as good as root by it", user.value),
            )
            .help("set `SocketUser=root`");
    }
    let group = socket.and_then(|socket| socket.group.as_ref());
    let group = group.map(|group| (group.value.as_str(), &group.place));
    for (name, place) in group.into_iter().chain(subject.config.text("group")) {
        if !matches!(name, "root" | "0" | "docker") {
            let message = format!(
                "the Docker socket belongs to the group `{name}`, whose members are as good as root by it"
            );
            subject.report(cx, place, message).help("give it to the group `docker`");
        }
    }
}
