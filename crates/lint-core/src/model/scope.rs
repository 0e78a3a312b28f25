//! Which stages count: the target, its chain, and what the build reaches.

use crate::model::build::BuildPlan;
use crate::model::stage::{ImageCommand, Origin, Stage};

impl BuildPlan {
    /// The stage that is built.
    #[must_use]
    pub fn target_stage(&self) -> Option<&Stage> {
        self.stages.get(self.target?)
    }

    /// The stages whose layers and configuration a stage is made of: itself, then its `FROM` ancestors.
    pub fn chain(&self, stage: usize) -> impl Iterator<Item = &Stage> {
        std::iter::successors(self.stages.get(stage), |stage| self.stages.get(stage.parent()?))
    }

    /// The chain of the target; empty without one.
    pub fn target_chain(&self) -> impl Iterator<Item = &Stage> {
        self.target.into_iter().flat_map(|target| self.chain(target))
    }

    /// Whether the target needs the stage: through `FROM`, `COPY --from`, `ADD --from`, `RUN --mount=from`, or a
    /// trigger of any of these. BuildKit does not build the others.
    #[must_use]
    pub fn is_reachable(&self, stage: usize) -> bool {
        self.reachable.get(stage).copied().unwrap_or(false)
    }

    /// Whether a stage is the target or an ancestor of it, so that its layers are part of the image.
    #[must_use]
    pub fn is_in_target_chain(&self, stage: usize) -> bool {
        self.in_target_chain.get(stage).copied().unwrap_or(false)
    }

    /// The `ENTRYPOINT` and `CMD` the image ends with, as far as the Dockerfile sets them.
    pub fn started(&self) -> impl Iterator<Item = Origin> {
        let config = self.target_stage().map(|stage| &stage.config);
        let both = config.into_iter().flat_map(|config| [&config.entrypoint, &config.cmd]).flatten();
        both.filter(|setting| setting.value != ImageCommand::Empty).map(|setting| setting.origin)
    }

    /// The stages the target needs, in order.
    pub fn reachable(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| self.is_reachable(stage.index))
    }

    /// The stage an instruction stands in; `None` for the global `ARG`s before the first `FROM`.
    #[must_use]
    pub fn stage_of(&self, instruction: usize) -> Option<&Stage> {
        let after = self.stages.partition_point(|stage| stage.from <= instruction);
        self.stages.get(after.checked_sub(1)?)
    }

    /// Counts further stages as built, beside the target: those that services of a project name.
    pub(crate) fn also_builds(&mut self, stages: impl IntoIterator<Item = usize>) {
        for stage in stages {
            self.mark(Some(stage));
        }
    }

    /// Marks what a target needs, and what it is made of.
    pub(crate) fn mark(&mut self, target: Option<usize>) {
        self.reachable.resize(self.stages.len(), false);
        self.in_target_chain.resize(self.stages.len(), false);
        let mut open: Vec<usize> = target.into_iter().collect();
        while let Some(index) = open.pop() {
            let Some(seen) = self.reachable.get_mut(index) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            let Some(stage) = self.stages.get(index) else { continue };
            open.extend(stage.parent());
            open.extend(&stage.reads);
            open.extend(&stage.alternatives);
        }
        let mut next = target;
        while let Some(index) = next {
            let Some(seen) = self.in_target_chain.get_mut(index) else { break };
            // The rest of the chain is marked already.
            if std::mem::replace(seen, true) {
                break;
            }
            next = self.stages.get(index).and_then(Stage::parent);
        }
    }
}
