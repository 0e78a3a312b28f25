//! The projects of a run side by side.

use std::sync::Arc;

use crate::engine::outcome::Outcome;
use crate::engine::unit::{Bench, Run};
use crate::model::project::Project;
use crate::model::repository::Repository;
use crate::model::repository::claims::Claims;
use crate::rule::context::Subject;

impl Run<'_> {
    /// Judges what several projects take of their host; `None` where there are no two, or nobody asks.
    pub(crate) fn lint_repository(&self, claims: &[Arc<Claims>]) -> Option<Outcome> {
        if claims.len() < 2 || self.checks.repository.is_empty() {
            return None;
        }
        let mut bench = Bench::new(self, Outcome::default(), "");
        let claims: Vec<&Claims> = claims.iter().map(|claims| &**claims).collect();
        let repository = bench.guarded("comparing the projects", || Repository::of(&claims, || self.calls()));
        let repository = repository.unwrap_or_default();
        if !repository.pairs.is_empty() {
            bench.checks(&self.checks.repository, &Subject::default(), |check, cx| check(&repository, cx));
        }
        Some(bench.done())
    }
}

impl Bench<'_> {
    /// Takes note of what a project takes of its host, where somebody asks.
    pub(super) fn claim(&mut self, project: &Project) {
        if !self.run.checks.repository.is_empty() {
            let claims = self.guarded("looking at what the project takes", || Claims::of(project));
            self.outcome.claims = claims.flatten().map(Arc::new);
        }
    }
}
