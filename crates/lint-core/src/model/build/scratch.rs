//! What a stage holds that is built on `scratch`, where nothing is but what the Dockerfile puts there.

use std::ops::ControlFlow;

use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};

use crate::files::normalise;
use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::{Base, Stage};

/// Where `/bin/sh` may come from: itself, and the directories above it.
const SHELL: [&str; 3] = ["/", "/bin", "/bin/sh"];

/// How many instructions of one stage are looked at. What would be copied from or built upon such a stage is asked
/// for each time.
const MAX_INSTRUCTIONS: usize = 200;

/// How many ancestors are looked at: enough for what people write.
const MAX_ANCESTORS: usize = 16;

/// Whether there is certainly no `/bin/sh` before an instruction of a stage (at the end of it, for the number of
/// instructions): the stage is built on `scratch`, and nothing is copied to where a shell is looked for.
#[must_use]
pub fn lacks_shell(plan: &BuildPlan, stage: &Stage, before: usize) -> bool {
    is_without(plan, stage, before, |index| {
        let Some(instruction) = plan.instruction(index) else { return true };
        match &instruction.kind {
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
                let destination = copy.destination.as_ref().map(|word| plan.expand(index, word));
                let path = destination.as_ref().and_then(|path| path.text()).map(|path| match path {
                    path if path.starts_with('/') => normalise(path),
                    // Relative to a directory that has not been worked out here.
                    _ => "/".to_owned(),
                });
                path.is_none_or(|path| SHELL.contains(&path.as_str()))
            }
            // Another shell, a program that unpacks one, or one that is mounted.
            InstructionKind::Shell(_) => true,
            InstructionKind::Run(run) => {
                !run.mounts.is_empty() || matches!(run.command, CommandLine::Exec { .. })
            }
            _ => false,
        }
    })
}

/// Whether a stage certainly holds no file at all.
#[must_use]
pub fn is_empty(plan: &BuildPlan, stage: &Stage) -> bool {
    is_without(plan, stage, usize::MAX, |index| {
        plan.instruction(index).is_none_or(|instruction| {
            matches!(
                instruction.kind,
                InstructionKind::Copy(_)
                    | InstructionKind::Add(_)
                    | InstructionKind::Run(_)
                    | InstructionKind::Workdir(_)
                    | InstructionKind::Unknown
            )
        })
    })
}

/// Whether no instruction of a stage and its ancestors, up to `scratch`, may have brought something.
fn is_without(plan: &BuildPlan, stage: &Stage, before: usize, brings: impl Fn(usize) -> bool) -> bool {
    let look = |stage: &Stage| {
        let brought = stage.instructions.len() > MAX_INSTRUCTIONS
            || !stage.triggers.is_empty()
            || !stage.alternatives.is_empty()
            || stage.instructions.clone().take_while(|index| *index < before).any(&brings);
        match (&stage.base, brought) {
            (_, true) | (Base::Image(_) | Base::Unknown, _) => ControlFlow::Break(false),
            (Base::Scratch, false) => ControlFlow::Break(true),
            (Base::Stage(_), false) => ControlFlow::Continue(()),
        }
    };
    let replaced = |stage: &Stage| stage.name.as_ref().is_some_and(|name| plan.contexts.contains_key(name));
    for stage in plan.chain(stage.index).take(MAX_ANCESTORS) {
        if replaced(stage) {
            return false;
        }
        if let ControlFlow::Break(without) = look(stage) {
            return without;
        }
    }
    false
}
