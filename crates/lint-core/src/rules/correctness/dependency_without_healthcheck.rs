use crate::model::container::assembly::Assembly;
use crate::model::container::health::Health;
use crate::rule::prelude::*;
use lint_parser::compose::ast::scalar::Condition;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "dependency-without-healthcheck",
        docs: r#"A service waits until another is healthy, and nothing checks the other's health.

## Why
A container without a health check never becomes healthy. `docker compose up` stops with "container has no healthcheck
configured", and the service that waits is not started.

## Instead
Give the other service a `healthcheck`, or its Dockerfile a `HEALTHCHECK`. If it is enough that it runs, wait for
`service_started`.

## Fix safety
The fix is unsafe: the service starts as soon as the other one runs, whether or not that is ready.

## Limits
The check may be the service's own, the built stage's or one it inherits, or the base image's. Nothing is
said of an image that nothing is known about.
"#,
        severity: Severity::High,
        stride: &[Stride::DenialOfService],
        formerly: &["dependency-never-healthy"],
        references: &[Reference::cis("5.27")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Assembly(check)],
};

fn check(assembly: &Assembly<'_>, cx: &mut Context<'_>) {
    let project = assembly.project;
    for part in assembly.parts() {
        let Some(dependencies) = &part.service.spec.depends_on else { continue };
        for (name, dependency) in dependencies.value.iter() {
            let Some(condition) = dependency.value.condition.as_ref() else { continue };
            let required = dependency.value.required.as_ref();
            // Compose only warns about one that is not required.
            if !condition.value.is(Condition::Healthy)
                || required.is_some_and(|required| !required.value.is(true))
            {
                continue;
            }
            let Some(other) = assembly.part(name) else { continue };
            let (message, labels) = match &other.health {
                Health::Checked | Health::Open(_) | Health::Unknown => continue,
                Health::Absent(stage) => {
                    let stage =
                        stage.iter().map(|stage| (stage.clone(), "the image it builds has no `HEALTHCHECK`"));
                    let key = match &other.service.spec.healthcheck {
                        Some(healthcheck) => (project.place(healthcheck.key), "this has no `test`"),
                        None => (project.place(other.service.key), "this service has no `healthcheck`"),
                    };
                    (
                        format!("`{name}` never becomes healthy: nothing checks its health"),
                        std::iter::once(key).chain(stage).collect::<Vec<_>>(),
                    )
                }
                Health::Disabled(place) => (
                    format!("`{name}` never becomes healthy: its health check is switched off"),
                    vec![(place.clone(), "here")],
                ),
            };
            let mut draft = cx
                .report(project.place(condition.origin), message)
                .service(Some(&part.service.name))
                .maybe_fix(
                    project
                        .editor_for(part.service)
                        .replace(condition.origin, "service_started")
                        .map(|change| change.unsafely(format!("Wait for `{name}` to be started"))),
                )
                .help(format!("add a `healthcheck` to `{name}`, or wait for `service_started`"));
            for (place, message) in labels {
                draft = draft.label(place, message);
            }
            for &key in &part.service.keys {
                draft = draft.scope(project.place(key));
            }
        }
    }
}
