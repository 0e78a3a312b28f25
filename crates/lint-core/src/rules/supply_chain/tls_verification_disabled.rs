use crate::model::daemon::is_loopback;
use crate::model::downloads::downloads;
use crate::model::packages::PackageCommand;
use crate::model::programs::{for_each_assignment, for_each_program};
use crate::model::tls;
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "tls-verification-disabled",
        docs: r#"The check of certificates is switched off.

## Why
Without it TLS protects against nobody who can do more than listen: whoever sits between the build and the server,
on a public network or a misconfigured proxy, decides what is downloaded. What is downloaded in a build is mostly run
as root. Set in `ENV` or a service's `environment`, it holds for everything the container does later.

## Instead
Install the certificates (`ca-certificates`), or add the authority that signed the server's:
`COPY corporate-ca.crt /usr/local/share/ca-certificates/` and `RUN update-ca-certificates`. Or check what was
downloaded: `echo "<hash>  file" | sha256sum -c`.

## Limits
Looked for are the switches of `curl`, `wget`, `git`, `pip`, `uv`, `npm`, `yarn`, `pnpm`, `apt`, `yum`, `dnf`, `conda`,
`composer`, `bundle`, `go`, `mvn`, `aws`, `az`, `kubectl`, `helm`, `podman`, `skopeo`, `vault`, `consul` and `nomad`, as options,
settings and variables, with the values that each of them takes for no: for `GIT_SSL_NO_VERIFY` that is any value. Of a service
the variables alone. What is checked by hash or signature later in the same `RUN`, and
what stays on the machine (`localhost`), is not reported.
"#,
        severity: Severity::High,
        stride: &[Stride::Tampering, Stride::Spoofing],
        references: &[
            Reference::cis("4.11"),
            Reference::Cwe(295),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
            Reference::Checkov("CKV2_DOCKER_2"),
            Reference::Checkov("CKV2_DOCKER_3"),
            Reference::Checkov("CKV2_DOCKER_4"),
            Reference::Checkov("CKV2_DOCKER_5"),
            Reference::Checkov("CKV2_DOCKER_6"),
            Reference::Checkov("CKV2_DOCKER_12"),
            Reference::Checkov("CKV2_DOCKER_13"),
            Reference::Checkov("CKV2_DOCKER_14"),
            Reference::Checkov("CKV2_DOCKER_15"),
            Reference::Checkov("CKV2_DOCKER_16"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check), Check::Service(in_service)],
};

const HELP: &str = "install the authority's certificate instead, or check what was downloaded by its hash";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    if let Some(commands) = subject.run() {
        for download in downloads(commands, subject.variables()) {
            let is_local = !download.urls.is_empty()
                && download.urls.iter().all(|url| url.host().is_some_and(is_loopback));
            if let Some(span) = download.insecure.filter(|_| !download.verified && !is_local) {
                found.push((span, format!("`{}` takes any certificate here", download.program)));
            }
        }
        for command in subject.plan.package_commands(subject.index) {
            found.extend(of_manager(command));
        }
        for_each_program(commands, &mut |program| {
            let words = program.invocation.words;
            let name = words.first().and_then(Word::command_name).unwrap_or_default();
            found.extend(
                tls::in_program(words).map(|span| (span, format!("`{name}` takes any certificate here"))),
            );
        });
        for_each_assignment(commands, &mut |name, value, span| found.extend(of_variable(name, value, span)));
    } else if subject.is_reachable() {
        found.extend(of_instruction(subject));
    }
    found.sort_by_key(|(span, _)| *span);
    found.dedup_by_key(|(span, _)| *span);
    for (span, message) in found {
        let draft = subject.report(cx, span, message).help(HELP);
        if !subject.is_in_target_chain() {
            draft.at_most(Severity::Medium);
        }
    }
}

/// `environment` and the files of `env_file`
fn in_service(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for variable in subject.service.environment() {
        let Some(value) = variable.value.as_ref().filter(|value| !value.is_unknown()) else { continue };
        let found = of_variable(variable.name.as_str(), value.as_str(), variable.origin.span);
        if let Some((_, message)) = found {
            subject.report_part(cx, variable.origin, variable.via, message).help(HELP);
        }
    }
}

/// `ENV` and `ARG`
fn of_instruction(subject: &InstructionSubject<'_>) -> Vec<(Span, String)> {
    let (InstructionKind::Env(pairs) | InstructionKind::Arg(pairs)) = &subject.operation().kind else {
        return Vec::new();
    };
    let each = pairs.iter().filter_map(|pair| {
        let value = subject.plan.expand(subject.index, pair.value.as_ref()?);
        of_variable(pair.key.text(), value.text()?, pair.span)
    });
    each.collect()
}

fn of_variable(name: &str, value: &str, span: Span) -> Option<(Span, String)> {
    tls::variable(name, value).then(|| (span, format!("`{name}` switches the check of certificates off")))
}

fn of_manager(command: &PackageCommand) -> Vec<(Span, String)> {
    let here = tls::in_options(command);
    let mut found: Vec<_> =
        here.map(|span| (span, format!("`{}` takes any certificate here", command.program))).collect();
    if tls::is_configured_off(command) {
        found.push((command.span, format!("`{}` takes any certificate from here on", command.program)));
    }
    found
}
