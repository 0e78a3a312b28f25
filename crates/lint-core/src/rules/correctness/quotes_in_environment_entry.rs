use lint_parser::compose::ast::pairs::Pair;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "quotes-in-environment-entry",
        docs: r#"The quotes around a value are part of the value.

## Why
In `- GREETING="hello"` the quotes stand in the middle of a YAML text, where they are characters like any other: the program gets
`"hello"` with its quotes. A path is then not found, a number cannot be read, and a password is wrong.

## Instead
Leave the quotes out, `- GREETING=hello`; or put them around the whole element, `- "GREETING=hello world"`; or write a mapping,
`GREETING: "hello"`.

## Fix safety
The fix is unsafe: the program gets the value without the quotes, as was probably meant.

## When to allow it
The program takes the quotes off itself.
"#,
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let arguments = spec.build.as_deref().and_then(|build| build.value.args.as_deref());
    for pairs in [spec.environment.as_deref(), arguments].into_iter().flatten() {
        for pair in &pairs.value.items {
            let Some(value) = &pair.value else { continue };
            if !is_quoted(value.as_str()) || !is_element(subject, pair) {
                continue;
            }
            subject
                .report_part(
                    cx,
                    pair.origin,
                    pair.via.or(pairs.via),
                    format!("the quotes are part of the value of `{}`", pair.name.as_str()),
                )
                .maybe_fix(unquoted(subject, pair))
                .help("leave them out, or put them around the whole element: `- \"NAME=value\"`");
        }
    }
}

fn unquoted(subject: &ServiceSubject<'_>, pair: &Pair) -> Option<Fix> {
    let value = pair.value.as_ref()?.as_str();
    let inner = value.get(1..value.len().checked_sub(1)?)?;
    let change = subject.editor().replace(pair.origin, &format!("{}={inner}", pair.name.as_str()))?;
    Some(change.unsafely("Leave out the quotes"))
}

/// Whether a pair is written as one text, `- NAME=value`. Lists that are merged are lists no more, and of their elements
/// only the value has a place: the text there, or before it, tells.
fn is_element(subject: &ServiceSubject<'_>, pair: &Pair) -> bool {
    let place = subject.project.place(pair.origin);
    let start = format!("{}=", pair.name.as_str());
    let written = place.file.slice(place.span).trim_start_matches(['"', '\'']);
    let before = place.file.text().get(..place.span.start()).unwrap_or_default();
    written.starts_with(&start) || before.ends_with(&start)
}

/// Whether one pair of quotes is around the whole: `"a","b"` is a list of its own.
fn is_quoted(value: &str) -> bool {
    ['"', '\''].iter().any(|&quote| {
        let inner = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        inner.is_some_and(|inner| !inner.contains(quote))
    })
}
