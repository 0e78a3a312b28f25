//! A rule: metadata and checks.

use crate::finding::meta::RuleMeta;
use crate::rule::check::Check;

/// A rule is a value: what it says of itself, and pure functions over the model.
#[derive(Debug)]
pub struct Rule {
    /// What it says of itself.
    pub meta: RuleMeta,
    /// What it looks at.
    pub checks: &'static [Check],
}
