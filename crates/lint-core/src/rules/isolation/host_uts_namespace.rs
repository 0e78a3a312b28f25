use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-uts-namespace",
        docs: "The container shares the host's name.

## Why
A container that may change host names (`SYS_ADMIN`) changes the host's: its logs, certificates and cluster
membership then speak of another machine.

## Instead
Remove `uts`. A program that needs a certain name gets it from `hostname`.

## Fix safety
The fix is unsafe: the container has a name of its own, and cannot change that of the host.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[Reference::cis("5.21"), Reference::Cwe(653), Reference::Nist("4.4.3")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "remove `uts`, and set `hostname` if the program needs a name";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(mode) = &subject.spec().uts else { return };
    if mode.value.is_unknown() || mode.value.as_str() != "host" {
        return;
    }
    subject
        .report_field(cx, mode, "this container shares the host name of the host")
        .maybe_fix(subject.editor().remove_key(mode.key).map(|change| change.unsafely("Remove `uts`")))
        .help(HELP);
}
