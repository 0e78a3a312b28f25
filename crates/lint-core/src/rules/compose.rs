//! What a Compose service is given, or denied.

use crate::rule::rule::Rule;

mod duplicate_key;
mod invalid_compose;
mod new_privileges_allowed;
mod privileged_service;
mod writable_root_filesystem;

pub(crate) static RULES: &[&Rule] = &[
    &duplicate_key::RULE,
    &invalid_compose::RULE,
    &new_privileges_allowed::RULE,
    &privileged_service::RULE,
    &writable_root_filesystem::RULE,
];
