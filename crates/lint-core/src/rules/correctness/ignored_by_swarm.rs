use lint_parser::compose::value::ValueKind;

use crate::model::project::Project;
use crate::model::project::stack::Fate;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ignored-by-swarm",
        docs: "A stack says something that Swarm does not hear.

## Why
`docker stack deploy` reads Compose files, and passes much of them by. Of `security_opt` it prints one line among others,
\"Ignoring unsupported options\", and starts the container without it: `no-new-privileges`, a seccomp or an AppArmor profile are written
down and not in force. `tmpfs` is dropped without a word, so a container that is `read_only` has no `/tmp` to write to. What it does not
know at all, such as `mem_limit` or `profiles`, makes it refuse the file.

## Instead
Set limits under `deploy.resources.limits`. Mount a tmpfs as a volume of `type: tmpfs`. For what Swarm cannot do, such as
`no-new-privileges`, set it for the daemon in `daemon.json`, and take the line out of the file, so that nobody counts on it.

## Limits
A file is taken for a stack where a script gives it to `docker stack deploy`, or where it is called so (`docker-stack.yml`).
",
        severity: Severity::High,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Project(root)],
};

/// What may stand at the root of a Compose file, and `docker stack deploy` does not know.
const REFUSED: [&str; 3] = ["name", "include", "models"];

fn root(project: &Project, cx: &mut Context<'_>) {
    if !project.input.is_stack {
        return;
    }
    for entry in REFUSED.iter().filter_map(|name| project.value().get(name)) {
        let message = format!("`docker stack deploy` refuses a file with `{}`", entry.key);
        cx.report(project.place(entry.key_origin), message).help(HELP).at_most(Severity::Medium);
    }
}

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let input = subject.project.input;
    if !input.is_stack && !input.may_be_stack {
        return;
    }
    for (name, fate, key) in subject.service.unheard_by_swarm() {
        match fate {
            // Given to Compose, it is in force.
            Fate::LostProtection if !input.is_stack && name == "security_opt" && protects(subject) => {
                let message =
                    "Swarm, which the rest of this service is written for, ignores `security_opt`".to_owned();
                told(subject, cx, key, message, Severity::Medium);
            }
            _ if !input.is_stack => {}
            // What loosens the confinement has no effect either.
            Fate::LostProtection if name == "security_opt" && !protects(subject) => {
                told(
                    subject,
                    cx,
                    key,
                    format!("Swarm ignores `{name}`, so this has no effect"),
                    Severity::Low,
                );
            }
            Fate::LostProtection if name == "security_opt" => {
                let message = "Swarm ignores `security_opt`: this protection is not in force".to_owned();
                told(subject, cx, key, message, Severity::High);
            }
            Fate::LostProtection => {
                let message = format!("Swarm drops `{name}`, so nothing is mounted here");
                told(subject, cx, key, message, Severity::Medium);
            }
            Fate::NoEffect => {
                told(
                    subject,
                    cx,
                    key,
                    format!("Swarm ignores `{name}`, so this has no effect"),
                    Severity::Low,
                );
            }
            Fate::Refused => {
                let message = format!("`docker stack deploy` refuses a file with `{name}`");
                told(subject, cx, key, message, Severity::Medium);
            }
        }
    }
}

fn told(
    subject: &ServiceSubject<'_>,
    cx: &mut Context<'_>,
    key: lint_parser::compose::value::Origin,
    message: String,
    most: Severity,
) {
    subject.report_at(cx, key, message).help(HELP).at_most(most);
}

const HELP: &str =
    "remove it, and set it where Swarm hears it: limits under `deploy`, hardening in `daemon.json`";

/// Whether some option is one that confines.
fn protects(subject: &ServiceSubject<'_>) -> bool {
    let Some(entry) = subject.service.value.get("security_opt") else { return false };
    let ValueKind::Sequence(items) = &entry.value.kind else { return false };
    items.iter().filter_map(|item| item.as_scalar()).any(|scalar| {
        let text = scalar.text.text();
        !text.ends_with("unconfined") && !text.ends_with("disable") && !text.ends_with("false")
    })
}
