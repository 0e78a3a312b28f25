//! How much of the host a container can use up.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod changed_base_device_size;
mod daemon_cgroup_parent;
mod foreign_cgroup_parent;
mod legacy_storage_driver;
mod live_restore_disabled;
mod missing_default_ulimits;
mod unbounded_component;
mod unbounded_restart;
mod unlimited_cpu;
mod unlimited_memory;
mod unlimited_pids;
mod unlimited_pod_pids;
mod unlimited_ulimit;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Resources);

pub(super) static RULES: &[&Rule] = &[
    &changed_base_device_size::RULE,
    &daemon_cgroup_parent::RULE,
    &foreign_cgroup_parent::RULE,
    &legacy_storage_driver::RULE,
    &live_restore_disabled::RULE,
    &missing_default_ulimits::RULE,
    &unbounded_component::RULE,
    &unbounded_restart::RULE,
    &unlimited_cpu::RULE,
    &unlimited_memory::RULE,
    &unlimited_pids::RULE,
    &unlimited_pod_pids::RULE,
    &unlimited_ulimit::RULE,
];
