//! What a Dockerfile says.

use crate::rule::rule::Rule;

mod account_password;
mod apt_in_script;
mod cd_instead_of_workdir;
mod consecutive_runs;
mod copied_whole_filesystem;
mod curl_and_wget_installed;
mod ignored_failure;
mod install_awaiting_answer;
mod invalid_instruction;
mod invalid_label_key;
mod invalid_label_value;
mod lost_shell_state;
mod non_numeric_user;
mod package_cache_in_layer;
mod package_upgrade;
mod pipe_without_pipefail;
mod pointless_command;
mod recommended_packages;
mod replaced_sh;
mod sparse_lastlog;
mod sudo_in_run;
mod system_directory_workdir;
mod unpinned_package;
mod unpinned_system_package;
mod wget_progress_bar;

pub(crate) static RULES: &[&Rule] = &[
    &account_password::RULE,
    &apt_in_script::RULE,
    &cd_instead_of_workdir::RULE,
    &consecutive_runs::RULE,
    &copied_whole_filesystem::RULE,
    &curl_and_wget_installed::RULE,
    &ignored_failure::RULE,
    &install_awaiting_answer::RULE,
    &invalid_instruction::RULE,
    &invalid_label_key::RULE,
    &invalid_label_value::RULE,
    &lost_shell_state::RULE,
    &non_numeric_user::RULE,
    &package_cache_in_layer::RULE,
    &package_upgrade::RULE,
    &pipe_without_pipefail::RULE,
    &pointless_command::RULE,
    &recommended_packages::RULE,
    &replaced_sh::RULE,
    &sparse_lastlog::RULE,
    &sudo_in_run::RULE,
    &system_directory_workdir::RULE,
    &unpinned_package::RULE,
    &unpinned_system_package::RULE,
    &wget_progress_bar::RULE,
];
