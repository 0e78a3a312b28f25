use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "deprecated-maintainer",
        docs: r#"`MAINTAINER` is deprecated.

## Why
Docker has deprecated it since version 1.13 and may drop it. What it sets is a field of the image that
tools no longer read.

## Instead
`LABEL org.opencontainers.image.authors="name@example.com"`.
"#,
        severity: Severity::Style,
        references: &[
            Reference::Hadolint("DL4000"),
            Reference::BuildKit("MaintainerDeprecated"),
            Reference::Trivy("DS-0022"),
            Reference::Checkov("CKV_DOCKER_6"),
            Reference::Semgrep("maintainer-is-deprecated"),
            Reference::Kics("MAINTAINER Instruction Being Used"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if matches!(subject.instruction.kind, InstructionKind::Maintainer(_)) {
        cx.report(subject.place(subject.instruction.span), "`MAINTAINER` is deprecated")
            .help("use `LABEL org.opencontainers.image.authors=...`");
    }
}
