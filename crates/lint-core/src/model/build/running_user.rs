//! Who runs the commands of a build.

use lint_parser::dockerfile::ast::InstructionKind;

use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::Base;
use crate::model::build::user::{UserKind, classify};
use crate::model::known::image_facts::ImageUser;

/// How many instructions are looked at for a `USER`: more than anybody writes in one stage.
const MOST_INSTRUCTIONS: usize = 1000;

impl BuildPlan {
    /// Whether root runs an instruction for certain, as far as bases are known.
    #[must_use]
    pub fn runs_as_root(&self, instruction: usize) -> bool {
        let Some(stage) = self.stage_of(instruction) else { return false };
        let own = stage.instructions.start..instruction;
        if own.len() > MOST_INSTRUCTIONS {
            return false;
        }
        let user = own.rev().find_map(|index| match &self.instruction(index)?.kind {
            InstructionKind::User(word) => Some(self.expand(index, word)),
            _ => None,
        });
        let parent = || stage.parent().and_then(|parent| self.stages.get(parent));
        let inherited =
            || parent().and_then(|parent| parent.config.user.as_ref()).map(|set| set.value.clone());
        match (user.or_else(inherited), &self.root_of(stage).base) {
            (Some(user), _) => {
                user.known && matches!(classify(&user.shown, &stage.accounts), UserKind::Root(_))
            }
            (None, Base::Image(image)) => {
                image.facts.is_some_and(|facts| matches!(facts.user, ImageUser::Root))
            }
            (None, Base::Scratch) => true,
            (None, Base::Stage(_) | Base::Unknown) => false,
        }
    }
}
