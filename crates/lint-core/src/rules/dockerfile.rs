//! What a Dockerfile says.

use crate::rule::rule::Rule;

mod add_instead_of_copy;
mod base_image_without_digest;
mod copied_secret_file;
mod download_piped_to_shell;
mod end_of_life_base_image;
mod invalid_instruction;
mod needless_package;
mod package_index_update_alone;
mod plain_http_download;
mod remote_add_without_checksum;
mod setuid_granted;
mod tls_verification_disabled;
mod unpinned_base_image;
mod unsigned_packages;
mod world_writable_path;

pub(crate) static RULES: &[&Rule] = &[
    &add_instead_of_copy::RULE,
    &base_image_without_digest::RULE,
    &copied_secret_file::RULE,
    &download_piped_to_shell::RULE,
    &end_of_life_base_image::RULE,
    &invalid_instruction::RULE,
    &needless_package::RULE,
    &package_index_update_alone::RULE,
    &plain_http_download::RULE,
    &remote_add_without_checksum::RULE,
    &setuid_granted::RULE,
    &tls_verification_disabled::RULE,
    &unpinned_base_image::RULE,
    &unsigned_packages::RULE,
    &world_writable_path::RULE,
];
