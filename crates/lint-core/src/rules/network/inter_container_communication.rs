use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "inter-container-communication",
        docs: r#"Containers on the default network reach each other's every port.

## Why
The daemon connects all containers of the default bridge, whether they have anything to do with one another
or not: whoever has taken over one of them can speak to every port of the others.

## Instead
Set `"icc": false`, and give containers that belong together a network of their own.

## Limits
That the option is not set is reported under the strict profile. Rootless daemons are passed by.

## When to allow it
Nobody uses the default bridge: every service has its own network, as with Compose.
"#,
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure, Stride::Tampering],
        references: &[
            Reference::cis("2.2"),
            Reference::Cwe(653),
            Reference::Owasp("#5"),
            Reference::Nist("4.3.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

const HELP: &str = "set `\"icc\": false`, and connect containers by networks of their own";

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if subject.config.rootless {
        return;
    }
    if let Some((true, place)) = subject.config.switch("icc") {
        subject
            .report(cx, place, "containers on the default network reach each other: `icc` is switched on")
            .help(HELP);
    }
    if let Some(absence) = subject.strict_absence(cx, "icc") {
        subject
            .report_absence(
                cx,
                absence,
                "containers on the default network reach each other: `icc` is not set to false",
            )
            .help(HELP);
    }
}
