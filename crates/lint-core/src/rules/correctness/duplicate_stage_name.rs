use std::collections::HashMap;

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "duplicate-stage-name",
        docs: "Two stages have the same name.

## Why
The later one wins: `COPY --from` and `--target` can no longer reach the earlier stage by its name, and
what was meant for one is taken from the other.

## Instead
Give each stage a name of its own. Case does not tell names apart.
",
        severity: Severity::Medium,
        references: &[
            Reference::Hadolint("DL3024"),
            Reference::BuildKit("DuplicateStageName"),
            Reference::Trivy("DS-0012"),
            Reference::Checkov("CKV_DOCKER_11"),
            Reference::Semgrep("alias-must-be-unique"),
            Reference::Kics("Same Alias In Different Froms"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let file = &plan.dockerfile.file;
    let mut known: HashMap<&str, Span> = HashMap::new();
    for stage in &plan.stages {
        let (Some(name), Some(from)) = (&stage.name, plan.instruction(stage.from)) else { continue };
        let InstructionKind::From(from) = &from.kind else { continue };
        let Some(span) = from.name.as_ref().map(|name| name.span()) else { continue };
        if let Some(first) = known.insert(name, span) {
            cx.report(Place::new(file, span), format!("an earlier stage is called `{name}` already"))
                .label(Place::new(file, first), "the earlier stage")
                .help("give each stage a name of its own");
        }
    }
}
