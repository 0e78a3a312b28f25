use lint_parser::compose::ast::scalar::Nanoseconds;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "start-interval-without-start-period",
        docs: "`start_interval` without the `start_period` it divides.

## Why
`start_interval` says how often the check runs during `start_period`. Compose refuses to create a container that has the one
without the other, and does not notice before `up`.

## Instead
Set `start_period` to how long the program may take to start.

## Fix safety
The fix is unsafe: without the attribute the health is checked as often at the start as later.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(health) = &subject.spec().healthcheck else { return };
    let Some(interval) = &health.value.start_interval else { return };
    if health.value.start_period.is_some() || health.value.rest.invalid("start_period").is_some() {
        return;
    }
    let is_off = health.value.disable.as_ref().is_some_and(|disable| !disable.value.is(false));
    if is_off || interval.value.is(Nanoseconds(0)) {
        return;
    }
    subject
        .report_part(
            cx,
            interval.key,
            interval.via.or(health.via),
            "`start_interval` is refused without `start_period`",
        )
        .maybe_fix(
            subject
                .editor()
                .remove_key(interval.key)
                .map(|change| change.unsafely("Remove `start_interval`")),
        )
        .help("set `start_period`, or remove `start_interval`");
}
