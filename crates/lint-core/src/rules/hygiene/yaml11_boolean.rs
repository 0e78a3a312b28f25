use lint_parser::compose::ast::field::Form;
use lint_parser::compose::value::{Certainty, ScalarKind};

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "yaml11-boolean",
        docs: "A boolean in the words of YAML 1.1.

## Why
`yes`, `no`, `on` and `off` were booleans once and are texts in the YAML of today. Compose still takes them for booleans, and warns of
them; other programs that read the file may not.

## Instead
Write `true` or `false`.

## Fix safety
Compose reads both the same.
",
        severity: Severity::Style,
        fixable: Fixable::Sometimes(SAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let health = spec.healthcheck.as_deref().and_then(|health| health.value.disable.as_deref());
    let build = spec.build.as_deref().map(|build| &build.value);
    let own = [
        spec.attach.as_deref(),
        spec.init.as_deref(),
        spec.oom_kill_disable.as_deref(),
        spec.privileged.as_deref(),
        spec.read_only.as_deref(),
        spec.stdin_open.as_deref(),
        spec.tty.as_deref(),
        health,
        build.and_then(|build| build.no_cache.as_deref()),
        build.and_then(|build| build.privileged.as_deref()),
        build.and_then(|build| build.pull.as_deref()),
    ];
    let dependencies = spec.depends_on.iter().flat_map(|map| map.value.iter());
    let dependencies =
        dependencies.flat_map(|(_, field)| [field.value.restart.as_deref(), field.value.required.as_deref()]);
    let mounts = spec.volumes.iter().flat_map(|volumes| volumes.value.iter());
    let mounts = mounts.filter(|mount| mount.form == Form::Long).map(|mount| mount.read_only.as_deref());
    for field in own.into_iter().chain(dependencies).chain(mounts).flatten() {
        let text = &field.value.text;
        let (Some(value), ScalarKind::String) = (field.value.known(), text.kind) else { continue };
        if text.certainty != Certainty::Known || text.as_str().eq_ignore_ascii_case(&value.to_string()) {
            continue;
        }
        subject
            .report_field(cx, field, format!("`{}` is a text in today's YAML", text.as_str()))
            .maybe_fix(
                subject
                    .editor()
                    .replace_value(field.origin, &Yaml::Bare(if *value { "true" } else { "false" }))
                    .map(|change| change.safely(format!("Write `{value}`"))),
            )
            .help(format!("write `{value}`"));
    }
}
