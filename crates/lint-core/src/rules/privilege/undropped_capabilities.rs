use lint_parser::compose::ast::field::Text;

use crate::model::known::capabilities::{Capability, capability};

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "undropped-capabilities",
        docs: "The container keeps capabilities it may not need.

## Why
The fourteen capabilities a container has by default include forging packets (`NET_RAW`), changing the owner of
any file (`CHOWN`) and ignoring file permissions (`DAC_OVERRIDE`). Hardly a program needs one of them once it
runs as an ordinary user; an attacker who becomes root in the container has them all.

## Instead
Set `cap_drop: [ALL]`, and give back under `cap_add` what the program turns out to need. `NET_BIND_SERVICE` is
rarely among it: the Engine lets every user bind low ports in a container's own network.

## Limits
Privileged services are not reported, since `cap_drop` has no effect on them; nor are Windows containers and
services that a `provider` runs.

## When to allow it
Images whose entrypoint changes owners and users before it starts the program need `CHOWN`, `SETUID` and
`SETGID` at least.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.4"),
            Reference::Cwe(250),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0006"),
            Reference::Kics("Container Capabilities Unrestricted"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "set `cap_drop: [ALL]`, and give back under `cap_add` what the program needs";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() || subject.may_be_set("cap_drop") {
        return;
    }
    // Privileged mode ignores `cap_drop`; while nobody knows whether it is on, neither is advice on it.
    if subject.spec().privileged.as_ref().is_some_and(|privileged| !privileged.value.is(false)) {
        return;
    }
    let Some(dropped) = &subject.spec().cap_drop else {
        let siblings = subject.siblings_with(|other| {
            let dropped = other.spec.cap_drop.as_ref();
            dropped.is_some_and(|dropped| dropped.value.iter().any(|text| !text.is_unknown() && is_all(text)))
        });
        let message =
            format!("this container keeps every default capability: `cap_drop` is not set{siblings}");
        subject.report_absence(cx, message).help(HELP).absent("cap_drop: [ALL]");
        return;
    };
    if dropped.value.iter().any(|text| text.is_unknown() || is_all(text)) {
        return;
    }
    subject.report_field(cx, dropped, "`cap_drop` leaves the other default capabilities in place").help(HELP);
}

fn is_all(text: &Text) -> bool {
    capability(text.as_str()) == Some(Capability::All)
}
