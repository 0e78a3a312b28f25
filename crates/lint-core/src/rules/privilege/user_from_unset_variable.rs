use crate::model::build::user::UserKind;
use crate::model::container::Container;
use crate::model::container::runtime_user::SetBy;
use crate::rule::prelude::*;
use lint_parser::compose::value::Origin;
use lint_parser::interpolation::VariableState;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "user-from-unset-variable",
        docs: r#"The user depends on a variable that nothing sets.

## Why
An unset variable is empty, without a word of warning in a Dockerfile and with one nobody reads in Compose. What is
left then names another user, and mostly root: `user: "${UID}:${GID}"` becomes `:`, which replaces the image's
own `USER` and means uid 0. Shells know `UID`, but do not export it.

## Instead
Write a default, `"${UID:-1000}:${GID:-1000}"`, or let it fail: `"${UID:?set UID}"`. In a Dockerfile, declare the
variable in the stage that uses it: `ARG APP_USER=app`.

## Fix safety
The fix writes a default for a service's variable. It is unsafe: the program runs as that user, who may not own its files. A Dockerfile is left alone.

## Limits
Variables with a default in the reference, and those an `.env` file, `ENV` or `ARG` sets, are not reported.
"#,
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("4.1"),
            Reference::Cwe(250),
            Reference::Owasp("#2"),
            Reference::Nist("4.1.2"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let names: Vec<_> = container
        .user
        .unset
        .iter()
        .filter(|variable| !variable.guarded)
        .map(|variable| format!("`{}`", variable.name))
        .collect();
    let Some(place) = container.user_place().filter(|_| !names.is_empty()) else { return };
    let (verb, names) = (if names.len() == 1 { "is" } else { "are" }, names.join(" and "));
    let by_service = container.user.set_by == SetBy::Service;
    let written = container.user.text.as_deref().unwrap_or_default();
    let name = written.split(':').next().unwrap_or_default();
    let then = if matches!(container.user.kind, UserKind::Root(_)) || name.contains('$') {
        "without a value this may well mean root"
    } else {
        "without a value this is another user or group than the one meant"
    };
    let fix = by_service.then(|| with_default(container)).flatten();
    let mut draft = cx.report(place, format!("{names} {verb} not set here, and {then}"));
    if let (Some(key), false) = (container.service_key(), by_service) {
        draft = draft.label(key, "which this service runs");
    }
    draft.maybe_fix(fix).help(match by_service {
        true => "write a default, as in `${UID:-1000}`, or `${UID:?}` to make it an error",
        false => "declare it with a default in this stage, as in `ARG APP_USER=app`",
    });
}

/// `${UID:-1000}` for each variable of the service's `user` that nothing sets.
fn with_default(container: &Container<'_>) -> Option<Fix> {
    let of = container.service?;
    let user = of.service.spec.user.as_ref()?.origin;
    let editor = of.project.editor_for(of.service);
    let mut change: Option<Change> = None;
    for (source, variable) in &of.project.variables {
        if *source != user.source
            || !user.span.encloses(variable.span)
            || variable.state != VariableState::Unset
        {
            continue;
        }
        let part = Origin { source: *source, span: variable.span };
        let more = editor.write_over(part, &format!("${{{}:-1000}}", variable.name))?;
        change = Some(match change {
            Some(change) => change.and(more)?,
            None => more,
        });
    }
    Some(change?.unsafely("Write a default"))
}
