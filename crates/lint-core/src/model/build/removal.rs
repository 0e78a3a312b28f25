//! Whether what an instruction writes is still there when its stage is built.

use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::file_name;
use crate::model::build::BuildPlan;
use crate::model::runs::Course;
use crate::model::runs::files::{is_removed, removed};

/// How many instructions behind one are looked at.
const MOST: usize = 200;

impl BuildPlan {
    /// Whether a path is removed behind a step of an instruction, or by a later `RUN` of the stage. It still is in the layer,
    /// but in no container.
    #[must_use]
    pub fn is_removed_later(&self, instruction: usize, course: &Course<'_>, path: &str, step: usize) -> bool {
        if is_removed(&removed(course), path, step) {
            return true;
        }
        let Some(stage) = self.stage_of(instruction) else { return false };
        let later = stage.instructions.clone().filter(|at| *at > instruction).take(MOST);
        let directory = file_name(crate::files::directory(path));
        later.into_iter().any(|at| {
            let Some(one) = self.instruction(at) else { return false };
            let text = self.dockerfile.file.slice(one.span);
            let may = text.contains(file_name(path)) || (!directory.is_empty() && text.contains(directory));
            may && matches!(one.kind, InstructionKind::Run(_))
                && removed(&self.course(at))
                    .iter()
                    .any(|one| crate::model::runs::files::holds(&one.path, path))
        })
    }
}
