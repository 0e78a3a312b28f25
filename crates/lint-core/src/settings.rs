//! What a run is told: total and resolved, for rules and engine to read.

use std::collections::BTreeMap;

use crate::finding::meta::{Profile, RuleMeta};

/// Everything a run depends on besides the files. Rules read it; only its owner changes it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Settings {
    /// Which rules run, before `select` and `ignore`.
    pub profile: RunProfile,
    /// Names of rules that run whatever the profile says; when not empty, nothing else runs.
    pub select: Vec<String>,
    /// Names of rules that run in addition to the profile's.
    pub extend_select: Vec<String>,
    /// Names of rules that do not run.
    pub ignore: Vec<String>,
    /// Build arguments, as `docker build --build-arg` passes them.
    pub build_args: BTreeMap<String, String>,
    /// Registries, or repositories on them, that images may come from: `ghcr.io`, `docker.io/library`,
    /// `registry.example.com:5000/team`. Empty when nobody has said.
    pub trusted_registries: Vec<String>,
    /// How many threads lint; 0 and 1 mean the caller's own.
    pub jobs: usize,
}

/// Which rules run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RunProfile {
    /// What nobody would want to ship.
    #[default]
    Default,
    /// And the hardening that is usually left out.
    Strict,
    /// And everything else we know how to look for.
    Audit,
}

impl Settings {
    /// Whether a rule runs. Names in `select`, `extend_select` and `ignore` may be rule names, the names
    /// other tools use, or a category; `ALL` is every rule.
    #[must_use]
    pub fn enables(&self, rule: &RuleMeta) -> bool {
        let named = |names: &[String]| names.iter().any(|name| selects(name, rule));
        if named(&self.ignore) {
            return false;
        }
        if !self.select.is_empty() {
            return named(&self.select) || named(&self.extend_select);
        }
        let by_profile = match self.profile {
            RunProfile::Default => rule.profile == Profile::Default,
            RunProfile::Strict => rule.profile <= Profile::Strict,
            RunProfile::Audit => true,
        };
        by_profile || named(&self.extend_select)
    }

    /// Whether a rule that is on by default also reports what belongs to the strict profile: under that profile
    /// and above, and when the rule is selected.
    #[must_use]
    pub fn is_strict_for(&self, rule: &RuleMeta) -> bool {
        let named = |names: &[String]| names.iter().any(|name| selects(name, rule));
        self.profile >= RunProfile::Strict || named(&self.select) || named(&self.extend_select)
    }
}

/// Whether a selector, as a user may type it, covers a rule.
#[must_use]
pub fn selects(selector: &str, rule: &RuleMeta) -> bool {
    selector.eq_ignore_ascii_case("all")
        || selector.eq_ignore_ascii_case(rule.category.name())
        || (selector.eq_ignore_ascii_case("security") && rule.category.is_security())
        || rule.answers_to(selector)
}
