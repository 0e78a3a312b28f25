//! Where the contents of an image come from.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod add_instead_of_copy;
mod base_image_without_digest;
mod content_trust_enabled;
mod copied_whole_filesystem;
mod download_piped_to_shell;
mod end_of_life_base_image;
mod end_of_life_image;
mod extra_package_index;
mod fail_open_admission;
mod floating_frontend;
mod git_repo_volume;
mod globally_trusted_apt_key;
mod image_without_digest;
mod insecure_registry;
mod needless_package;
mod package_index_update_alone;
mod plain_http_download;
mod remote_add_without_checksum;
mod short_key_id;
mod tls_verification_disabled;
mod unchecked_download;
mod unordered_base_image;
mod unpinned_base_image;
mod unpinned_build_context;
mod unpinned_feature;
mod unpinned_image;
mod unpinned_package;
mod unpinned_system_package;
mod unsigned_packages;
mod untrusted_registry;
mod unverified_ssh_host;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::SupplyChain);

pub(super) static RULES: &[&Rule] = &[
    &add_instead_of_copy::RULE,
    &base_image_without_digest::RULE,
    &content_trust_enabled::RULE,
    &copied_whole_filesystem::RULE,
    &download_piped_to_shell::RULE,
    &end_of_life_base_image::RULE,
    &end_of_life_image::RULE,
    &extra_package_index::RULE,
    &fail_open_admission::RULE,
    &floating_frontend::RULE,
    &git_repo_volume::RULE,
    &globally_trusted_apt_key::RULE,
    &image_without_digest::RULE,
    &insecure_registry::RULE,
    &needless_package::RULE,
    &package_index_update_alone::RULE,
    &plain_http_download::RULE,
    &remote_add_without_checksum::RULE,
    &short_key_id::RULE,
    &tls_verification_disabled::RULE,
    &unchecked_download::RULE,
    &unordered_base_image::RULE,
    &unpinned_base_image::RULE,
    &unpinned_build_context::RULE,
    &unpinned_feature::RULE,
    &unpinned_image::RULE,
    &unpinned_package::RULE,
    &unpinned_system_package::RULE,
    &unsigned_packages::RULE,
    &untrusted_registry::RULE,
    &unverified_ssh_host::RULE,
];
