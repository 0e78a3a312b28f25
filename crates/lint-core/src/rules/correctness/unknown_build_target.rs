use crate::model::container::{Container, Image};
use crate::rule::prelude::*;
use lint_parser::text::near::closest;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-build-target",
        docs: r#"A service builds a stage that its Dockerfile does not have.

## Why
BuildKit stops with `target stage "..." could not be found`.

## Instead
Name a stage of the Dockerfile, as `AS name` gives it. Capital and small letters are the same.

## Fix safety
The fix is unsafe: the nearest name may not be the one that is meant.
"#,
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

/// Stages that one may be meant for: comparing is slow, and nobody has as many.
const MOST_CANDIDATES: usize = 100;
/// Stages a message names.
const MOST_NAMES: usize = 8;

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Image::NoTarget { plan } = &container.image else { return };
    let Some(of) = container.service else { return };
    let Some(target) = of.service.spec.build.as_ref().and_then(|build| build.value.target.as_ref()) else {
        return;
    };
    // The stage may be in the part that could not be read.
    let (Some(last), []) = (plan.stages.last(), plan.dockerfile.errors.as_slice()) else { return };
    let file = &plan.dockerfile.file;
    let name = target.value.as_str();
    let names = || plan.stages.iter().filter_map(|stage| Some((stage.name.as_deref()?, stage)));
    let draft = cx.report(of.project.place(target.origin), format!("the Dockerfile has no stage `{name}`"));
    // `prod` for `production`, and the other way round.
    let lower = name.to_lowercase();
    let short = |stage: &str| !lower.is_empty() && (stage.starts_with(&lower) || lower.starts_with(stage));
    let mut shortened = names().take(MOST_CANDIDATES).map(|(name, _)| name).filter(|name| short(name));
    let near = match (shortened.next(), shortened.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    };
    let near = near.or_else(|| closest(&lower, names().take(MOST_CANDIDATES).map(|(name, _)| name)));
    if let Some((near, stage)) = names().find(|(name, _)| Some(*name) == near) {
        let fix = of.project.editor_for(of.service).replace(target.origin, near);
        draft
            .maybe_fix(fix.map(|change| change.unsafely(format!("Write `{near}`"))))
            .label(Place::new(file, stage.from_span), "it has this one")
            .help(format!("did you mean `{near}`?"));
        return;
    }
    let known: Vec<String> = names().take(MOST_NAMES).map(|(name, _)| format!("`{name}`")).collect();
    let (label, help) = if known.is_empty() {
        ("the Dockerfile's stages have no names", format!("add `AS {name}` to the stage that is meant"))
    } else {
        ("the Dockerfile's last stage", format!("its stages are {}", known.join(", ")))
    };
    draft.label(Place::new(file, last.from_span), label).help(help);
}
