use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use lint_parser::compose::ast::deploy::RestartPolicy;
use lint_parser::compose::ast::field::{Field, Text};
use lint_parser::compose::value::Origin;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unbounded-restart",
        docs: "The container is restarted without end.

## Why
A container that fails when it starts is started again, for ever: it takes processor time, fills the disk with its
log, and hides that it never works. Five attempts get over what is temporary.

## Instead
`restart: on-failure:5`; for Swarm, `deploy.restart_policy` with `max_attempts: 5`.

## Fix safety
The fix is unsafe: the container stays down after five failures, and after it ends by itself or the daemon restarts.

## Limits
The policy of `deploy.restart_policy` wins over `restart`, as in Compose. A service without any policy is not
restarted at all.

## When to allow it
A service that must come back after the host has restarted (`always`, `unless-stopped`), where somebody watches it.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("5.15"), Reference::Cwe(770), Reference::Owasp("#7"), Reference::Nist("4.4.3"), Reference::Kics("Restart Policy On Failure Not Set To 5")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

/// What the benchmark allows.
const MOST: i64 = 5;

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let deployed = spec.deploy.as_ref().and_then(|deploy| deploy.value.restart_policy.as_ref());
    let unbounded = match (deployed, &spec.restart) {
        (Some(policy), _) => of_policy(&policy.value, policy.origin),
        (None, Some(restart)) => of_restart(&restart.value),
        (None, None) => None,
    };
    let Some((origin, message)) = unbounded else { return };
    let fix = match (deployed, &spec.restart) {
        (Some(policy), _) => bounded(subject, policy),
        (None, _) => subject.editor().replace(origin, "on-failure:5"),
    };
    let fix = fix.map(|change| change.unsafely("Restart on failure, five times at most"));
    subject
        .report_at(cx, origin, message)
        .maybe_fix(fix)
        .help("restart on failure, five times at most: `restart: on-failure:5`");
}

/// `condition: on-failure` and `max_attempts: 5`.
fn bounded(subject: &ServiceSubject<'_>, policy: &Field<RestartPolicy>) -> Option<Change> {
    let editor = subject.editor();
    let attempts = match &policy.value.max_attempts {
        Some(attempts) => editor.replace_value(attempts.origin, &Yaml::Bare("5"))?,
        None => editor.add_to_key(policy.key, &[("max_attempts", Yaml::Bare("5"))])?,
    };
    match policy.value.condition.as_ref() {
        Some(condition) if condition.value.as_str() != "on-failure" => {
            editor.replace(condition.origin, "on-failure")?.and(attempts)
        }
        _ => Some(attempts),
    }
}

fn of_restart(restart: &Text) -> Option<(Origin, String)> {
    if restart.is_unknown() {
        return None;
    }
    let (policy, count) = match restart.as_str().split_once(':') {
        Some((policy, count)) => (policy, count.parse::<i64>().ok()?),
        None => (restart.as_str(), 0),
    };
    let message = match policy {
        "always" | "unless-stopped" => format!("`{policy}` restarts the container without end"),
        "on-failure" if count <= 0 => {
            "`on-failure` without a count restarts the container without end".to_owned()
        }
        "on-failure" if count > MOST => format!("the container is restarted {count} times, more than {MOST}"),
        _ => return None,
    };
    Some((restart.origin, message))
}

fn of_policy(policy: &RestartPolicy, origin: Origin) -> Option<(Origin, String)> {
    let condition = policy.condition.as_ref();
    if condition.is_some_and(|condition| condition.value.is_unknown() || condition.value.as_str() == "none") {
        return None;
    }
    match &policy.max_attempts {
        Some(attempts) => match *attempts.value.known()? {
            count if count > MOST => {
                Some((attempts.origin, format!("the container is restarted {count} times, more than {MOST}")))
            }
            count if count <= 0 => {
                Some((attempts.origin, "the container is restarted without end".to_owned()))
            }
            _ => None,
        },
        // Compose takes a policy without a condition for none, Swarm for `any`.
        None => {
            let condition = condition?;
            let words = format!(
                "`{}` without `max_attempts` restarts the container without end",
                condition.value.as_str()
            );
            matches!(condition.value.as_str(), "any" | "on-failure" | "always" | "unless-stopped")
                .then_some((origin, words))
        }
    }
}
