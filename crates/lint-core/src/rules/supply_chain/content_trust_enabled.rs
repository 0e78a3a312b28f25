use crate::rule::prelude::*;
use crate::rule::program::{ProgramSubject, VariableSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "content-trust-enabled",
        docs: "Images are to be checked by Docker Content Trust, which is being switched off.

## Why
Docker Content Trust ends in December 2026: the service that holds its signatures, Notary at
`notary.docker.io`, is shut down, and the signatures of Docker's official images are no longer renewed. With
`DOCKER_CONTENT_TRUST=1` the client then refuses to pull and push what it cannot look up there, and until
then it promises a check that nobody keeps up.

## Instead
Remove the setting, and the signing with `docker trust`. Pin images by digest, and sign and verify them with
cosign or Notation (`cosign verify`, `notation verify`), in the pipeline or by a policy where they are run.

## Limits
Looked at are `DOCKER_CONTENT_TRUST`, the option `--disable-content-trust=false` and the command `docker
trust`. That content trust is switched off is not reported any more, although the CIS Docker Benchmark still
asks for it (4.5): `plimsoll audit` calls that item
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
    checks: &[Check::Variable(variable), Check::Program(program)],
};

const MESSAGE: &str = "this relies on Docker Content Trust, which ends in December 2026";
const HELP: &str = "remove it; pin images by digest, and verify signatures with cosign or Notation";

fn variable(subject: &VariableSubject<'_>, cx: &mut Context<'_>) {
    if subject.name == "DOCKER_CONTENT_TRUST" && is_on(&subject.value) {
        subject.report(cx, MESSAGE).help(HELP);
    }
}

/// What Go's `ParseBool` takes for true. Docker does so with every text that is no bool, which nobody writes.
fn is_on(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// `docker pull --disable-content-trust=false`, and `docker trust sign`; the words after an image are the container's.
fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let Some((first, rest)) = subject.program.args().split_first() else { return };
    if subject.program.name() != Some("docker") {
        return;
    }
    let verb = first.literal_text().unwrap_or_default();
    let next = rest.first().and_then(|word| word.literal_text()).unwrap_or_default();
    if verb == "trust" && ["inspect", "key", "revoke", "sign", "signer"].contains(&&*next) {
        subject.report(cx, first.span(), MESSAGE).help(HELP);
        return;
    }
    if !["build", "create", "pull", "push", "run", "image", "container"].contains(&&*verb) {
        return;
    }
    let switches = |text: &str| {
        let value = text.strip_prefix("--disable-content-trust=");
        value.is_some_and(|value| matches!(value, "0" | "f" | "F" | "false" | "FALSE" | "False"))
    };
    for word in rest.iter().take_while(|word| !word.is("--")) {
        if word.literal_text().is_some_and(|text| switches(&text)) {
            subject.report(cx, word.span(), MESSAGE).help(HELP);
        }
    }
}
