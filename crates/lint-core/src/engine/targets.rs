//! The images that a Dockerfile is for, each as the container that it becomes.

use std::fmt::Write as _;

use crate::engine::builds::is_judged_by_services;
use crate::engine::evidence;
use crate::engine::unit::Bench;
use crate::model::build::scope;
use crate::model::build::stage::Stage;
use crate::model::container::{BuiltByServices, Container};
use crate::rule::context::Subject;

/// How many targets of one Dockerfile are judged as containers besides the default one.
const MOST_TARGETS: usize = 8;

/// How many stages are planned again for these.
const MOST_STAGES_OF_TARGETS: usize = 10_000;

impl Bench<'_> {
    /// The targets of a Dockerfile as containers, each fault once. Of those besides the default one only what starts
    /// something is a container: the others hold files for somebody to take.
    pub(super) fn targets(&mut self, container: &Container<'_>, built: &BuiltByServices) {
        let Some((plan, default)) = container.target() else {
            self.container(container, Subject::default());
            return;
        };
        if !is_judged_by_services(plan, default.index, built) {
            self.evidence(|| evidence::of_container(container));
            self.container(container, Subject::default());
        }
        let besides: Vec<usize> = plan.shipped_besides().take(MOST_TARGETS).collect();
        if plan.stages.len().saturating_mul(besides.len()) > MOST_STAGES_OF_TARGETS {
            return;
        }
        for target in besides {
            let starts = plan.stages.get(target).is_some_and(|stage| scope::started(stage).next().is_some());
            if !starts || is_judged_by_services(plan, target, built) {
                continue;
            }
            let run = self.run;
            let image = container.image.of_target(target);
            let other = self.guarded("planning the build", || Container::of_dockerfile(image, run));
            let before = self.outcome.findings.len();
            if let Some(other) = other {
                self.container(&other, Subject::default());
            }
            let new = self.outcome.findings.split_off(before);
            let known = &mut self.outcome.findings;
            for finding in new {
                let is_known =
                    known.iter().any(|other| other.rule == finding.rule && other.place == finding.place);
                if !is_known {
                    known.push(finding);
                }
            }
        }
    }

    /// Says in what was found of a container which of several images it is about.
    pub(super) fn name_target(&mut self, container: &Container<'_>, from: usize) {
        let Some((plan, Stage { name: Some(name), .. })) = container.target() else { return };
        if !plan.has_several_targets() {
            return;
        }
        for finding in self.outcome.findings.iter_mut().skip(from) {
            let _ = write!(finding.message, " (target `{name}`)");
        }
    }
}
