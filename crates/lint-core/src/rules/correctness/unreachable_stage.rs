use std::collections::HashSet;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unreachable-stage",
        docs: "A stage has no name, and nothing uses it.

## Why
BuildKit builds the last stage and what that one needs. A stage that no later one starts from or copies from
is never built: its instructions look as if they did something. Often a `COPY --from` was forgotten, or a
`FROM` was meant to replace the one before it.

## Instead
Copy from it what the image is to have, or delete it. To build it by itself, give it a name.

## Limits
A stage with a name may be a target (`docker build --target test`), and is not reported. Without one it cannot
be: BuildKit takes no numbers there.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[Reference::Tally("tally/no-unreachable-stages")],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    // Without a target nothing is built, which another rule says.
    if plan.target.is_none() {
        return;
    }
    // What only an unused stage uses belongs to what that one is for.
    let mut used = HashSet::new();
    for stage in &plan.stages {
        used.extend(stage.parent());
        used.extend(&stage.reads);
        used.extend(&stage.alternatives);
    }
    for stage in &plan.stages {
        if stage.name.is_none() && !plan.is_reachable(stage.index) && !used.contains(&stage.index) {
            let place = Place::new(&plan.dockerfile.file, stage.from_span);
            cx.report(place, "nothing uses this stage, so it is never built")
                .help("copy from it, delete it, or name it if it is a target");
        }
    }
}
