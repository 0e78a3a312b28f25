//! The Pod Security Standards as Pod Security Admission checks them: of a pod, which of the three levels it meets, and what it
//! breaks of the others.
//!
//! Each control has the name that the admission plugin gives it. What a version of the standards asks is what the plugin of that
//! version, or of a later one that is told to keep to it, would ask.

mod baseline;
mod restricted;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::settings::PodSecurityVersion;

pub use baseline::is_safe_sysctl;

/// A level of the standards, the least strict first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PodSecurityLevel {
    /// Everything is allowed.
    Privileged,
    /// What is known to break out is not.
    Baseline,
    /// What hardening asks for is there.
    Restricted,
}

impl PodSecurityLevel {
    /// `privileged`, `baseline` or `restricted`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PodSecurityLevel::Privileged => "privileged",
            PodSecurityLevel::Baseline => "baseline",
            PodSecurityLevel::Restricted => "restricted",
        }
    }

    /// The level of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [PodSecurityLevel::Privileged, PodSecurityLevel::Baseline, PodSecurityLevel::Restricted]
            .into_iter()
            .find(|level| level.name() == name)
    }
}

/// Something that a level does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The level that has the control.
    pub level: PodSecurityLevel,
    /// The control, as the admission plugin calls it: `hostPathVolumes`.
    pub control: &'static str,
    /// The field: `spec.containers[0].securityContext.privileged`.
    pub field: String,
    /// Where it stands; for one that is not there, what should have it.
    pub origin: Origin,
}

/// What the standards say of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The strictest level that it meets.
    pub level: PodSecurityLevel,
    /// What it breaks of the levels, that of the baseline first.
    pub violations: Vec<Violation>,
}

/// Judges a pod by a version of the standards.
#[must_use]
pub fn judge(pod: &Pod<'_>, version: PodSecurityVersion) -> Verdict {
    let mut judge = Judge {
        pod,
        version,
        containers: pod.containers(),
        level: PodSecurityLevel::Baseline,
        found: Vec::new(),
    };
    baseline::check(&mut judge);
    judge.level = PodSecurityLevel::Restricted;
    restricted::check(&mut judge);
    let violations = judge.found;
    // Some controls of the restricted level take the place of those of the baseline.
    let breaks_restricted = |violation: &Violation| {
        violation.level == PodSecurityLevel::Restricted || !restricted::replaces(violation.control, version)
    };
    let breaks_baseline = |violation: &Violation| violation.level == PodSecurityLevel::Baseline;
    let level = match () {
        () if !violations.iter().any(breaks_restricted) => PodSecurityLevel::Restricted,
        () if !violations.iter().any(breaks_baseline) => PodSecurityLevel::Baseline,
        () => PodSecurityLevel::Privileged,
    };
    Verdict { level, violations }
}

/// A pod that is being judged.
struct Judge<'p, 'a> {
    pod: &'p Pod<'a>,
    version: PodSecurityVersion,
    containers: Vec<PodContainer<'a>>,
    /// The level whose controls are at work.
    level: PodSecurityLevel,
    found: Vec<Violation>,
}

impl<'a> Judge<'_, 'a> {
    /// Takes note of a field of the pod.
    fn of_pod(&mut self, control: &'static str, field: &str, value: &Value) {
        let field = format!("{}.{field}", self.pod.path);
        self.found.push(Violation { level: self.level, control, field, origin: value.origin });
    }

    /// Takes note of a field of a container.
    fn of_container(
        &mut self,
        control: &'static str,
        container: &PodContainer<'a>,
        field: &str,
        origin: Origin,
    ) {
        let field = format!("{}.{field}", container.path);
        self.found.push(Violation { level: self.level, control, field, origin });
    }

    /// Takes note of what is not right at a path of the pod's and of each container's `securityContext`.
    fn of_both(&mut self, control: &'static str, names: &[&str], is_wrong: impl Fn(&Value) -> bool) {
        let field = format!("securityContext.{}", names.join("."));
        let full: Vec<&str> = std::iter::once("securityContext").chain(names.iter().copied()).collect();
        if let Some(value) = self.pod.at(&full).filter(|value| is_wrong(value)) {
            self.of_pod(control, &field, value);
        }
        self.of_containers(control, names, is_wrong);
    }

    /// The same of containers alone.
    fn of_containers(&mut self, control: &'static str, names: &[&str], is_wrong: impl Fn(&Value) -> bool) {
        let field = format!("securityContext.{}", names.join("."));
        for container in self.containers.clone() {
            if let Some(value) = container.security(names).filter(|value| is_wrong(value)) {
                self.of_container(control, &container, &field, value.origin);
            }
        }
    }

    /// The same of values that are lists or mappings somewhere in a container.
    fn each_container(&mut self, mut judge: impl FnMut(&mut Self, &PodContainer<'a>)) {
        for container in self.containers.clone() {
            judge(self, &container);
        }
    }

    /// The `securityContext` of a container, or its name where it has none.
    fn missing_at(container: &PodContainer<'a>, names: &[&str]) -> Origin {
        let holder = container.security(names).or_else(|| container.security_context());
        holder.map_or_else(|| container.head(), |holder| Origin { ..holder.origin })
    }
}

impl<'a> PodContainer<'a> {
    fn security_context(&self) -> Option<&'a Arc<Value>> {
        crate::model::kubernetes::tree::get(self.value, "securityContext")
    }
}
