use crate::model::known::open_databases::{allows_empty, is_password, opened_by};
use crate::model::project::open_interfaces::unlocked;
use crate::model::project::ports::published;
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "database-without-password",
        docs: "A setting lets anybody who reaches the database in, without a password.

## Why
`trust` is meant literally: whoever opens the port is any user they name, the administrator included.
Containers share networks, so one program that is taken over, or a port that is published later, opens all
the data.

## Instead
Give the database a password, from a file: `POSTGRES_PASSWORD_FILE: /run/secrets/db`. Between containers the
methods that the images choose by themselves are right (`scram-sha-256`).

## Limits
Read from the environment: `POSTGRES_HOST_AUTH_METHOD`, `POSTGRES_INITDB_ARGS`, `..._ALLOW_EMPTY_PASSWORD`,
`NEO4J_AUTH`, `xpack.security.enabled` and the like; from a service's command: `--skip-grant-tables`, `--insecure` of
CockroachDB, `--protected-mode no` and their kin. A setting that allows an empty password says nothing
where a password is set beside it. In a service that publishes no port it is reported as low: there, only
neighbours in its networks reach it.

## When to allow it
A database that lives as long as a test and has no neighbours.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::Cwe(306), Reference::Cwe(258), Reference::Owasp("#5a")],
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(dockerfile)],
};

const HELP: &str = "give the database a password, from a file that `secrets` mounts";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let variables = subject.service.environment();
    let has_password = variables.iter().any(|variable| {
        let is_set =
            variable.value.as_ref().is_none_or(|value| value.is_unknown() || !value.as_str().is_empty());
        is_password(variable.name.as_str()) && is_set
    });
    for variable in &variables {
        let name = variable.name.as_str();
        let Some(value) = variable.value.as_ref().filter(|value| !value.is_unknown()) else { continue };
        let Some(opens) = opened_by(name, value.as_str()) else { continue };
        if allows_empty(name) && has_password {
            continue;
        }
        let message = format!("`{name}` lets anybody who reaches {opens} in without a password");
        let mut draft = subject.report_at(cx, variable.origin, message).help(HELP);
        if published(subject.service).is_empty() {
            draft = draft.at_most(Severity::Low);
        }
        if let Some(via) = variable.via {
            draft.scope(subject.project.place(via));
        }
    }
    for (flag, opens, origin) in unlocked(subject.service, subject.image().as_ref()) {
        let message = format!("`{flag}` lets anybody who reaches {opens} in without a password");
        let draft = subject.report_at(cx, origin, message).help(HELP);
        if published(subject.service).is_empty() {
            draft.at_most(Severity::Low);
        }
    }
}

fn dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Env(pairs) = &subject.instruction.kind else { return };
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    let has_password = subject.stage.config.env.iter().any(|(name, _)| is_password(name));
    for pair in pairs {
        let name = pair.key.text();
        let Some(value) = &pair.value else { continue };
        let value = subject.plan.expand(subject.index, value);
        let Some(opens) = value.text().and_then(|value| opened_by(name, value)) else { continue };
        if allows_empty(name) && has_password {
            continue;
        }
        subject
            .report(cx, pair.span, format!("`{name}` lets anybody who reaches {opens} in without a password"))
            .help(HELP)
            .at_most(Severity::Low);
    }
}
