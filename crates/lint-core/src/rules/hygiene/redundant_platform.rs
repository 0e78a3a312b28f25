use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::finding::fix::Fix;
use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "redundant-platform",
        docs: "`FROM` asks for `$TARGETPLATFORM`, which it gets without asking.

## Why
The target platform is what `FROM` takes when nothing is said. Written out, it looks as if the stage were
special, and it hides the stages that are: those for `$BUILDPLATFORM`.

## Instead
Delete the flag.

## Fix safety
The platform stays the same.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[Reference::Hadolint("DL3065"), Reference::BuildKit("RedundantTargetPlatform")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let file = &plan.dockerfile.file;
    let tree = &plan.dockerfile.tree;
    let arguments = &plan.dockerfile.arguments;
    for stage in &plan.stages {
        let Some(instruction) = plan.instruction(stage.from) else { continue };
        let InstructionKind::From(from) = &instruction.kind else { continue };
        let Some(flag) = instruction.flag("platform") else { continue };
        let Some(value) = &flag.value else { continue };
        let Some(expanded) = arguments.expand(value, tree.escape) else { continue };
        let target_alone = expanded.uses.first().is_some_and(|used| used.name == "TARGETPLATFORM")
            && expanded.uses.iter().all(|used| used.name == "TARGETPLATFORM");
        if !target_alone || expanded.text.text() != "linux/amd64" {
            continue;
        }
        let draft = cx
            .report(
                Place::new(file, flag.span),
                "the target platform is what `FROM` takes without being asked",
            )
            .help("delete the flag");
        let next = instruction.flags.iter().map(|flag| flag.span.start());
        let next = next.filter(|&start| start > flag.span.start()).min().unwrap_or(from.image.span().start());
        let after = Span::new(flag.span.end(), next);
        if after.slice(file.text()).chars().all(|c| matches!(c, ' ' | '\t')) {
            let place = Place::new(file, Span::new(flag.span.start(), next));
            draft.fix(Fix::replace("Delete the flag", place, ""));
        }
    }
}
