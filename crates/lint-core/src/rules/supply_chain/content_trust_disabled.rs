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
        name: "content-trust-disabled",
        docs: "The check of image signatures is switched off.

## Why
With Docker Content Trust the client takes only images whose publisher has signed them. Where it is switched off by
name, somebody has decided for everybody who runs this that a tag may lead to an image that nobody signed.

## Instead
Remove the setting, and leave it to the host. Pin images by digest, and verify signatures with cosign or Notation.

## Limits
Whether it is on is a setting of the host; that it is not set here is no finding. Looked at are
`DOCKER_CONTENT_TRUST` and the option `--disable-content-trust` of `docker`.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing, Stride::Tampering],
        references: &[
            Reference::cis("4.5"),
            Reference::Cwe(345),
            Reference::Cwe(347),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
};

const VARIABLE: &str = "DOCKER_CONTENT_TRUST";
const MESSAGE: &str = "this switches the check of image signatures off";
const HELP: &str = "remove it, and verify signatures where images are pulled";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if let Some(variable) = subject.service.variable(VARIABLE)
        && let Some(value) = variable.value.as_ref().filter(|value| !value.is_unknown())
        && is_off(value.as_str())
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
            if value.as_ref().and_then(|value| value.text()).is_some_and(is_off) {
                found.push(pair.span);
            }
        }
    } else if let Some(commands) = subject.commands() {
        for_each_assignment(commands, &mut |name, value, span| {
            found.extend((name == VARIABLE && is_off(value)).then_some(span));
        });
        for_each_program(commands, &mut |program| found.extend(options(program.invocation)));
    }
    for span in found {
        subject.report(cx, span, MESSAGE).help(HELP);
    }
}

/// The values that Go's `ParseBool` takes for false; what it does not understand, Docker takes for true.
fn is_off(value: &str) -> bool {
    matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False")
}

/// `docker pull --disable-content-trust`; the words after an image are the container's.
fn options(invocation: &Invocation<'_>) -> Vec<Span> {
    if invocation.name().as_deref() != Some("docker") {
        return Vec::new();
    }
    let verbs = ["build", "create", "pull", "push", "run", "image", "container"];
    let args = invocation.args();
    let Some(first) = args.first().and_then(|word| word.literal_text()) else { return Vec::new() };
    if !verbs.contains(&&*first) {
        return Vec::new();
    }
    let switches = |text: &str| match text.strip_prefix("--disable-content-trust") {
        Some("") => true,
        Some(value) => value.strip_prefix('=').is_some_and(|value| !is_off(value)),
        None => false,
    };
    let words = args.iter().take_while(|word| word.literal_text().is_none_or(|text| text != "--"));
    words
        .filter(|word| word.literal_text().is_some_and(|text| switches(&text)))
        .map(|word| word.span())
        .collect()
}
