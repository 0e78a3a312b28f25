use lint_parser::text::near::closest;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-restart-policy",
        docs: "A restart policy that does not exist.

## Why
Compose passes the word on, and the engine refuses to create the container.

## Instead
Use `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:5`.

## Fix safety
The fix is unsafe: the nearest word may not be the one that is meant.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const POLICIES: [&str; 4] = ["no", "always", "unless-stopped", "on-failure"];

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(restart) = &subject.spec().restart else { return };
    let text = restart.value.as_str();
    if restart.value.is_unknown() || text.is_empty() || POLICIES.contains(&text) {
        return;
    }
    // Where both are written `deploy.restart_policy` counts, and this never reaches the engine.
    if subject.spec().deploy.as_ref().is_some_and(|deploy| deploy.value.restart_policy.is_some()) {
        return;
    }
    let retries = text.strip_prefix("on-failure:");
    if retries.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())) {
        return;
    }
    let fix = closest(text, POLICIES).and_then(|word| {
        Some(subject.editor().replace(restart.origin, word)?.unsafely(format!("Write `{word}`")))
    });
    let meant = closest(text, POLICIES).map(|word| format!("did you mean `{word}`?"));
    let words = "use `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:5`".to_owned();
    subject
        .report_field(cx, restart, "the engine knows no such restart policy")
        .maybe_fix(fix)
        .help(meant.unwrap_or(words));
}
