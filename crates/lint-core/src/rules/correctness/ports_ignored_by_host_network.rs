use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ports-ignored-by-host-network",
        docs: "Ports are published on a service that uses the host's network.

## Why
With `network_mode: host` there is nothing to publish: the program listens on the host itself, on whatever ports and
addresses it likes, and Compose discards `ports` without a word. An address such as `127.0.0.1` in them protects nothing.

## Instead
Remove `ports`, and tell the program which address and port to listen on; or remove `network_mode: host`.

## Fix safety
The fix removes what is discarded. It is unsafe all the same: who reads the file, or removes `network_mode` later, may have counted on it.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let (Some(mode), Some(ports)) = (&subject.spec().network_mode, &subject.spec().ports) else { return };
    if mode.value.is_unknown() || mode.value.as_str() != "host" || ports.value.items.is_empty() {
        return;
    }
    let mode = subject.project.place(mode.origin);
    subject
        .report_part(
            cx,
            ports.key,
            ports.via,
            "these ports are discarded: the service uses the host's network",
        )
        .label(mode, "the host's network")
        .maybe_fix(subject.editor().remove_key(ports.key).map(|change| change.unsafely("Remove `ports`")))
        .help("remove `ports`, or remove `network_mode: host`");
}
