//! The upkeep of the files, suppression comments among it.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod apt_in_script;
mod cd_instead_of_workdir;
mod consecutive_runs;
mod curl_and_wget_installed;
mod deprecated_maintainer;
mod description_without_name;
mod expired_ignore;
mod expose_protocol_casing;
mod extracted_archive;
mod from_as_casing;
mod inconsistent_instruction_casing;
mod invalid_label_key;
mod invalid_label_value;
mod legacy_key_value;
mod malformed_ignore;
mod mode_changed_in_layer;
mod obsolete_version;
mod package_cache_in_layer;
mod package_upgrade;
mod recommended_packages;
mod redundant_platform;
mod several_documents;
mod sparse_lastlog;
mod stage_name_casing;
mod unknown_rule_in_ignore;
mod unused_bake_target;
mod unused_dockerfile;
mod unused_ignore;
mod unused_resource;
mod wget_progress_bar;
mod yaml11_boolean;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Hygiene);

pub(super) static RULES: &[&Rule] = &[
    &apt_in_script::RULE,
    &cd_instead_of_workdir::RULE,
    &consecutive_runs::RULE,
    &curl_and_wget_installed::RULE,
    &deprecated_maintainer::RULE,
    &description_without_name::RULE,
    &expired_ignore::RULE,
    &expose_protocol_casing::RULE,
    &extracted_archive::RULE,
    &from_as_casing::RULE,
    &inconsistent_instruction_casing::RULE,
    &invalid_label_key::RULE,
    &invalid_label_value::RULE,
    &legacy_key_value::RULE,
    &malformed_ignore::RULE,
    &mode_changed_in_layer::RULE,
    &obsolete_version::RULE,
    &package_cache_in_layer::RULE,
    &package_upgrade::RULE,
    &recommended_packages::RULE,
    &redundant_platform::RULE,
    &several_documents::RULE,
    &sparse_lastlog::RULE,
    &stage_name_casing::RULE,
    &unknown_rule_in_ignore::RULE,
    &unused_bake_target::RULE,
    &unused_dockerfile::RULE,
    &unused_ignore::RULE,
    &unused_resource::RULE,
    &wget_progress_bar::RULE,
    &yaml11_boolean::RULE,
];
