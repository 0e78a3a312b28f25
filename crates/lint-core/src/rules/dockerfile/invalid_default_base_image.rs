use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::image;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

declare_rule! {
    /// Without build arguments, `FROM` names no valid image.
    ///
    /// ## Why
    /// Whoever runs `docker build` without the right `--build-arg` gets an error about an empty or malformed
    /// image name. So do tools that read the Dockerfile to learn what it is built upon.
    ///
    /// ## Instead
    /// Give the `ARG` a default: `ARG VERSION=3.20`.
    ///
    /// ## When to allow it
    /// When the argument is meant to be asked for: the build fails loudly without it.
    pub(super) static RULE = {
        name: "invalid-default-base-image",
        severity: Severity::Low,
        category: Category::Correctness,
        stride: &[],
        references: &[Reference::BuildKit("InvalidDefaultArgInFrom")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Dockerfile(check)],
    }
}

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let tree = &plan.dockerfile.tree;
    let arguments = &plan.dockerfile.arguments;
    for stage in &plan.stages {
        let Some(InstructionKind::From(from)) = plan.instruction(stage.from).map(|from| &from.kind) else {
            continue;
        };
        let word = &from.image;
        let Some(expanded) = arguments.expand(word, tree.escape) else { continue };
        // A word without variables that is no image is what it is with every argument: another rule's matter.
        if expanded.unknown || expanded.uses.is_empty() {
            continue;
        }
        let text = expanded.text.text();
        let is_stage =
            plan.stages.iter().take(stage.index).any(|earlier| earlier.name.as_deref() == Some(text));
        if is_stage || image::parse(&expanded.text).is_ok() {
            continue;
        }
        let message = match text {
            "" => "with default arguments this names no image at all".to_owned(),
            text => format!("with default arguments this is `{}`, which is no image", text.escape_debug()),
        };
        cx.report(Place::new(&plan.dockerfile.file, word.span()), message)
            .help("give the `ARG` a default with which the name is valid");
    }
}
