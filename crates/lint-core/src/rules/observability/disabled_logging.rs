use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "disabled-logging",
        docs: "The container's output is thrown away.

## Why
With the driver `none` nothing of what the program says is kept: when something has happened, nobody can tell what,
when, or by whom.

## Instead
Keep the engine's own driver and bound its size (`max-size`, `max-file`), or send the output elsewhere (`syslog`,
`fluentd`, `journald`).

## Fix safety
The fix keeps the output in the driver `local`, which rotates it. It is unsafe: what is written takes up space of the host.

## When to allow it
The program writes its log to a place of its own, and its output is noise.
",
        severity: Severity::Medium,
        stride: &[Stride::Repudiation],
        references: &[Reference::cis("2.13"), Reference::Cwe(778), Reference::Owasp("#10"), Reference::Nist("4.4.5"), Reference::ComposeLint("CL-0014")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(logging) = &subject.spec().logging else { return };
    let Some(driver) = &logging.value.driver else { return };
    if driver.value.is_unknown() || driver.value.as_str() != "none" {
        return;
    }
    subject
        .report_field(cx, driver, "everything this container writes to its output is thrown away")
        .maybe_fix(
            subject
                .editor()
                .replace(driver.origin, "local")
                .map(|change| change.unsafely("Use the driver `local`")),
        )
        .help("use a driver that keeps it, such as `local` with `max-size`");
}
