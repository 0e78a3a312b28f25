//! Images that are made for others to build on, as their own Dockerfiles show.
//!
//! `golang` ends without a command, `python` with an interpreter that waits for a program, `node:onbuild` with triggers: none of
//! them runs a service, and who builds on them decides whom it runs as. An image that takes something of its build context
//! and has no command of its own may well run the server of its base, so it is none of these.

use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::{Base, CopySource, ImageCommand, Stage};
use crate::model::runs::prompt::{first_words, is_bare_init, is_prompt};

/// Whether others are to build on what a stage makes.
#[must_use]
pub fn is_for_building_on(plan: &BuildPlan, stage: &Stage) -> bool {
    if !stage.onbuild.is_empty() {
        return true;
    }
    let command = stage.config.cmd.as_ref().map(|cmd| &cmd.value);
    match (command, &stage.config.entrypoint) {
        // `ENTRYPOINT ["docker-entrypoint.sh"]` before `CMD ["node"]` is the official images' way.
        (Some(ImageCommand::Line { line, .. }), _) => is_prompt(&first_words(line)),
        (None | Some(ImageCommand::Empty), None) => {
            let from_context =
                |stage: &Stage| stage.copies.iter().any(|copied| copied.from == CopySource::Context);
            let chain: Vec<&Stage> = plan.chain(stage.index).collect();
            !chain.iter().any(|stage| from_context(stage))
                && chain.last().is_some_and(|root| serves_nothing(&root.base))
        }
        // `ENTRYPOINT ["tini", "--"]` waits for a program.
        (None | Some(ImageCommand::Empty), Some(entrypoint)) => match &entrypoint.value {
            ImageCommand::Line { line, .. } => is_bare_init(&first_words(line)),
            ImageCommand::Empty => false,
        },
    }
}

/// Whether an image is known, and not for something that listens.
fn serves_nothing(base: &Base) -> bool {
    match base {
        Base::Image(image) => image.facts.is_some_and(|facts| {
            facts.steps_down.is_none() && facts.exposes().is_none_or(|mut ports| ports.next().is_none())
        }),
        Base::Scratch => true,
        Base::Stage(_) | Base::Unknown => false,
    }
}
