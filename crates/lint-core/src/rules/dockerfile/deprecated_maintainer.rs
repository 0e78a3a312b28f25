use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

declare_rule! {
    /// `MAINTAINER` is deprecated.
    ///
    /// ## Why
    /// Docker has deprecated it since version 1.13 and may drop it. What it sets is a field of the image that
    /// tools no longer read.
    ///
    /// ## Instead
    /// `LABEL org.opencontainers.image.authors="name@example.com"`.
    pub(super) static RULE = {
        name: "deprecated-maintainer",
        severity: Severity::Style,
        category: Category::Hygiene,
        stride: &[],
        references: &[
            Reference::Hadolint("DL4000"),
            Reference::BuildKit("MaintainerDeprecated"),
            Reference::Trivy("DS-0022"),
            Reference::Checkov("CKV_DOCKER_6"),
            Reference::Semgrep("maintainer-is-deprecated"),
            Reference::Kics("MAINTAINER Instruction Being Used"),
        ],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Instruction(check)],
    }
}

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if matches!(subject.instruction.kind, InstructionKind::Maintainer(_)) {
        cx.report(subject.place(subject.instruction.span), "`MAINTAINER` is deprecated")
            .help("use `LABEL org.opencontainers.image.authors=...`");
    }
}
