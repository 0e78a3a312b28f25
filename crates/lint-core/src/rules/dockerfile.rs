//! What a Dockerfile says.

use crate::rule::rule::Rule;

mod account_password;
mod add_instead_of_copy;
mod apt_in_script;
mod base_image_without_digest;
mod cd_instead_of_workdir;
mod circular_stages;
mod consecutive_runs;
mod constant_platform;
mod copied_from_empty_stage;
mod copied_from_own_stage;
mod copied_from_undefined_stage;
mod copied_ignored_file;
mod copied_secret_file;
mod copied_whole_filesystem;
mod curl_and_wget_installed;
mod deprecated_maintainer;
mod description_without_name;
mod download_piped_to_shell;
mod duplicate_stage_name;
mod empty_continuation_line;
mod end_of_life_base_image;
mod expose_protocol_casing;
mod extra_package_index;
mod extracted_archive;
mod floating_frontend;
mod from_as_casing;
mod globally_trusted_apt_key;
mod host_port_in_expose;
mod ignored_directive;
mod ignored_failure;
mod inconsistent_instruction_casing;
mod install_awaiting_answer;
mod invalid_base_image;
mod invalid_instruction;
mod invalid_label_key;
mod invalid_label_value;
mod legacy_key_value;
mod lost_shell_state;
mod malformed_exec_form;
mod needless_package;
mod non_numeric_user;
mod package_cache_in_layer;
mod package_index_update_alone;
mod package_upgrade;
mod passwordless_sudo;
mod pipe_without_pipefail;
mod plain_http_download;
mod pointless_command;
mod recommended_packages;
mod redundant_platform;
mod relative_copy_destination;
mod relative_workdir;
mod remote_add_without_checksum;
mod repeated_instruction;
mod replaced_sh;
mod reserved_stage_name;
mod secret_kept_in_layer;
mod secret_like_name;
mod setuid_granted;
mod shell_form_command;
mod shell_form_without_shell;
mod short_key_id;
mod sources_without_directory;
mod sparse_lastlog;
mod stage_name_casing;
mod sudo_in_run;
mod system_directory_workdir;
mod tls_verification_disabled;
mod undefined_argument_in_from;
mod undefined_variable;
mod ungraceful_stop_signal;
mod unknown_stop_signal;
mod unpinned_base_image;
mod unpinned_package;
mod unpinned_system_package;
mod unreachable_stage;
mod unsigned_packages;
mod unverified_ssh_host;
mod wget_progress_bar;
mod world_writable_path;

pub(crate) static RULES: &[&Rule] = &[
    &account_password::RULE,
    &add_instead_of_copy::RULE,
    &apt_in_script::RULE,
    &base_image_without_digest::RULE,
    &cd_instead_of_workdir::RULE,
    &circular_stages::RULE,
    &consecutive_runs::RULE,
    &constant_platform::RULE,
    &copied_from_empty_stage::RULE,
    &copied_from_own_stage::RULE,
    &copied_from_undefined_stage::RULE,
    &copied_ignored_file::RULE,
    &copied_secret_file::RULE,
    &copied_whole_filesystem::RULE,
    &curl_and_wget_installed::RULE,
    &deprecated_maintainer::RULE,
    &description_without_name::RULE,
    &download_piped_to_shell::RULE,
    &duplicate_stage_name::RULE,
    &empty_continuation_line::RULE,
    &end_of_life_base_image::RULE,
    &expose_protocol_casing::RULE,
    &extra_package_index::RULE,
    &extracted_archive::RULE,
    &floating_frontend::RULE,
    &from_as_casing::RULE,
    &globally_trusted_apt_key::RULE,
    &host_port_in_expose::RULE,
    &ignored_failure::RULE,
    &ignored_directive::RULE,
    &inconsistent_instruction_casing::RULE,
    &install_awaiting_answer::RULE,
    &invalid_base_image::RULE,
    &invalid_instruction::RULE,
    &invalid_label_key::RULE,
    &invalid_label_value::RULE,
    &legacy_key_value::RULE,
    &lost_shell_state::RULE,
    &malformed_exec_form::RULE,
    &needless_package::RULE,
    &non_numeric_user::RULE,
    &package_cache_in_layer::RULE,
    &package_index_update_alone::RULE,
    &package_upgrade::RULE,
    &passwordless_sudo::RULE,
    &pipe_without_pipefail::RULE,
    &plain_http_download::RULE,
    &pointless_command::RULE,
    &recommended_packages::RULE,
    &redundant_platform::RULE,
    &relative_copy_destination::RULE,
    &relative_workdir::RULE,
    &remote_add_without_checksum::RULE,
    &repeated_instruction::RULE,
    &replaced_sh::RULE,
    &reserved_stage_name::RULE,
    &secret_kept_in_layer::RULE,
    &secret_like_name::RULE,
    &setuid_granted::RULE,
    &shell_form_command::RULE,
    &shell_form_without_shell::RULE,
    &short_key_id::RULE,
    &sources_without_directory::RULE,
    &sparse_lastlog::RULE,
    &stage_name_casing::RULE,
    &sudo_in_run::RULE,
    &system_directory_workdir::RULE,
    &tls_verification_disabled::RULE,
    &undefined_argument_in_from::RULE,
    &undefined_variable::RULE,
    &ungraceful_stop_signal::RULE,
    &unknown_stop_signal::RULE,
    &unpinned_base_image::RULE,
    &unpinned_package::RULE,
    &unpinned_system_package::RULE,
    &unreachable_stage::RULE,
    &unsigned_packages::RULE,
    &unverified_ssh_host::RULE,
    &wget_progress_bar::RULE,
    &world_writable_path::RULE,
];
