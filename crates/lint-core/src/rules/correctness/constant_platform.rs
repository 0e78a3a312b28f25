use crate::model::build::BuildPlan;
use crate::model::kit::platform;
use crate::model::known::image_roles::has_one_platform;
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "constant-platform",
        docs: "`FROM` asks for one fixed platform.

## Why
The stage is built for that platform wherever the build runs and whatever it is for: emulated, and so
many times slower, on other machines, and wrong in an image for another platform. An image of one
architecture in a stage of another fails at its first `RUN`, or in production.

## Instead
Leave the platform to whoever builds (`docker build --platform`), or use `$BUILDPLATFORM` for a stage
that cross-compiles.

## Fix safety
The stage is then built for the platform that the build is for.

## Limits
An image whose name or tag says that it is for one platform (`arm64v8/...`, L4T, ROCm, `...-arm64`) is not
reported, nor is a stage that is named after its platform (`AS build-arm64`). Only the registry knows what
platform an image really has: BuildKit's `InvalidBaseImagePlatform` asks there; here only its usual cause, a
fixed platform, is reported.

## When to allow it
The base image exists for one platform alone.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[
            Reference::Hadolint("DL3029"),
            Reference::BuildKit("FromPlatformFlagConstDisallowed"),
            Reference::BuildKit("InvalidBaseImagePlatform"),
            Reference::Semgrep("avoid-platform-with-from"),
            Reference::Kics("Using Platform Flag with FROM Command"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let tree = &plan.dockerfile.tree;
    let arguments = &plan.dockerfile.arguments;
    for stage in &plan.stages {
        let Some(instruction) = plan.instruction(stage.from) else { continue };
        let Some(flag) = instruction.flag("platform") else { continue };
        let Some(value) = &flag.value else { continue };
        let Some(expanded) = arguments.expand(value, tree.escape) else { continue };
        if !expanded.uses.is_empty() {
            continue;
        }
        let Some(platform) = platform::parse(expanded.text.text()) else { continue };
        let name = stage.name.as_deref().unwrap_or_default();
        if name.contains(&platform.system) || name.contains(&platform.architecture) {
            continue;
        }
        let image = match &instruction.kind {
            InstructionKind::From(from) => arguments.expand(&from.image, tree.escape),
            _ => None,
        };
        if image.is_some_and(|image| has_one_platform(image.text.text())) {
            continue;
        }
        cx.report(
            Place::new(&plan.dockerfile.file, flag.span),
            format!("the stage is built for `{}` whatever the build is for", expanded.text.text()),
        )
        .help("leave the platform to `docker build --platform`, or use `$BUILDPLATFORM`")
        .maybe_fix(Fix::of(
            "Remove the flag",
            Applicability::Unsafe,
            [Edits::of(plan).remove_word(flag.span)],
        ));
    }
}
