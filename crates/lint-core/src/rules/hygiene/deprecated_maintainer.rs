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

## Fix safety
Docker keeps the name in the label instead of in a field of its own.
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
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// The label with the same text, in quotes.
fn label(subject: &InstructionSubject<'_>) -> Option<Fix> {
    let InstructionKind::Maintainer(text) = &subject.instruction.kind else { return None };
    let text = text.text().trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let bare =
        bare.or_else(|| text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))).unwrap_or(text);
    if bare.is_empty() || bare.contains(['"', '\\', '$', '`', '\n']) {
        return None;
    }
    let keyword = &subject.instruction.keyword.value;
    if subject.plan.dockerfile.file.slice(subject.instruction.span).contains('\n') {
        return None;
    }
    let keyword = if keyword.chars().all(char::is_lowercase) { "label" } else { "LABEL" };
    let line = format!("{keyword} org.opencontainers.image.authors=\"{bare}\"");
    Fix::of("Use a label", Applicability::Safe, [subject.edits().replace(subject.instruction.span, line)])
}

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if matches!(subject.instruction.kind, InstructionKind::Maintainer(_)) {
        cx.report(subject.place(subject.instruction.span), "`MAINTAINER` is deprecated")
            .help("use `LABEL org.opencontainers.image.authors=...`")
            .maybe_fix(label(subject));
    }
}
