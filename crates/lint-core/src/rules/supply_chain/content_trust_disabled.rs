use crate::rule::prelude::*;
use crate::rule::program::{ProgramSubject, VariableSubject};

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
    checks: &[Check::Variable(variable), Check::Program(program)],
};

const MESSAGE: &str = "this switches the check of image signatures off";
const HELP: &str = "remove it, and verify signatures where images are pulled";

fn variable(subject: &VariableSubject<'_>, cx: &mut Context<'_>) {
    if subject.name == "DOCKER_CONTENT_TRUST" && is_off(&subject.value) {
        subject.report(cx, MESSAGE).help(HELP);
    }
}

/// The values that Go's `ParseBool` takes for false; what it does not understand, Docker takes for true.
fn is_off(value: &str) -> bool {
    matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False")
}

/// `docker pull --disable-content-trust`; the words after an image are the container's.
fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    if subject.program.name() != Some("docker") {
        return;
    }
    let verbs = ["build", "create", "pull", "push", "run", "image", "container"];
    let args = subject.program.args();
    if !args.first().and_then(|word| word.literal_text()).is_some_and(|first| verbs.contains(&&*first)) {
        return;
    }
    let switches = |text: &str| match text.strip_prefix("--disable-content-trust") {
        Some("") => true,
        Some(value) => value.strip_prefix('=').is_some_and(|value| !is_off(value)),
        None => false,
    };
    for word in args.iter().take_while(|word| !word.is("--")) {
        if word.literal_text().is_some_and(|text| switches(&text)) {
            subject.report(cx, word.span(), MESSAGE).help(HELP);
        }
    }
}
