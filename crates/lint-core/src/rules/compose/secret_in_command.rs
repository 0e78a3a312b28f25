use crate::model::command_lines::for_each_invocation;
use crate::model::secrets::arguments::{ArgumentSecret, in_assignment, in_words};
use crate::model::spelled_out::is_written;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::shell;
use lint_parser::shell::ast::Script;

declare_rule! {
    /// A secret is written out in a command.
    ///
    /// ## Why
    /// The words of a command are readable for every process beside it (`ps`), they stand in `docker inspect` and in the
    /// engine's events, and in a file that is committed.
    ///
    /// ## Instead
    /// Let the program read the secret from a file (`--password-file /run/secrets/db_password`, `redis.conf`) that
    /// `secrets` provides; in a shell, `"$$(cat /run/secrets/db_password)"` at least keeps it out of the file.
    ///
    /// ## Limits
    /// Looked at are `command`, `entrypoint`, `healthcheck.test` and the hooks, shell scripts in them included: options named
    /// as secrets are (`--password`, `--requirepass`, `-Dkey.password=`), those of common clients (`mysql -p...`,
    /// `redis-cli -a`, `curl -u`), assignments, and passwords in URLs.
    pub(super) static RULE = {
        name: "secret-in-command",
        severity: Severity::High,
        category: Category::Secrets,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::cis("4.10"), Reference::Cwe(214), Reference::Cwe(798), Reference::Owasp("#12"), Reference::Nist("4.1.4")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Service(check)],
    }
}

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
