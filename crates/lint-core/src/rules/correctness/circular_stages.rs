use crate::model::build::BuildPlan;
use crate::model::build::from_references::from_references;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "circular-stages",
        docs: r#"Stages need one another in a circle.

## Why
`COPY --from` and `RUN --mount=from=` may name a later stage, but not one that needs this one in turn:
BuildKit stops with "circular dependency detected on stage", whichever stage is asked for.

## Instead
Move what both need into a stage of its own, and copy from that.

## Limits
A stage that names itself is `copied-from-own-stage`.
"#,
        severity: Severity::High,
        references: &[Reference::Tally("tally/circular-stage-deps")],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    // A circle has at least one step to a later stage.
    if plan.stages.iter().all(|stage| stage.reads.last().is_none_or(|last| *last <= stage.index)) {
        return;
    }
    let circles = plan.circles();
    let is_in = |stage: usize| circles.get(stage).copied().unwrap_or(false);
    for stage in plan.stages.iter().filter(|stage| is_in(stage.index)) {
        for index in stage.instructions.clone() {
            let Some(instruction) = plan.instruction(index) else { continue };
            for (from, is_mount) in from_references(instruction) {
                let number = || from.text().parse().ok().filter(|_| !is_mount);
                let named = plan.names.get(&from.text().to_lowercase()).copied().or_else(number);
                let later = named.filter(|later| *later > stage.index && is_in(*later));
                let Some(other) = later.and_then(|later| plan.stages.get(later)) else { continue };
                let file = &plan.dockerfile.file;
                let message = format!("stage `{}` needs this stage in turn", from.text().escape_debug());
                cx.report(Place::new(file, from.span()), message)
                    .supersedes("copied-from-undefined-stage")
                    .label(Place::new(file, other.from_span), "the stage")
                    .help("move what both need into a stage of its own");
            }
        }
    }
}
