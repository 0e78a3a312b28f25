//! Which stages count: what ships, what is built for it, and what is there to test.
//!
//! A named stage that nothing else in the file uses is a target: somebody builds it. The last stage is the default target
//! and nothing more.

use std::collections::BTreeSet;

use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::{ImageCommand, Stage};
use crate::model::build::targets::Targets;
use crate::model::values::origin::SetAt;

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

    /// The stages whose layers are part of an image that is built: the target's chain, and those of the other targets where
    /// a Dockerfile is judged by itself. In the order of the file.
    pub fn shipped(&self) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(|stage| self.is_in_target_chain(stage.index))
    }

    /// The stages that become images: the target, and the other targets that are shipped.
    pub fn images(&self) -> impl Iterator<Item = &Stage> {
        self.target_stage()
            .into_iter()
            .chain(self.shipped_besides().filter_map(|index| self.stages.get(index)))
    }

    /// Whether some image starts, or is checked with, what an instruction says: no later one replaces it.
    #[must_use]
    pub fn is_in_force(&self, instruction: usize) -> bool {
        let set_by = |stage: &Stage| {
            let config = &stage.config;
            let commands = [&config.entrypoint, &config.cmd].into_iter().flatten().map(|set| set.origin);
            let check = config.healthcheck.as_ref().map(|set| set.origin);
            commands.chain(check).map(|origin| origin.instruction).collect::<Vec<_>>()
        };
        self.in_force.get_or_init(|| self.images().flat_map(set_by).collect()).contains(&instruction)
    }

    /// Whether a stage is one of [`BuildPlan::images`].
    #[must_use]
    pub fn is_image(&self, stage: usize) -> bool {
        Some(stage) == self.target || (self.targets.binary_search(&stage).is_ok() && !self.is_aside(stage))
    }

    /// The targets besides the default one that are there to be shipped.
    pub(crate) fn shipped_besides(&self) -> impl Iterator<Item = usize> {
        self.targets.iter().copied().filter(|target| Some(*target) != self.target && !self.is_aside(*target))
    }

    /// Whether there are several targets, so that it must be said which is meant.
    #[must_use]
    pub fn has_several_targets(&self) -> bool {
        self.targets.len() > 1
    }

    /// Whether only tests, linters and developers need the stage.
    #[must_use]
    pub fn is_aside(&self, stage: usize) -> bool {
        self.aside.get(stage).copied().unwrap_or(false)
    }

    /// Whether a target needs the stage: through `FROM`, `COPY --from`, `ADD --from`, `RUN --mount=from`, or a
    /// trigger of any of these. BuildKit does not build the others.
    #[must_use]
    pub fn is_reachable(&self, stage: usize) -> bool {
        self.reachable.get(stage).copied().unwrap_or(false)
    }

    /// Whether a stage is a target or an ancestor of one, so that its layers are part of an image.
    #[must_use]
    pub fn is_in_target_chain(&self, stage: usize) -> bool {
        self.in_target_chain.get(stage).copied().unwrap_or(false)
    }

    /// The `ENTRYPOINT` and `CMD` the image ends with, as far as the Dockerfile sets them.
    pub fn started(&self) -> impl Iterator<Item = SetAt> {
        self.target_stage().into_iter().flat_map(started)
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

    /// Counts as built, beside the target, what services of a project name and every other target of the file. Callers may
    /// know of a stage that only tests build it.
    pub(crate) fn ships(&mut self, by_services: &BTreeSet<usize>, by_callers: &Targets) {
        let mut leaves = self.leaves();
        if by_callers.is_declared {
            leaves.extend(by_callers.named.keys().filter_map(|name| self.names.get(name)));
            leaves.sort_unstable();
            leaves.dedup();
        }
        let is_aside = |plan: &Self, stage: usize| {
            let name = plan.stages.get(stage).and_then(|stage| stage.name.as_deref());
            let said = name.and_then(|name| by_callers.named.get(name).copied());
            said.unwrap_or_else(|| match by_callers.is_declared {
                true => Some(stage) != plan.target || !by_callers.has_default,
                false => name.is_some_and(is_name_aside),
            })
        };
        let (asides, mut shipped): (Vec<usize>, Vec<usize>) = leaves
            .into_iter()
            .filter(|leaf| Some(*leaf) != self.target)
            .partition(|leaf| is_aside(self, *leaf));
        // A default target that is there to develop with counts for itself where there is no other.
        let default = self.target;
        let is_default_aside = default.is_some_and(|target| is_aside(self, target))
            && !(shipped.is_empty() && by_services.is_empty());
        self.targets = asides.iter().chain(&shipped).chain(&default).copied().collect();
        self.targets.sort_unstable();
        shipped.extend(by_services);
        self.reachable.clear();
        self.in_target_chain.clear();
        for stage in shipped.into_iter().chain(default.filter(|_| !is_default_aside)) {
            self.mark(Some(stage));
        }
        let counted = self.reachable.clone();
        let chain = self.in_target_chain.clone();
        asides.into_iter().for_each(|stage| self.mark(Some(stage)));
        // What is only tested is built, but its layers are in no image that anybody runs.
        self.in_target_chain = chain;
        self.mark(default);
        self.aside = (0..self.stages.len())
            .map(|stage| self.is_reachable(stage) && !counted.get(stage).copied().unwrap_or(false))
            .collect();
    }

    /// The named stages that nothing else in the file uses, and the target.
    fn leaves(&self) -> Vec<usize> {
        let mut used = vec![false; self.stages.len()];
        for stage in &self.stages {
            for &other in stage.parent().iter().chain(&stage.reads).chain(&stage.alternatives) {
                if let Some(used) = used.get_mut(other) {
                    *used = true;
                }
            }
        }
        let is_leaf = |stage: &&Stage| {
            let is_named = stage.name.as_ref().is_some_and(|name| !self.contexts.contains_key(name));
            Some(stage.index) == self.target || (is_named && !used[stage.index])
        };
        self.stages.iter().filter(is_leaf).map(|stage| stage.index).collect()
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

/// The `ENTRYPOINT` and `CMD` that a stage ends with, as far as the Dockerfile sets them.
pub fn started(stage: &Stage) -> impl Iterator<Item = SetAt> {
    let both = [&stage.config.entrypoint, &stage.config.cmd].into_iter().flatten();
    both.filter(|setting| setting.value != ImageCommand::Empty).map(|setting| setting.origin)
}

/// Whether a stage's name says that it is there to work on a program, and not to run it.
pub(crate) fn is_name_aside(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| ASIDE.contains(&part))
}

/// Names of stages that are there to work on a program, and not to run it.
const ASIDE: [&str; 21] = [
    "bench",
    "benchmark",
    "check",
    "checks",
    "ci",
    "coverage",
    "dbg",
    "debug",
    "debugger",
    "dev",
    "devcontainer",
    "development",
    "docs",
    "e2e",
    "integration",
    "lint",
    "linter",
    "test",
    "tester",
    "tests",
    "validate",
];
