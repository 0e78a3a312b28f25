//! Whether what an instruction writes is still there when its stage is built.

use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::{directory, file_name};
use crate::model::build::BuildPlan;
use crate::model::runs::files::{Removed, holds, is_removed, removed};

/// How many instructions behind one are looked at, and how many of those whose text has the file's name.
const MOST: usize = 200;
const MOST_READ: usize = 8;

impl BuildPlan {
    /// Whether a path is removed behind a step of an instruction, whose own removals are given, or by a later `RUN` of the stage. It still is in the layer,
    /// but in no container.
    #[must_use]
    pub fn is_removed_later(&self, instruction: usize, own: &[Removed], path: &str, step: usize) -> bool {
        if is_removed(own, path, step) {
            return true;
        }
        let Some(stage) = self.stage_of(instruction) else { return false };
        let later = stage.instructions.clone().filter(|at| *at > instruction).take(MOST);
        let folder = file_name(directory(path));
        let may = later.filter(|at| {
            self.instruction(*at).is_some_and(|one| {
                let text = self.dockerfile.file.slice(one.span);
                matches!(one.kind, InstructionKind::Run(_))
                    && (text.contains(file_name(path)) || (!folder.is_empty() && text.contains(folder)))
            })
        });
        may.take(MOST_READ).any(|at| removed(&self.course(at)).iter().any(|one| holds(&one.path, path)))
    }
}
