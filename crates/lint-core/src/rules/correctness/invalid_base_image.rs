use std::collections::HashSet;

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::image;

use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::kit::platform;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-base-image",
        docs: "`FROM` names no valid image, or no valid platform.

## Why
The build fails at once when the name is malformed: image names are in lower case, `FROM Builder` does not
find the stage `builder`. Where the name depends on arguments, whoever runs `docker build` without the right
`--build-arg` gets an error about an empty or malformed image name. So do tools that read the Dockerfile to
learn what it is built upon. A `--platform` that is neither a system nor an architecture (`x64`) is refused
before anything is pulled.

## Instead
Give the `ARG` a default: `ARG VERSION=3.20`.

## Limits
A name that is invalid with default arguments alone is reported below the rule's severity.

## When to allow it
When the argument is meant to be asked for: the build fails loudly without it.
",
        severity: Severity::Medium,
        references: &[Reference::BuildKit("InvalidDefaultArgInFrom")],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let tree = &plan.dockerfile.tree;
    let arguments = &plan.dockerfile.arguments;
    // The names of the stages so far, in small letters.
    let mut names: HashSet<&str> = HashSet::new();
    for stage in &plan.stages {
        let before = stage.index.checked_sub(1).and_then(|before| plan.stages.get(before));
        names.extend(before.and_then(|before| before.name.as_deref()));
        let Some(InstructionKind::From(from)) = plan.instruction(stage.from).map(|from| &from.kind) else {
            continue;
        };
        refused_platform(plan, stage, cx);
        let word = &from.image;
        let Some(expanded) = arguments.expand(word, tree.escape) else { continue };
        if expanded.unknown {
            continue;
        }
        let text = expanded.text.text();
        if names.contains(text) || image::parse(&expanded.text).is_ok() {
            continue;
        }
        let place = Place::new(&plan.dockerfile.file, word.span());
        if expanded.uses.is_empty() {
            let help = match names.get(text.to_ascii_lowercase().as_str()) {
                Some(stage) => format!("the stage's name is `{stage}`"),
                None => "write `name:tag`, the name in lower case".to_owned(),
            };
            cx.report(place, format!("`{}` is no valid image name", text.escape_debug())).help(help);
            continue;
        }
        let message = match text {
            "" => "with default arguments this names no image at all".to_owned(),
            text => format!("with default arguments this is `{}`, which is no image", text.escape_debug()),
        };
        cx.report(place, message)
            .help("give the `ARG` a default with which the name is valid")
            .at_most(Severity::Low);
    }
}

/// `--platform=x86`: one word must be an operating system or an architecture that BuildKit knows.
fn refused_platform(plan: &BuildPlan, stage: &Stage, cx: &mut Context<'_>) {
    let flag = plan.instruction(stage.from).and_then(|instruction| instruction.flag("platform"));
    let Some((flag, value)) = flag.and_then(|flag| Some((flag, flag.value.as_ref()?))) else { return };
    let arguments = &plan.dockerfile.arguments;
    let Some(expanded) = arguments.expand(value, plan.dockerfile.tree.escape) else { return };
    let text = expanded.text.text();
    if expanded.unknown || text.is_empty() || platform::parse(text).is_some() {
        return;
    }
    let help = match text {
        "x64" | "x86-64" | "64" | "amd" => "write `linux/amd64`",
        "x86" | "32" | "ia32" => "write `linux/386`, or `linux/amd64` if 64 bits are meant",
        "arm8" | "armv8" | "arm64v8" | "m1" => "write `linux/arm64`",
        _ => "write the system and the architecture, such as `linux/amd64`",
    };
    let message = format!("`{}` is no platform, so the build stops here", text.escape_debug());
    let draft = cx.report(Place::new(&plan.dockerfile.file, flag.span), message).help(help);
    if !expanded.uses.is_empty() {
        draft.at_most(Severity::Low);
    }
}
