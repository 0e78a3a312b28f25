use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::ast::scalar::Condition;
use lint_parser::compose::value::Origin;

use crate::model::service::Service;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "dependency-never-healthy",
        docs: "A service waits for the health of one that has no health check.

## Why
`service_healthy` waits for a health check to succeed. The other service switches its check off, so there is nothing to
wait for: Compose gives up with an error, and the service never starts.

## Instead
Remove `disable: true` from the other service and give it a check, or wait for `service_started`.

## Limits
Not said of a service without `healthcheck`: its image may bring one.
",
        severity: Severity::High,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for (name, dependency) in subject.spec().depends_on.iter().flat_map(|map| map.value.iter()) {
        let Some(condition) = &dependency.value.condition else { continue };
        let Some(other) = subject.project.service(name) else { continue };
        if !condition.value.is(Condition::Healthy) {
            continue;
        }
        let Some(off) = switched_off(other) else { continue };
        let message = format!("`{name}` is never healthy: its health check is switched off");
        subject
            .report_part(cx, condition.origin, dependency.via, message)
            .label(subject.project.place(off), "switched off")
            .help(format!("give `{name}` a health check, or wait for `service_started`"));
    }
}

fn switched_off(service: &Service) -> Option<Origin> {
    let health = &service.spec.healthcheck.as_deref()?.value;
    if let Some(disable) = health.disable.as_deref().filter(|disable| disable.value.is(true)) {
        return Some(disable.origin);
    }
    match &health.test.as_deref()?.value {
        Command::Words(words) => {
            words.first().filter(|word| !word.is_unknown() && word.as_str() == "NONE").map(|word| word.origin)
        }
        _ => None,
    }
}
