//! Whether anybody sees what a container does, and whether it works.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod blind_audit_policy;
mod daemon_log_level;
mod disabled_healthcheck;
mod disabled_logging;
mod local_only_logging;
mod missing_audit_log;
mod missing_healthcheck;
mod missing_healthcheck_program;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Observability);

pub(super) static RULES: &[&Rule] = &[
    &blind_audit_policy::RULE,
    &daemon_log_level::RULE,
    &disabled_healthcheck::RULE,
    &disabled_logging::RULE,
    &local_only_logging::RULE,
    &missing_audit_log::RULE,
    &missing_healthcheck::RULE,
    &missing_healthcheck_program::RULE,
];
