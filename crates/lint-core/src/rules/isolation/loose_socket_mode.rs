use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "loose-socket-mode",
        docs: "Everybody on the host may write to the Docker socket.

## Why
Whoever writes to the socket gives the daemon orders, and with a privileged container can do anything to the
host. systemd makes a
socket that everybody may write to when the unit sets no mode.

## Instead
Set `SocketMode=0660` in `docker.socket`, with `SocketGroup=docker`.

## Limits
A drop-in alone may leave the mode to the unit. That a command changes the mode (`chmod 666
/var/run/docker.sock`) is `loose-file-mode`'s to say.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("3.16"),
            Reference::Cwe(732),
            Reference::Owasp("#1"),
            Reference::Nist("4.5.4"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

/// What owner and group may do; nobody else may do anything.
const ALLOWED: u32 = 0o660;
const HELP: &str = "set `SocketMode=0660`, or stricter";

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some(socket) = subject.config.socket.as_ref().filter(|socket| socket.has_file()) else { return };
    let Some(mode) = &socket.mode else {
        if socket.has_unit {
            let message =
                "everybody on the host may write to the Docker socket: without `SocketMode` it is 0666";
            subject.report(cx, socket.file_place(), message).help(HELP);
        }
        return;
    };
    let Ok(bits) = u32::from_str_radix(&mode.value, 8) else { return };
    let loose = bits & !ALLOWED;
    if loose == 0 {
        return;
    }
    let (message, low) = match loose {
        _ if loose & 0o002 != 0 => ("everybody on the host may write to the Docker socket", false),
        // Connecting takes the right to write.
        _ => ("this mode of the Docker socket grants more than its owner and its group need", true),
    };
    let draft = subject.report(cx, &mode.place, message);
    let draft = if low { draft.at_most(Severity::Low) } else { draft };
    draft.help(HELP);
}
