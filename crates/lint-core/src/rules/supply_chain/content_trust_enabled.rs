use crate::model::command_lines::for_each_invocation;
use crate::model::programs::{for_each_assignment, for_each_program};
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "content-trust-enabled",
        docs: "Images are to be checked by Docker Content Trust, which is being switched off.

## Why
Docker Content Trust ends in December 2026: the service that holds its signatures, Notary at `notary.docker.io`, is shut down,
and the signatures of Docker's official images are no longer renewed. With `DOCKER_CONTENT_TRUST=1` the client then refuses to
pull and push what it cannot look up there, and until then it promises a check that nobody keeps up.

## Instead
Remove the setting, and the signing with `docker trust`. Pin images by digest, and sign and verify them with cosign or Notation
(`cosign verify`, `notation verify`), in the pipeline or by a policy where they are run.

## Limits
Looked at are `DOCKER_CONTENT_TRUST`, the option `--disable-content-trust=false` and the command `docker trust`. That content trust is
switched off is no finding any more, although the CIS Docker Benchmark still asks for it (4.5): `plimsoll audit` calls that item
undecidable.

## When to allow it
A registry of your own, with a Notary server of your own that stays.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::DenialOfService],
        references: &[
            Reference::Cwe(477),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
            Reference::Url("https://docs.docker.com/engine/security/trust/"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
};

const VARIABLE: &str = "DOCKER_CONTENT_TRUST";
const MESSAGE: &str = "this relies on Docker Content Trust, which ends in December 2026";
const HELP: &str = "remove it; pin images by digest, and verify signatures with cosign or Notation";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if let Some(variable) = subject.service.variable(VARIABLE)
        && let Some(value) = variable.value.as_ref().filter(|value| !value.is_unknown())
        && is_on(value.as_str())
    {
        subject.report_part(cx, variable.origin, variable.via, MESSAGE).help(HELP);
    }
    for_each_invocation(subject.service, &mut |source, invocation| {
        for span in options(invocation) {
            subject.report_at(cx, Origin { source, span }, MESSAGE).help(HELP);
        }
    });
}

fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let mut found: Vec<Span> = Vec::new();
    if let InstructionKind::Env(pairs) | InstructionKind::Arg(pairs) = &subject.operation().kind {
        if !subject.is_reachable() {
            return;
        }
        for pair in pairs.iter().filter(|pair| pair.key.text() == VARIABLE) {
            let value = pair.value.as_ref().map(|value| subject.plan.expand(subject.index, value));
            if value.as_ref().and_then(|value| value.text()).is_some_and(is_on) {
                found.push(pair.span);
            }
        }
    } else if let Some(commands) = subject.commands() {
        for_each_assignment(commands, &mut |name, value, span| {
            found.extend((name == VARIABLE && is_on(value)).then_some(span));
        });
        for_each_program(commands, &mut |program| found.extend(options(program.invocation)));
    }
    for span in found {
        subject.report(cx, span, MESSAGE).help(HELP);
    }
}

/// What Go's `ParseBool` takes for true. Docker does so with every text that is no bool, which nobody writes.
fn is_on(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// `docker pull --disable-content-trust=false`, and `docker trust sign`; the words after an image are the container's.
fn options(invocation: &Invocation<'_>) -> Vec<Span> {
    if invocation.name().as_deref() != Some("docker") {
        return Vec::new();
    }
    let args = invocation.args();
    let Some((first, rest)) = args.split_first() else { return Vec::new() };
    let verb = first.literal_text().unwrap_or_default();
    let next = rest.first().and_then(|word| word.literal_text()).unwrap_or_default();
    if verb == "trust" && ["inspect", "key", "revoke", "sign", "signer"].contains(&&*next) {
        return vec![first.span()];
    }
    if !["build", "create", "pull", "push", "run", "image", "container"].contains(&&*verb) {
        return Vec::new();
    }
    let switches = |text: &str| {
        let value = text.strip_prefix("--disable-content-trust=");
        value.is_some_and(|value| matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False"))
    };
    let words = args.iter().take_while(|word| word.literal_text().is_none_or(|text| text != "--"));
    words
        .filter(|word| word.literal_text().is_some_and(|text| switches(&text)))
        .map(|word| word.span())
        .collect()
}
