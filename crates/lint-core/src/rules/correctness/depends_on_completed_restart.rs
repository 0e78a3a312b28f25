use lint_parser::compose::ast::scalar::Condition;
use lint_parser::compose::value::Origin;

use crate::model::project::service::Service;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "depends-on-completed-restart",
        docs: r#"A service waits for the end of one that is always restarted.

## Why
`service_completed_successfully` waits until the other container has ended with status 0. The engine restarts this one as soon
as it ends, so it never stays completed: `up` waits, or starts over.

## Instead
Set `restart: "no"` or `on-failure` on the service that is waited for.

## Fix safety
The fix is unsafe: the other service is started again only when it fails.
"#,
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for (name, dependency) in subject.spec().depends_on.iter().flat_map(|map| map.value.iter()) {
        let Some(condition) = &dependency.value.condition else { continue };
        let Some(other) = subject.project.service(name) else { continue };
        if !condition.value.is(Condition::CompletedSuccessfully) {
            continue;
        }
        let Some((origin, policy)) = restarts(other) else { continue };
        let message = format!("`{name}` never stays completed: it is restarted whenever it ends");
        subject
            .report_part(cx, condition.origin, dependency.via, message)
            .label(subject.project.place(origin), format!("`{policy}`"))
            .maybe_fix(
                subject
                    .project
                    .editor_for(other)
                    .replace(origin, "on-failure")
                    .map(|change| change.unsafely(format!("Restart `{name}` when it fails only"))),
            )
            .help(format!("set `restart: \"no\"` or `restart: on-failure` on `{name}`"));
    }
}

/// Where a service says that it is restarted even after it succeeded.
fn restarts(service: &Service) -> Option<(Origin, &str)> {
    let policy = service.spec.deploy.as_ref().and_then(|deploy| deploy.value.restart_policy.as_deref());
    if let Some(policy) = policy {
        let condition = policy.value.condition.as_deref()?;
        let always = !condition.value.is_unknown() && condition.value.as_str() == "any";
        return always.then_some((condition.origin, "any"));
    }
    let restart = service.spec.restart.as_deref()?;
    let always = !restart.value.is_unknown() && matches!(restart.value.as_str(), "always" | "unless-stopped");
    always.then(|| (restart.origin, restart.value.as_str()))
}
