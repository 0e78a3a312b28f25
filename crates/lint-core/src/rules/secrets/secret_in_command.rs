use crate::model::build::scripts::Commands;
use crate::model::command_lines::for_each_invocation;
use crate::model::programs::for_each_program;
use crate::model::secrets::arguments::{ArgumentSecret, in_assignment, in_words, is_stand_in};
use crate::model::secrets::{Verdict, judge};
use crate::model::spelled_out::is_written;
use crate::rule::check::InstructionSubject;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell;
use lint_parser::shell::ast::Command as ShellCommand;
use lint_parser::shell::ast::Script;
use lint_parser::shell::walk::Site;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-in-command",
        docs: r#"A secret is written out in a command.

## Why
The words of a command are readable for every process beside it (`ps`), they stand in `docker inspect` and in the
engine's events, and in a file that is committed.

## Instead
Let the program read the secret from a file (`--password-file /run/secrets/db_password`, `redis.conf`) that
`secrets` provides; in a shell, `"$$(cat /run/secrets/db_password)"` at least keeps it out of the file.

## Limits
Looked at are `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK` in a Dockerfile, and `command`, `entrypoint`, `healthcheck.test` and the hooks, shell scripts in them included: options named
as secrets are (`--password`, `--requirepass`, `-Dkey.password=`), those of common clients (`mysql -p...`,
`redis-cli -a`, `curl -u`), assignments, and passwords in URLs.
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
    checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let mut found: Vec<(SourceId, ArgumentSecret)> = Vec::new();
    for_each_invocation(subject.service, &mut |file, invocation| {
        match invocation.script() {
            // Its commands come by themselves, without what is assigned before them.
            Some(script) => assignments(file, &script, &mut found),
            None => found.extend(in_words(invocation.words).into_iter().map(|secret| (file, secret))),
        }
    });
    shell_test(subject, &mut found);
    // `env A=b mysql -psecret` is seen as what `env` is given, and again as what it runs.
    found.sort_by_key(|(file, secret)| (*file, secret.span));
    found.dedup_by_key(|(file, secret)| (*file, secret.span));
    for (source, secret) in found {
        let origin = Origin { source, span: secret.span };
        if !is_written(subject.project, origin) {
            continue;
        }
        let message = match secret.option {
            Some(option) => format!("the secret given by `{option}` is written out in this command"),
            None => "the password in this address is written out in a command".to_owned(),
        };
        subject
            .report_at(cx, origin, message)
            .help("let the program read it from a file that `secrets` provides");
    }
}

fn assignments(file: SourceId, script: &Script, found: &mut Vec<(SourceId, ArgumentSecret)>) {
    for site in script.simple_commands() {
        found.extend(site.command.assignments.iter().filter_map(in_assignment).map(|secret| (file, secret)));
    }
}

/// What is assigned in a health check that is a text for a shell.
fn shell_test(subject: &ServiceSubject<'_>, found: &mut Vec<(SourceId, ArgumentSecret)>) {
    let test = subject.spec().healthcheck.as_ref().and_then(|healthcheck| healthcheck.value.test.as_ref());
    let text = match test.map(|test| &test.value) {
        Some(Command::Line(text)) => Some(text),
        Some(Command::Words(words)) => match words.as_slice() {
            [kind, text, ..] if kind.as_str() == "CMD-SHELL" => Some(text),
            _ => None,
        },
        _ => None,
    };
    if let Some(text) = text.filter(|text| !text.is_unknown()) {
        assignments(text.origin.source, &shell::parse(&text.mapped).tree, found);
    }
}

fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(commands) = subject.commands() else { return };
    let mut found: Vec<(Span, String)> = Vec::new();
    let mut add = |secret: ArgumentSecret| {
        let message = match secret.option {
            Some(option) => format!("the secret given by `{option}` is written out in this command"),
            None => "the password in this address is written out in a command".to_owned(),
        };
        found.push((secret.span, message));
    };
    if let Commands::Script(script) = commands {
        script
            .simple_commands()
            .iter()
            .flat_map(|site| &site.command.assignments)
            .filter_map(in_assignment)
            .for_each(&mut add);
    }
    for_each_program(commands, &mut |program| match program.invocation.script() {
        Some(script) => {
            script
                .simple_commands()
                .iter()
                .flat_map(|site| &site.command.assignments)
                .filter_map(in_assignment)
                .for_each(&mut add);
        }
        None => in_words(program.invocation.words).into_iter().for_each(&mut add),
    });
    // Of what a `RUN` does to accounts, `account-password` tells.
    let at_start = !matches!(subject.operation().kind, InstructionKind::Run(_));
    for_each_program(commands, &mut |program| {
        if at_start && let Some(span) = program.site.and_then(login_password) {
            found
                .push((span, "a password for a user of the image is written out in this command".to_owned()));
        }
    });
    found.sort();
    found.dedup_by_key(|(span, _)| *span);
    let text = subject.plan.dockerfile.file.text();
    for (span, message) in found {
        if !at_start && is_stand_in(span.slice(text)) {
            continue;
        }
        let draft = subject
            .report(cx, span, message)
            .help("in a build, mount it: `RUN --mount=type=secret`; when it runs, read it from a file that is mounted");
        if !subject.is_in_target_chain() {
            draft.at_most(Severity::Medium);
        }
    }
}

/// `echo root:password | chpasswd`
fn login_password(site: &Site<'_>) -> Option<Span> {
    let reader = site.context.piped_to.and_then(ShellCommand::simple)?;
    let writes = matches!(site.command.name().as_deref(), Some("echo" | "printf"));
    let sets = reader.invocations().iter().any(|program| program.name().as_deref() == Some("chpasswd"));
    let encrypted = reader.words.iter().any(|word| word.is("-e") || word.is("--encrypted"));
    if !writes || !sets || encrypted {
        return None;
    }
    let word = site.command.args().iter().rfind(|word| word.text.text().contains(':'))?;
    let text = word.literal_text()?;
    let (_, password) = text.trim_end_matches("\\n").split_once(':')?;
    matches!(judge(password), Verdict::Literal | Verdict::Number).then(|| word.span())
}
