use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "default-bridge-network",
        docs: "The container is on the network that containers of all projects share.

## Why
On Docker's default bridge every container reaches every other one, of whatever project, and there are no
names: addresses have to be passed around. The network Compose makes for a project keeps strangers out.

## Instead
Remove `network_mode`: the service then joins the project's own network. Name the networks under `networks` where
services of one project should not reach each other.

## Fix safety
The fix is unsafe: the containers of other projects are no longer reached.

## Limits
A network of your own that uses the driver `bridge` is something else and is not reported.
",
        severity: Severity::Low,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.30"),
            Reference::Cwe(653),
            Reference::Owasp("#5"),
            Reference::Nist("4.3.3"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(mode) = &subject.spec().network_mode else { return };
    // `default` is the Engine's other word for it.
    if mode.value.is_unknown() || !matches!(mode.value.as_str(), "bridge" | "default") {
        return;
    }
    subject
        .report_field(
            cx,
            mode,
            "this container shares the default bridge with the containers of every project",
        )
        .maybe_fix(
            subject.editor().remove_key(mode.key).map(|change| change.unsafely("Remove `network_mode`")),
        )
        .help("remove `network_mode`, so that the service joins the project's own network");
}
