use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::mapped::Mapped;

use crate::files;
use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "relative-workdir",
        docs: "A relative `WORKDIR` begins where the base image left off.

## Why
A relative path goes on from the working directory before it. As long as no instruction here has set
one, that is the base image's, which its next version may change: every path of the image moves along.

## Instead
Begin with an absolute path: `WORKDIR /app`. Relative ones may follow it.

## Fix safety
Where the working directory of the base image is known, the path is what it was; otherwise it begins at `/`, as in most images.

## Limits
Judged as BuildKit does: the first `WORKDIR` of a stage alone, and not when a parent stage in the same
file has set one. A path that depends on a variable nobody sets is not judged.
",
        severity: Severity::Low,
        references: &[
            Reference::Hadolint("DL3000"),
            Reference::BuildKit("WorkdirRelativePath"),
            Reference::Trivy("DS-0009"),
            Reference::Checkov("CKV_DOCKER_10"),
            Reference::Semgrep("use-absolute-workdir"),
            Reference::Kics("WORKDIR Path Not Absolute"),
        ],
        fixable: Fixable::Sometimes(SAFE_OR_UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let mut sets: Vec<bool> = Vec::with_capacity(plan.stages.len());
    for stage in &plan.stages {
        let inherited = stage.parent().and_then(|parent| sets.get(parent)).copied().unwrap_or(false);
        let first = first(plan, stage);
        sets.push(inherited || first.is_some());
        let Some((index, word)) = first else { continue };
        if inherited {
            continue;
        }
        let path = plan.expand(index, word);
        let Some(text) = path.text().filter(|_| path.unset.is_empty()) else { continue };
        if files::is_absolute(text)
            || text.starts_with('\\')
            || text.get(1..).is_some_and(|t| t.starts_with(":\\"))
        {
            continue;
        }
        cx.report(
            Place::new(&plan.dockerfile.file, word.span()),
            "this begins at the base image's working directory, whatever that is",
        )
        .help("begin with an absolute path")
        .maybe_fix(absolute(plan, stage, word, text));
    }
}

/// The path from the base image's working directory, or from `/` where that is not known.
fn absolute(plan: &BuildPlan, stage: &Stage, word: &Mapped, text: &str) -> Option<Fix> {
    let known = stage.config.base_workdir;
    let path = files::join(known.unwrap_or("/"), text);
    let kind = if known.is_some() { Applicability::Safe } else { Applicability::Unsafe };
    let edit = Edits::of(plan).replace_word(word.span(), text, path.clone());
    Fix::of(format!("Write `{path}`"), kind, [edit])
}

/// The first `WORKDIR` written in a stage.
fn first<'a>(plan: &'a BuildPlan, stage: &Stage) -> Option<(usize, &'a Mapped)> {
    stage.instructions.clone().find_map(|index| match &plan.instruction(index)?.kind {
        InstructionKind::Workdir(word) => Some((index, word)),
        _ => None,
    })
}
