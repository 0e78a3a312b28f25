use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::mapped::Mapped;

use crate::files;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "relative-copy-destination",
        docs: "Files are copied into the base image's working directory, whatever that is.

## Why
A relative destination begins at the working directory. As long as no `WORKDIR` here has set one, that is
the base image's, which its next version may change; most often it is `/`.

## Instead
Set `WORKDIR` first, or write an absolute destination.

## Fix safety
Offered where the working directory of the base image is known.

## Limits
In a stage from `scratch` the working directory is `/`, and nothing is reported.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[Reference::Hadolint("DL3045")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

/// The destination from the base image's working directory, which a `/` at the end keeps a directory.
fn absolute(plan: &BuildPlan, stage: &Stage, word: &Mapped, text: &str) -> Option<Fix> {
    let root = plan.root_of(stage);
    let mut path = files::join(root.config.base_workdir?, text);
    if text.ends_with('/') || matches!(text.rsplit('/').next(), Some("." | "..")) {
        path = format!("{}/", path.trim_end_matches('/'));
    }
    let edit = Edits::of(plan).replace_word(word.span(), text, path.clone());
    Fix::of(format!("Write `{path}`"), Applicability::Safe, [edit])
}

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let mut sets: Vec<bool> = Vec::with_capacity(plan.stages.len());
    for stage in &plan.stages {
        let inherited = stage.parent().and_then(|parent| sets.get(parent)).copied();
        let mut set = inherited.unwrap_or(matches!(stage.base, Base::Scratch));
        for index in stage.instructions.clone() {
            match plan.instruction(index).map(|instruction| &instruction.kind) {
                Some(InstructionKind::Workdir(_)) => set = true,
                Some(InstructionKind::Copy(copy) | InstructionKind::Add(copy)) if !set => {
                    let Some(word) = &copy.destination else { continue };
                    let path = plan.expand(index, word);
                    let Some(text) = path.text().filter(|text| !text.is_empty()) else { continue };
                    if files::is_absolute(text) || text.starts_with('\\') || text.get(1..2) == Some(":") {
                        continue;
                    }
                    cx.report(
                        Place::new(&plan.dockerfile.file, word.span()),
                        "this lies in the base image's working directory, whatever that is",
                    )
                    .help("set `WORKDIR` first, or write an absolute destination")
                    .maybe_fix(absolute(plan, stage, word, text));
                }
                _ => {}
            }
        }
        sets.push(set);
    }
}
