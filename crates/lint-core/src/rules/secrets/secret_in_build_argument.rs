use std::collections::HashSet;

use lint_parser::compose::ast::field::Text;
use lint_parser::dockerfile::ast::InstructionKind;

use crate::model::build::BuildPlan;
use crate::model::container::Container;
use crate::model::secrets::dockerfile::is_argument;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-in-build-argument",
        docs: "A secret is handed to a build as an argument.

## Why
Build arguments are no secret: the engine writes them into the history and the provenance of the image, where
`docker history` shows them to everybody who has the image, and into the build cache. That is so whether the
value is written here or comes from a variable.

## Instead
`build.secrets`, and in the Dockerfile `RUN --mount=type=secret,id=...`: the secret is there while the
instruction runs and nowhere else.

## Limits
An `ARG` is reported without a value too, as BuildKit does, since a value can come only by this way; but not
one whose value only points at a secret, and not by its name alone where names mislead BuildKit: `GPG_KEY`
is a public fingerprint, `TOKEN_FILE` a path. An `ARG` before the first `FROM` reaches no instruction and is
reported only if it has a value. One that a service gives a value is told of there. Stages that the image
does not need are left alone.

## When to allow it
The value is no secret, whatever its name.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::Cwe(538),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
            Reference::Hadolint("DL3064"),
            Reference::Trivy("DS-0031"),
            Reference::Semgrep("secret-in-build-arg"),
            Reference::BuildKit("SecretsUsedInArgOrEnv"),
            Reference::Tally("tally/ruby/prefer-secret-mounts-for-build-credentials"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check), Check::Dockerfile(dockerfile)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(of) = container.service else { return };
    let Some(build) = &of.service.spec.build else { return };
    let Some(arguments) = &build.value.args else { return };
    for pair in &arguments.value.items {
        let name = pair.name.as_str();
        let value = pair.value.as_ref().filter(|value| !value.is_unknown());
        if !is_argument(name, value.map(Text::as_str)) {
            continue;
        }
        let mut draft = cx
            .report(
                of.project.place(pair.name.origin),
                format!("the build argument `{name}` stays readable in the image's history"),
            )
            .help("use `build.secrets` and `RUN --mount=type=secret`");
        if let Some(via) = pair.via.or(arguments.via) {
            draft = draft.scope(of.project.place(via));
        }
        if let Some(declaration) = declaration(container, name) {
            draft.label(declaration, "the Dockerfile takes it here");
        }
    }
}

/// The last `ARG` of that name: one in a stage takes the value where it is used, one before all stages does not.
fn declaration(container: &Container<'_>, name: &str) -> Option<Place> {
    let plan = container.image.plan()?;
    let mut instructions = plan.dockerfile.tree.instructions.iter().rev();
    let pair = instructions.find_map(|instruction| match &instruction.kind {
        InstructionKind::Arg(pairs) => pairs.iter().find(|pair| pair.key.text() == name),
        _ => None,
    })?;
    Some(Place::new(&plan.dockerfile.file, pair.key.span()))
}

fn dockerfile(plan: &BuildPlan, cx: &mut Context<'_>) {
    let chain: HashSet<usize> = plan.shipped().map(|stage| stage.index).collect();
    for (index, instruction) in plan.dockerfile.tree.instructions.iter().enumerate() {
        let written = match &instruction.kind {
            InstructionKind::Onbuild(Some(trigger)) => trigger,
            _ => instruction,
        };
        let InstructionKind::Arg(pairs) = &written.kind else { continue };
        let stage = plan.stage_of(index);
        if stage.is_some_and(|stage| !plan.is_reachable(stage.index)) {
            continue;
        }
        for pair in pairs {
            let name = pair.key.text();
            let value = pair.value.as_ref().map(|value| plan.expand(index, value));
            let value = value.as_ref().and_then(|value| value.text()).filter(|value| !value.is_empty());
            // Without a value of its own it holds what a service hands over, which is told of there.
            let elsewhere = stage.is_none() || plan.handed_over.contains(name);
            if (value.is_none() && elsewhere) || !is_argument(name, value) {
                continue;
            }
            let message = match stage {
                None => format!("the secret in the build argument `{name}` is written out"),
                Some(stage) if chain.contains(&stage.index) => {
                    format!("the build argument `{name}` stays readable in the image's history")
                }
                Some(_) => format!("the build argument `{name}` stays readable in the build's provenance"),
            };
            cx.report(Place::new(&plan.dockerfile.file, pair.key.span()), message)
                .help("use `RUN --mount=type=secret`");
        }
    }
}
