use lint_parser::compose::long::{Long as _, NodeKind};
use lint_parser::compose::value::{Certainty, ScalarKind};

use crate::model::secrets::name::is_secret;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unquoted-environment-number",
        docs: "An environment variable gets another text than the one that is written.

## Why
Without quotes YAML reads `1.50`, `0x10`, `010` and `1_000` as numbers and `TRUE` as a boolean, and Compose writes them out
again in its own way: the container gets `1.5`, `16`, `8`, `1000` and `true`. Version numbers, file modes and identifiers do not
survive that.

## Instead
Put the value into quotes.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let args = spec.build.as_deref().and_then(|build| build.value.args.as_deref());
    for field in [spec.environment.as_deref(), args].into_iter().flatten() {
        for pair in &field.value.items {
            let Some(value) = &pair.value else { continue };
            if value.kind == ScalarKind::String || value.certainty != Certainty::Known {
                continue;
            }
            let NodeKind::Text(becomes) = value.long() else { continue };
            if becomes == value.as_str() {
                continue;
            }
            let message = match is_secret(pair.name.as_str()) {
                true => "this is a number or boolean to YAML, and another text to the container".to_owned(),
                false => format!("this is a number or boolean to YAML, and `{becomes}` to the container"),
            };
            subject
                .report_part(cx, value.origin, pair.via.or(field.via), message)
                .help("put it into quotes to have it as it is written");
        }
    }
}
