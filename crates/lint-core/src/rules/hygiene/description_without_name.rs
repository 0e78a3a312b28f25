use lint_parser::dockerfile::ast::{Comment, Instruction, InstructionKind};
use lint_parser::dockerfile::check;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "description-without-name",
        docs: "The comment above a stage or an `ARG` does not begin with its name.

## Why
`docker build --call=outline` and `--call=targets` show the comment above an `ARG` or a named stage as its
description, if the first word is its name.

## Instead
`# version is the release to build` above `ARG version`. An empty comment line (`#`) between the two keeps
a comment from being a description.

## Fix safety
Only the comment changes.

## Limits
BuildKit has this check among its experimental ones, and so it is opt-in here. Comments that are
meant for a tool are passed over.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        references: &[Reference::BuildKit("InvalidDefinitionDescription")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let tree = &plan.dockerfile.tree;
    for (index, instruction) in tree.instructions.iter().enumerate() {
        let names = names(instruction);
        let Some(first) = names.first() else { continue };
        let attached = check::attached(tree, index);
        let Some(comment) = attached.iter().rev().find(|comment| !is_for_a_tool(comment)) else { continue };
        let word = comment.text.value.trim().split(' ').next().unwrap_or_default();
        if names.contains(&word) {
            continue;
        }
        let example = if names.len() > 1 { "<name>" } else { first };
        cx.report(
            Place::new(&plan.dockerfile.file, instruction.span),
            "the comment above does not begin with the name it describes",
        )
        .label(Place::new(&plan.dockerfile.file, comment.span), "the comment")
        .help(format!("write `# {example} ...`, or put an empty comment line between the two"))
        .maybe_fix(apart(plan, instruction));
    }
}

/// An empty comment line between the two: what the comment says may be about more than the name.
fn apart(plan: &BuildPlan, instruction: &Instruction) -> Option<Fix> {
    let file = &plan.dockerfile.file;
    let start = file.line_span(file.line(instruction.span.start())).start();
    let edit = Edits::of(plan).insert(start, "#\n");
    Fix::of("Put an empty comment line between the two", Applicability::Safe, [edit])
}

fn names(instruction: &Instruction) -> Vec<&str> {
    match &instruction.kind {
        InstructionKind::From(from) => from.name.iter().map(|name| name.text()).collect(),
        InstructionKind::Arg(pairs) => pairs.iter().map(|pair| pair.key.text()).collect(),
        _ => Vec::new(),
    }
}

fn is_for_a_tool(comment: &Comment) -> bool {
    let text = comment.text.value.trim();
    ["plimsoll:", "hadolint ", "check=", "trivy:", "kics-scan", "checkov:", "renovate:"]
        .iter()
        .any(|tool| text.get(..tool.len()).is_some_and(|start| start.eq_ignore_ascii_case(tool)))
}
