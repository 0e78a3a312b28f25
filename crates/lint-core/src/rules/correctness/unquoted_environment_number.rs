use lint_parser::compose::long::{Long as _, NodeKind};
use lint_parser::compose::value::{Certainty, ScalarKind};

use crate::model::secrets::name::is_secret;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

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

## Fix safety
The safe fix quotes the text that the container gets today. The unsafe one quotes what is written, which the container then gets.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(SAFE_OR_UNSAFE),
        reach: Reach::Compose,
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
            let editor = subject.editor();
            let same = editor.replace_value(value.origin, &Yaml::text(&*becomes));
            let written = editor.quote(value.origin);
            subject
                .report_part(cx, value.origin, pair.via.or(field.via), message)
                .maybe_fix(same.map(|change| change.safely("Quote it as Compose reads it")))
                .maybe_fix(written.map(|change| change.unsafely("Quote it as it is written")))
                .help("put it into quotes to have it as it is written");
        }
    }
}
