use crate::rule::check::InstructionSubject;
use lint_parser::text::mapped::Mapped;
use std::collections::HashSet;

use crate::model::project::Project;
use crate::model::project::spelled_out::is_spelled_out;
use crate::model::secrets::token::{Token, find};
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::{Origin, Value, ValueKind};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "hardcoded-secret",
        docs: "A private key or an access token is written into the project.

## Why
Keys and tokens have shapes of their own, and those who collect them search public repositories, images and
backups for these shapes; a token in a commit is used within minutes. Deleting the line does not take it
back.

## Instead
Revoke the credential and make a new one. Keep it outside the project: `secrets` with a file that is not
committed, or a variable that is set where the project is deployed.

## Limits
Recognised are private keys, and the tokens of AWS, GitHub, GitLab, Slack, Stripe, Google, SendGrid, npm,
PyPI, Docker Hub, OpenAI, Anthropic, Hugging Face, DigitalOcean, Azure and age, wherever in a Dockerfile or
a service, its environment files or a config they stand. JSON Web Tokens are reported as high: they may have
expired. Examples (`AKIAIOSFODNN7EXAMPLE`, `ghp_xxxx`) are not reported.
",
        severity: Severity::Critical,
        stride: &[Stride::InformationDisclosure, Stride::Spoofing],
        references: &[
            Reference::cis("4.10"),
            Reference::Cwe(798),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
            Reference::Kics("Passwords And Secrets"),
            Reference::Kics("Secrets Stored In Dockerfile"),
            Reference::Tally("tally/secrets-in-code"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(in_service), Check::Project(in_configs), Check::Instruction(in_dockerfile)],
};

/// Values lie no deeper than YAML may be nested; this is for those that are not.
const MAX_DEPTH: usize = 128;

fn in_service(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for (origin, token) in in_tree(subject.project, &subject.service.value) {
        report(subject.project, cx, origin, &token);
    }
    let files = subject.service.env_files.iter().chain(&subject.service.label_files);
    for variable in files.flat_map(|used| &used.file.variables) {
        let Some(value) = &variable.value else { continue };
        if let Some(token) = find(value.as_str())
            && is_spelled_out(subject.project, value, token.range.clone())
        {
            report(subject.project, cx, value.origin_of(token.range.clone()), &token);
        }
    }
}

fn in_configs(project: &Project, cx: &mut Context<'_>) {
    for section in ["configs", "secrets"] {
        let Some(section) = project.value.get(section) else { continue };
        for (origin, token) in in_tree(project, &section.value) {
            report(project, cx, origin, &token);
        }
    }
}

fn report(project: &Project, cx: &mut Context<'_>, origin: Origin, token: &Token) {
    let draft = cx
        .report(project.place(origin), format!("{} is written into the project", token.kind))
        .help("revoke it, and keep the new one outside the project");
    if !token.is_certain {
        draft.at_most(Severity::High);
    }
}

/// The credentials in a tree, each shared part of it once.
fn in_tree(project: &Project, root: &Value) -> Vec<(Origin, Token)> {
    let mut found = Vec::new();
    let mut seen: HashSet<*const Value> = HashSet::new();
    let mut open = vec![(root, 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > MAX_DEPTH || !seen.insert(std::ptr::from_ref(value)) {
            continue;
        }
        match &value.kind {
            ValueKind::Null => {}
            ValueKind::Scalar(scalar) => {
                let Some(token) = find(scalar.text.text()) else { continue };
                let (mapped, origin) = (scalar.text.clone(), value.origin);
                let text = Text { mapped, origin, kind: scalar.kind, certainty: scalar.certainty };
                if is_spelled_out(project, &text, token.range.clone()) {
                    found.push((text.origin_of(token.range.clone()), token));
                }
            }
            ValueKind::Sequence(items) => open.extend(items.iter().map(|item| (&**item, depth + 1))),
            ValueKind::Mapping(mapping) => {
                open.extend(mapping.entries.iter().map(|entry| (&*entry.value, depth + 1)));
            }
        }
    }
    found
}

fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let is_global = subject.stage.from > subject.index;
    if !is_global && !subject.is_reachable() {
        return;
    }
    let operation = subject.operation();
    let heredocs = operation.heredocs.iter().map(|heredoc| &heredoc.content);
    let texts: Vec<&Mapped> = std::iter::once(&operation.arguments).chain(heredocs).collect();
    for text in texts {
        let Some(token) = find(text.text()) else { continue };
        let draft = subject
            .report(
                cx,
                text.span_of(token.range.clone()),
                format!("{} is written into the Dockerfile", token.kind),
            )
            .help("revoke it, and mount the new one: `RUN --mount=type=secret`");
        if !token.is_certain {
            draft.at_most(Severity::High);
        }
    }
}
