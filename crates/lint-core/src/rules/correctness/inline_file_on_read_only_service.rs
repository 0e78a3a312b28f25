use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use lint_parser::compose::ast::field::{Attribute, List};
use lint_parser::compose::ast::mount::FileGrant;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "inline-file-on-read-only-service",
        docs: "A config or secret cannot be written into a read-only container.

## Why
Compose writes configs and secrets that come from `content` or from an environment variable into the
container's file system, which `read_only` makes impossible: `docker compose up` stops with an error.

## Instead
Put the text into a file and name it by `file`: a file is mounted, and that works.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let Some(read_only) = spec.read_only.as_ref().filter(|read_only| read_only.value.is(true)) else {
        return;
    };
    let project = subject.project;
    let mut sources = Vec::new();
    sources.extend(written(&spec.configs, &|name| {
        project.config(name).is_some_and(|config| {
            let config = &config.field.value;
            config.content.is_some() || config.environment.is_some()
        })
    }));
    sources.extend(written(&spec.secrets, &|name| {
        project.secret(name).is_some_and(|secret| secret.field.value.environment.is_some())
    }));
    for (origin, name) in sources {
        subject
            .report_at(
                cx,
                origin,
                format!("`{name}` cannot be written into this container, which is read-only"),
            )
            .label(subject.project.place(read_only.origin), "read-only here")
            .help("put the text into a file and name it by `file`");
    }
}

fn written<'s>(
    grants: &'s Attribute<List<FileGrant>>,
    is_inline: &dyn Fn(&str) -> bool,
) -> Vec<(lint_parser::compose::value::Origin, &'s str)> {
    let sources =
        grants.iter().flat_map(|grants| grants.value.iter()).filter_map(|grant| grant.source.as_ref());
    sources
        .filter(|source| is_inline(source.value.as_str()))
        .map(|source| (source.origin, source.value.as_str()))
        .collect()
}
