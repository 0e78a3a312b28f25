use std::collections::HashSet;

use crate::model::build::BuildPlan;
use crate::model::container::Container;
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::{InstructionKind, Pair};
use lint_parser::text::near::closest;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "undeclared-build-argument",
        docs: "A build argument that the Dockerfile has no `ARG` for.

## Why
BuildKit warns that the argument was not consumed and builds without it: the version, the flag or the address that
was to go into the image does not, and the default holds.

## Instead
Add `ARG NAME` to the stage that uses it, or mend the name. An argument nobody needs can go.

## Fix safety
The fix writes the name that the Dockerfile declares. It is unsafe: the nearest name may not be the one that is meant.

## Limits
Arguments that Docker knows without a declaration (`HTTP_PROXY`, `BUILDKIT_*`, `TARGETARCH`, `SOURCE_DATE_EPOCH`)
are not reported, nor are those that a service takes from elsewhere by an alias, a merge key or `extends`: such
lists are written for several images at once.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

/// What Docker takes without a declaration, in lower case.
const PREDEFINED: [&str; 15] = [
    "http_proxy",
    "https_proxy",
    "ftp_proxy",
    "no_proxy",
    "all_proxy",
    "source_date_epoch",
    "targetplatform",
    "targetos",
    "targetarch",
    "targetvariant",
    "targetstage",
    "buildplatform",
    "buildos",
    "buildarch",
    "buildvariant",
];

/// Names that one may be meant for: comparing is slow, and nobody declares as many.
const MOST_CANDIDATES: usize = 100;
/// Names of one service whose meaning is guessed at.
const MOST_GUESSES: usize = 10;

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let (Some(of), Some(plan)) = (container.service, container.image.plan()) else { return };
    let Some(build) = &of.service.spec.build else { return };
    let Some(arguments) = build.value.args.as_ref().filter(|arguments| arguments.via.is_none()) else {
        return;
    };
    // A text that cannot be read may hide a declaration, and another language may need none.
    let is_readable = plan.dockerfile.errors.is_empty() && plan.dockerfile.foreign.is_none();
    if build.via.is_some() || !is_readable {
        return;
    }
    let Some(declared) = declared(plan) else { return };
    let names: HashSet<&str> = declared.iter().map(|(name, _)| *name).collect();
    let mut guesses = 0;
    for pair in &arguments.value.items {
        let name = pair.name.as_str();
        if pair.via.is_some() || pair.name.is_unknown() || names.contains(name) || is_predefined(name) {
            continue;
        }
        let file = &plan.dockerfile.file;
        let message = format!("the Dockerfile has no `ARG {name}`, so this argument does nothing");
        let draft = cx.report(of.project.place(pair.name.origin), message);
        guesses += 1;
        let candidates = declared.iter().take(if guesses <= MOST_GUESSES { MOST_CANDIDATES } else { 0 });
        let near = closest(name, candidates.map(|(name, _)| *name));
        match near.and_then(|near| declared.iter().find(|(name, _)| *name == near)) {
            Some((near, span)) => {
                let fix = of.project.editor_for(of.service).respell(pair.name.origin, near);
                draft
                    .maybe_fix(fix.map(|change| change.unsafely(format!("Write `{near}`"))))
                    .label(Place::new(file, *span), "the Dockerfile declares this one")
                    .help(format!("did you mean `{near}`?"));
            }
            None => {
                let stage = plan.target_stage().or(plan.stages.last());
                let draft = match stage {
                    Some(stage) => draft.label(Place::new(file, stage.from_span), "in this build"),
                    None => draft,
                };
                draft
                    .at_most(Severity::Low)
                    .help(format!("add `ARG {name}` to the stage that uses it, or remove the argument"));
            }
        }
    }
}

fn is_predefined(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("buildkit_") || PREDEFINED.contains(&name.as_str())
}

/// Every name an `ARG` declares, triggers included, and where; `None` when a variable is part of a name.
fn declared(plan: &BuildPlan) -> Option<Vec<(&str, Span)>> {
    let mut declared = Vec::new();
    for instruction in &plan.dockerfile.tree.instructions {
        let kind = match &instruction.kind {
            InstructionKind::Onbuild(Some(trigger)) => &trigger.kind,
            kind => kind,
        };
        let InstructionKind::Arg(pairs) = kind else { continue };
        for Pair { key, .. } in pairs {
            if key.text().contains('$') {
                return None;
            }
            declared.push((key.text(), key.span()));
        }
    }
    Some(declared)
}
