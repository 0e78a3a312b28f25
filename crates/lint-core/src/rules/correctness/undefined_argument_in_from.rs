use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::dockerfile::expansion::UseState;
use lint_parser::text::near::closest;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "undefined-argument-in-from",
        docs: "`FROM` uses an argument that nothing declares.

## Why
`FROM` sees the `ARG`s before the first `FROM` and no others; to `ENV` and to the `ARG`s of a stage it is
blind. What it does not see is empty, even when `--build-arg` passes it: the build fails, or takes
another image than the one meant.

## Instead
Declare it with `ARG` before the first `FROM`.

## Limits
`${NAME:-default}` says itself what to do without a value and is not reported.
",
        severity: Severity::Medium,
        references: &[Reference::BuildKit("UndefinedArgInFrom")],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let tree = &plan.dockerfile.tree;
    let arguments = &plan.dockerfile.arguments;
    for stage in &plan.stages {
        let Some(instruction) = plan.instruction(stage.from) else { continue };
        let InstructionKind::From(from) = &instruction.kind else { continue };
        let platform = instruction.flag("platform").and_then(|flag| flag.value.as_ref());
        for word in std::iter::once(&from.image).chain(platform) {
            let uses = arguments.expand(word, tree.escape).map(|expanded| expanded.uses).unwrap_or_default();
            for used in uses {
                if used.state != UseState::Unset || used.guarded || arguments.declares(&used.name) {
                    continue;
                }
                let help = match closest(&used.name, arguments.names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("declare it before the first FROM: `ARG {}`", used.name),
                };
                let place = Place::new(&plan.dockerfile.file, used.span);
                let message = format!("no `ARG` before the first `FROM` declares `{}`", used.name);
                let draft = cx.report(place, message).help(help);
                if let Some(origin) = stage_of_argument(plan, &used.name) {
                    draft.label(origin, "this one belongs to a stage");
                }
            }
        }
    }
}

/// An `ARG` of that name in some stage, where `FROM` does not see it.
fn stage_of_argument(plan: &BuildPlan, name: &str) -> Option<Place> {
    let pairs = plan.dockerfile.tree.instructions.iter().filter_map(|instruction| match &instruction.kind {
        InstructionKind::Arg(pairs) => Some(pairs),
        _ => None,
    });
    let pair = pairs.flatten().find(|pair| pair.key.text() == name)?;
    Some(Place::new(&plan.dockerfile.file, pair.span))
}
