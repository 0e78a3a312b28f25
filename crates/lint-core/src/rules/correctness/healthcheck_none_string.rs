use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::Origin;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "healthcheck-none-string",
        docs: r#"A health check runs a program called `NONE`.

## Why
`test: NONE` is a command line, which the container's shell runs. There is no such program, so the container is reported as
unhealthy for ever, and services that wait for it never start. Only the list `["NONE"]` switches a check off.

## Instead
Write `disable: true`.

## Fix safety
The fix is unsafe: the container is not reported as unhealthy any more.
"#,
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn disabled(subject: &ServiceSubject<'_>, key: Origin, value: Origin) -> Option<Fix> {
    let editor = subject.editor();
    let change = editor.rename_key(key, "disable")?.and(editor.replace_value(value, &Yaml::Bare("true"))?)?;
    Some(change.unsafely("Write `disable: true`"))
}

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(health) = &subject.spec().healthcheck else { return };
    let Some(test) = &health.value.test else { return };
    let Command::Line(line) = &test.value else { return };
    if line.is_unknown() || line.as_str().trim() != "NONE" {
        return;
    }
    subject
        .report_part(
            cx,
            line.origin,
            test.via.or(health.via),
            "this runs a program called `NONE` instead of switching the check off",
        )
        .maybe_fix(disabled(subject, test.key, line.origin))
        .help("write `disable: true` instead of `test`");
}
