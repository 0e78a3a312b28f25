use crate::model::runs::{By, Program};
use crate::model::secrets::arguments::{ArgumentSecret, in_arguments, in_variable, is_stand_in};
use crate::model::secrets::{Verdict, judge};
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};
use lint_parser::compose::value::SourceId;
use lint_parser::shell::ast::Command;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-in-command",
        docs: r#"A secret is written out in a command.

## Why
The words of a command are readable for every process beside it (`ps`), they stand in `docker inspect` and
in the engine's events, and in a file that is committed.

## Instead
Let the program read the secret from a file (`--password-file /run/secrets/db_password`, `redis.conf`) that
`secrets` provides; in a shell, `"$$(cat /run/secrets/db_password)"` at least keeps it out of the file.

## Limits
Looked at are `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK` in a Dockerfile, and `command`, `entrypoint`,
`healthcheck.test` and the hooks, shell scripts in them included: options named as secrets are
(`--password`, `--requirepass`, `-Dkey.password=`), those of common clients (`mysql -p...`, `redis-cli -a`,
`curl -u`), assignments, and passwords in URLs.
"#,
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::Cwe(214),
            Reference::Cwe(798),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
            Reference::Trivy("DS-0031"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let mut found: Vec<(Option<SourceId>, Span, String)> = Vec::new();
    let mut add = |file: Option<SourceId>, secret: ArgumentSecret| {
        let message = match secret.option {
            Some(option) => format!("the secret given by `{option}` is written out in this command"),
            None => "the password in this address is written out in a command".to_owned(),
        };
        found.push((file, secret.span, message));
    };
    for variable in subject.variables.iter().filter(|variable| variable.is_assignment) {
        if let Some(secret) = in_variable(&variable.name, &variable.value, variable.span) {
            add(variable.file, secret);
        }
    }
    // The commands that a shell is given come by themselves.
    for program in subject.programs.iter().filter(|program| program.invocation().script().is_none()) {
        for secret in in_arguments(program.name().unwrap_or_default(), program.args()) {
            add(program.file, secret);
        }
    }
    let by_run = subject.programs.iter().any(|program| program.by == By::Run);
    // Of what a `RUN` does to accounts, `account-password` tells.
    let started = subject.programs.iter().filter(|program| program.by != By::Run);
    let logins = started.filter_map(|program| Some((program.file, login_password(program)?)));
    found.extend(logins.map(|(file, span)| {
        (file, span, "a password for a user of the image is written out in this command".to_owned())
    }));
    // `env A=b mysql -psecret` is seen as what `env` is given, and again as what it runs.
    found.sort();
    found.dedup_by_key(|(file, span, _)| (*file, *span));
    let help = match subject.owner {
        Owner::Instruction(_) => {
            "in a build, mount it: `RUN --mount=type=secret`; when it runs, read it from a file that is mounted"
        }
        Owner::Service(_) => "let the program read it from a file that `secrets` provides",
    };
    for (file, span, message) in found {
        if !subject.owner.is_written(file, span) {
            continue;
        }
        if by_run && is_stand_in(subject.owner.written(span)) {
            continue;
        }
        let draft = subject.report(cx, file, span, message).help(help);
        if !subject.owner.is_shipped() {
            draft.at_most(Severity::Medium);
        }
    }
}

/// `echo root:password | chpasswd`
fn login_password(program: &Program) -> Option<Span> {
    let reader = program.context.piped_to.as_ref().and_then(Command::simple)?;
    let writes = matches!(program.command().name(), Some("echo" | "printf"));
    let sets = reader.invocations().iter().any(|program| program.name() == Some("chpasswd"));
    let encrypted = reader.words.iter().any(|word| word.is("-e") || word.is("--encrypted"));
    if !writes || !sets || encrypted {
        return None;
    }
    let word = program.command().args().iter().rfind(|word| word.text.text().contains(':'))?;
    let text = word.literal_text()?;
    let (_, password) = text.trim_end_matches("\\n").split_once(':')?;
    matches!(judge(password), Verdict::Literal | Verdict::Number).then(|| word.span())
}
