//! Which stages count: the target, its chain, and what the build reaches.

use crate::model::build::BuildPlan;
use crate::model::stage::Stage;

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

    /// The stages the target needs, in order.
    pub fn reachable(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| self.is_reachable(stage.index))
    }

    /// Whether the stage's layers are part of the image that is built: it is the target, or the target is built
    /// upon it. What a builder leaves lying about ships nowhere.
    #[must_use]
    pub fn is_shipped(&self, stage: usize) -> bool {
        self.shipped.get(stage).copied().unwrap_or(false)
    }

    /// The stage an instruction stands in; `None` for the global `ARG`s before the first `FROM`.
    #[must_use]
    pub fn stage_of(&self, instruction: usize) -> Option<&Stage> {
        let after = self.stages.partition_point(|stage| stage.from <= instruction);
        self.stages.get(after.checked_sub(1)?)
    }

    pub(crate) fn reach(&self) -> Vec<bool> {
        let mut reached = vec![false; self.stages.len()];
        let mut open: Vec<usize> = self.target.into_iter().collect();
        while let Some(index) = open.pop() {
            let Some(seen) = reached.get_mut(index) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            let Some(stage) = self.stages.get(index) else { continue };
            open.extend(stage.parent());
            open.extend(&stage.reads);
            open.extend(&stage.alternatives);
        }
        reached
    }

    pub(crate) fn ship(&self) -> Vec<bool> {
        let mut shipped = vec![false; self.stages.len()];
        for stage in self.target_chain() {
            if let Some(shipped) = shipped.get_mut(stage.index) {
                *shipped = true;
            }
        }
        shipped
    }
}
