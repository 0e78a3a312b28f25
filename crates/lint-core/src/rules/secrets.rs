//! Credentials and the files that hold them.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod account_password;
mod copied_secret_file;
mod hardcoded_secret;
mod lasting_service_account_tokens;
mod loose_file_mode;
mod readable_kubeconfig;
mod readable_secrets;
mod secret_in_build_argument;
mod secret_in_command;
mod secret_in_environment;
mod secret_in_manifest;
mod secret_kept_in_layer;
mod secret_like_name;
mod secrets_in_audit_log;
mod static_token_file;
mod unencrypted_secrets_at_rest;
mod whole_context_copied;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Secrets);

pub(super) static RULES: &[&Rule] = &[
    &account_password::RULE,
    &copied_secret_file::RULE,
    &hardcoded_secret::RULE,
    &lasting_service_account_tokens::RULE,
    &loose_file_mode::RULE,
    &readable_kubeconfig::RULE,
    &readable_secrets::RULE,
    &secret_in_build_argument::RULE,
    &secret_in_command::RULE,
    &secret_in_environment::RULE,
    &secret_in_manifest::RULE,
    &secret_kept_in_layer::RULE,
    &secret_like_name::RULE,
    &secrets_in_audit_log::RULE,
    &static_token_file::RULE,
    &unencrypted_secrets_at_rest::RULE,
    &whole_context_copied::RULE,
];
