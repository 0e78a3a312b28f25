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

    /// What a stage's chain begins with: the stage that starts from an image or from nothing.
    #[must_use]
    pub fn root_of<'p>(&'p self, stage: &'p Stage) -> &'p Stage {
        self.stages.get(stage.root).unwrap_or(stage)
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

    /// For each stage, whether it needs files of one that needs its own in turn, or lies between two such circles.
    /// BuildKit builds nothing of such a file: "circular dependency detected on stage".
    #[must_use]
    pub fn circles(&self) -> Vec<bool> {
        let count = self.stages.len();
        let mut needs: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); count];
        for stage in &self.stages {
            for other in stage.parent().into_iter().chain(stage.reads.iter().copied()) {
                if let (Some(needs), Some(needed_by)) = (needs.get_mut(stage.index), needed_by.get_mut(other))
                {
                    needs.push(other);
                    needed_by.push(stage.index);
                }
            }
        }
        let mut left = vec![true; count];
        // What needs nothing that is left is in no circle, nor is what nothing left needs.
        for (edges, back) in [(&needs, &needed_by), (&needed_by, &needs)] {
            let open = |at: usize| {
                edges.get(at).into_iter().flatten().filter(|to| left.get(**to) == Some(&true)).count()
            };
            let mut counts: Vec<usize> = (0..count).map(open).collect();
            let mut ready: Vec<usize> = (0..count).filter(|at| left[*at] && counts[*at] == 0).collect();
            while let Some(at) = ready.pop() {
                left[at] = false;
                for &before in back.get(at).into_iter().flatten() {
                    counts[before] = counts[before].saturating_sub(1);
                    if counts[before] == 0 && left[before] {
                        ready.push(before);
                    }
                }
            }
        }
        left
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
