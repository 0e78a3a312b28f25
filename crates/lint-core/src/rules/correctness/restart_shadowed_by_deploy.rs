use lint_parser::compose::ast::field::Text;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "restart-shadowed-by-deploy",
        docs: "`restart` is overruled by `deploy.restart_policy`.

## Why
Where both are written Compose heeds `deploy.restart_policy` alone. Here they differ, so the container is not restarted as
`restart` says.

## Instead
Keep one of them.

## Fix safety
The fix removes what is ignored. It is unsafe all the same: `docker-compose` before version 2 acts on it.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(restart) = &subject.spec().restart else { return };
    let Some(policy) =
        subject.spec().deploy.as_ref().and_then(|deploy| deploy.value.restart_policy.as_deref())
    else {
        return;
    };
    let condition = policy.value.condition.as_deref().map(|condition| &condition.value);
    let unknown = restart.value.is_unknown() || condition.is_some_and(Text::is_unknown);
    if unknown || policy.value.rest.invalid("condition").is_some() {
        return;
    }
    // An `always` and an `unless-stopped` are both `any`; how often is not compared.
    let own = match restart.value.as_str().split(':').next() {
        Some("no") => "none",
        Some("always" | "unless-stopped") => "any",
        Some("on-failure") => "on-failure",
        _ => return,
    };
    let deployed = condition.map_or("any", |condition| condition.as_str());
    if deployed == own {
        return;
    }
    let message = format!("this is ignored: `deploy.restart_policy` says `{deployed}`");
    subject
        .report_field(cx, restart, message)
        .label(subject.project.place(policy.key), "what counts")
        .maybe_fix(subject.editor().remove_key(restart.key).map(|change| change.unsafely("Remove `restart`")))
        .help("keep one of them");
}
