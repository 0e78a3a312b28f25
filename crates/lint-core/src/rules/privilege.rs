//! Who the container runs as and what it may do.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod added_capability;
mod alpha_features;
mod anonymous_control_plane;
mod anonymous_role_binding;
mod authorization_disabled;
mod cluster_admin_binding;
mod daemon_allows_new_privileges;
mod dangerous_capability;
mod docker_group_granted;
mod escalating_role;
mod host_process_container;
mod lost_image_group;
mod missing_authorization_plugin;
mod missing_user;
mod mounted_service_account_token;
mod new_privileges_allowed;
mod non_numeric_user;
mod passwordless_sudo;
mod privileged_build;
mod privileged_exec;
mod privileged_service;
mod root_daemon;
mod root_exec;
mod root_user;
mod setuid_granted;
mod sudo_in_run;
mod undropped_capabilities;
mod unused_user;
mod user_from_unset_variable;
mod user_namespaces_disabled;
mod weak_admission;
mod wildcard_role;
mod writable_account_file;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Privilege);

pub(super) static RULES: &[&Rule] = &[
    &added_capability::RULE,
    &alpha_features::RULE,
    &anonymous_control_plane::RULE,
    &anonymous_role_binding::RULE,
    &authorization_disabled::RULE,
    &cluster_admin_binding::RULE,
    &daemon_allows_new_privileges::RULE,
    &dangerous_capability::RULE,
    &docker_group_granted::RULE,
    &escalating_role::RULE,
    &host_process_container::RULE,
    &lost_image_group::RULE,
    &missing_authorization_plugin::RULE,
    &missing_user::RULE,
    &mounted_service_account_token::RULE,
    &new_privileges_allowed::RULE,
    &non_numeric_user::RULE,
    &passwordless_sudo::RULE,
    &privileged_build::RULE,
    &privileged_exec::RULE,
    &privileged_service::RULE,
    &root_daemon::RULE,
    &root_exec::RULE,
    &root_user::RULE,
    &setuid_granted::RULE,
    &sudo_in_run::RULE,
    &undropped_capabilities::RULE,
    &unused_user::RULE,
    &user_from_unset_variable::RULE,
    &user_namespaces_disabled::RULE,
    &weak_admission::RULE,
    &wildcard_role::RULE,
    &writable_account_file::RULE,
];
