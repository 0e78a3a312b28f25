//! Which of its stages somebody builds.

use std::collections::BTreeMap;

/// Which stages of a Dockerfile are built, as far as callers show it.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Those that are named, and whether only tests and linters build each.
    pub named: BTreeMap<String, bool>,
    /// Whether somebody has said by hand which images there are: then other stages are built for none of them.
    pub is_declared: bool,
    /// Whether the default target is one of these.
    pub has_default: bool,
}
