//! What the Pod Security Standards say of the pods of manifests.

pub use crate::model::kubernetes::pod_security::PodSecurityLevel;
pub use crate::settings::{NoVersion, PodSecurityVersion};

use crate::finding::label::Place;

/// A pod, or what makes pods, and the level that it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PodSecurity {
    /// Where its object begins.
    pub place: Place,
    /// The kind of its object: `Deployment`.
    pub kind: String,
    /// The name of its object; empty where it has none.
    pub name: String,
    /// The strictest level that it meets.
    pub level: PodSecurityLevel,
    /// What it breaks, of the baseline first.
    pub violations: Vec<PodSecurityViolation>,
}

/// Something that a level does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PodSecurityViolation {
    /// The level that has the control.
    pub level: PodSecurityLevel,
    /// The control, as Pod Security Admission calls it: `hostPathVolumes`.
    pub control: &'static str,
    /// The field: `spec.containers[0].securityContext.privileged`.
    pub field: String,
    /// Where it stands; of one that is not there, what should have it.
    pub place: Place,
}

impl PodSecurity {
    /// A pod and the level that it meets.
    #[must_use]
    pub fn new(
        place: Place,
        kind: impl Into<String>,
        name: impl Into<String>,
        level: PodSecurityLevel,
    ) -> Self {
        Self { place, kind: kind.into(), name: name.into(), level, violations: Vec::new() }
    }

    /// The controls that it breaks, each once.
    #[must_use]
    pub fn controls(&self) -> Vec<&'static str> {
        let mut controls: Vec<&'static str> = Vec::new();
        for violation in &self.violations {
            if !controls.contains(&violation.control) {
                controls.push(violation.control);
            }
        }
        controls
    }

    pub(crate) fn order(&self) -> (&str, usize, &str, &str) {
        (self.place.file.name(), self.place.span.start(), &self.kind, &self.name)
    }
}

impl PodSecurityViolation {
    /// The line where it stands, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.place.file.line(self.place.span.start())
    }
}
