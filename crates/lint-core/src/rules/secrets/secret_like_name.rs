use lint_parser::dockerfile::ast::InstructionKind;

use crate::model::secrets::dockerfile::{arg, env};
use crate::model::secrets::name::is_warned_of_by_build_kit;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-like-name",
        docs: "`docker build` takes an `ARG` or `ENV` for a secret because of its name.

## Why
BuildKit warns of every `ARG` and `ENV` with a word such as `KEY`, `AUTH` or `TOKEN` in its name. Most of
them are not secrets; a warning at each build that everybody has learnt to overlook hides the one that
matters.

## Instead
If it is a secret, use `RUN --mount=type=secret`. If it is none, say so to BuildKit above the instruction,
`# check=skip=SecretsUsedInArgOrEnv // a public fingerprint`, or call it something else.

## Limits
What `secret-in-environment` and `secret-in-build-argument` report, by name and value, is theirs. BuildKit
does not warn of names that hold `PUBLIC`, `FILE` or `VERSION`.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::BuildKit("SecretsUsedInArgOrEnv"),
            Reference::Hadolint("DL3064"),
            Reference::Trivy("DS-0031"),
            Reference::Semgrep("secret-in-build-arg"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let (keyword, pairs) = match &subject.instruction.kind {
        InstructionKind::Arg(pairs) => ("ARG", pairs),
        InstructionKind::Env(pairs) => ("ENV", pairs),
        _ => return,
    };
    for pair in pairs {
        let name = pair.key.text();
        let is_told = match keyword {
            "ARG" => arg(subject.plan, subject.index, pair),
            _ => env(subject.plan, subject.index, pair).is_some(),
        };
        if is_warned_of_by_build_kit(name) && !is_told {
            subject
                .report(cx, pair.key.span(), format!("`docker build` takes `{keyword} {name}` for a secret"))
                .help("if it is none, put `# check=skip=SecretsUsedInArgOrEnv` above the instruction");
        }
    }
}
