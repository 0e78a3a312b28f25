//! What Docker refuses, or takes for something other than what is meant.

use crate::finding::meta::{Category, RuleMeta};
use crate::rule::rule::Rule;

mod capability_with_prefix;
mod circular_stages;
mod command_without_shell;
mod comment_in_continued_line;
mod constant_platform;
mod container_of_another_project;
mod copied_from_empty_stage;
mod copied_from_own_stage;
mod copied_from_undefined_stage;
mod copied_ignored_file;
mod curl_without_fail;
mod dependency_without_healthcheck;
mod depends_on_completed_restart;
mod device_bound_as_volume;
mod directory_owned_by_root;
mod dollar_in_command;
mod duplicate_key;
mod duplicate_stage_name;
mod empty_continuation_line;
mod env_key_not_interpolated;
mod file_ignored_by_git;
mod group_given_as_comment;
mod healthcheck_none_string;
mod host_port_in_expose;
mod ignored_by_swarm;
mod ignored_directive;
mod ignored_failure;
mod inline_file_on_read_only_service;
mod install_awaiting_answer;
mod invalid_bake;
mod invalid_base_image;
mod invalid_compose;
mod invalid_container_name;
mod invalid_daemon_config;
mod invalid_instruction;
mod invalid_user;
mod limits_refused_by_engine;
mod lost_shell_state;
mod malformed_exec_form;
mod misplaced_security_field;
mod missing_copy_source;
mod missing_dockerfile;
mod missing_mount_source;
mod mount_made_for_root;
mod name_of_another_project;
mod override_appends_ports;
mod pipe_without_pipefail;
mod pointless_command;
mod port_conflict;
mod port_of_another_project;
mod ports_ignored_by_host_network;
mod quotes_in_environment_entry;
mod refused_by_network_mode;
mod refused_by_pod_security;
mod refused_image_user;
mod refused_pod;
mod relative_copy_destination;
mod relative_workdir;
mod removed_api_version;
mod repeated_instruction;
mod replaced_sh;
mod reserved_stage_name;
mod resource_of_another_project;
mod restart_shadowed_by_deploy;
mod script_not_executable;
mod shadowed_mount;
mod shell_form_command;
mod shell_form_without_shell;
mod shell_operator_without_shell;
mod single_letter_volume;
mod sources_without_directory;
mod start_interval_without_start_period;
mod swallowed_instruction;
mod syntax_error;
mod two_config_files;
mod undeclared_build_argument;
mod undefined_argument_in_from;
mod undefined_variable;
mod unexposed_container_port;
mod ungraceful_stop_signal;
mod unknown_build_target;
mod unknown_capability;
mod unknown_mount_option;
mod unknown_namespace;
mod unknown_port_name;
mod unknown_restart_policy;
mod unknown_stop_signal;
mod unquoted_environment_number;
mod unreachable_stage;
mod unset_variable;
mod unwritable_path;
mod variable_set_twice;
mod volume_beside_data;
mod volume_owned_by_root;
mod write_to_build_mount;

/// What a rule of this category need not say.
const DEFAULTS: RuleMeta = RuleMeta::of(Category::Correctness);

pub(super) static RULES: &[&Rule] = &[
    &capability_with_prefix::RULE,
    &circular_stages::RULE,
    &command_without_shell::RULE,
    &comment_in_continued_line::RULE,
    &constant_platform::RULE,
    &container_of_another_project::RULE,
    &copied_from_empty_stage::RULE,
    &copied_from_own_stage::RULE,
    &copied_from_undefined_stage::RULE,
    &copied_ignored_file::RULE,
    &curl_without_fail::RULE,
    &dependency_without_healthcheck::RULE,
    &depends_on_completed_restart::RULE,
    &device_bound_as_volume::RULE,
    &directory_owned_by_root::RULE,
    &dollar_in_command::RULE,
    &duplicate_key::RULE,
    &duplicate_stage_name::RULE,
    &empty_continuation_line::RULE,
    &env_key_not_interpolated::RULE,
    &file_ignored_by_git::RULE,
    &group_given_as_comment::RULE,
    &healthcheck_none_string::RULE,
    &host_port_in_expose::RULE,
    &ignored_by_swarm::RULE,
    &ignored_directive::RULE,
    &ignored_failure::RULE,
    &inline_file_on_read_only_service::RULE,
    &install_awaiting_answer::RULE,
    &invalid_bake::RULE,
    &invalid_base_image::RULE,
    &invalid_compose::RULE,
    &invalid_container_name::RULE,
    &invalid_daemon_config::RULE,
    &invalid_instruction::RULE,
    &invalid_user::RULE,
    &limits_refused_by_engine::RULE,
    &lost_shell_state::RULE,
    &malformed_exec_form::RULE,
    &misplaced_security_field::RULE,
    &missing_copy_source::RULE,
    &missing_dockerfile::RULE,
    &missing_mount_source::RULE,
    &mount_made_for_root::RULE,
    &name_of_another_project::RULE,
    &override_appends_ports::RULE,
    &pipe_without_pipefail::RULE,
    &pointless_command::RULE,
    &port_conflict::RULE,
    &port_of_another_project::RULE,
    &ports_ignored_by_host_network::RULE,
    &quotes_in_environment_entry::RULE,
    &refused_by_network_mode::RULE,
    &refused_by_pod_security::RULE,
    &refused_image_user::RULE,
    &refused_pod::RULE,
    &relative_copy_destination::RULE,
    &relative_workdir::RULE,
    &removed_api_version::RULE,
    &repeated_instruction::RULE,
    &replaced_sh::RULE,
    &reserved_stage_name::RULE,
    &resource_of_another_project::RULE,
    &restart_shadowed_by_deploy::RULE,
    &script_not_executable::RULE,
    &shadowed_mount::RULE,
    &shell_form_command::RULE,
    &shell_form_without_shell::RULE,
    &shell_operator_without_shell::RULE,
    &single_letter_volume::RULE,
    &sources_without_directory::RULE,
    &start_interval_without_start_period::RULE,
    &swallowed_instruction::RULE,
    &syntax_error::RULE,
    &two_config_files::RULE,
    &undeclared_build_argument::RULE,
    &undefined_argument_in_from::RULE,
    &undefined_variable::RULE,
    &unexposed_container_port::RULE,
    &ungraceful_stop_signal::RULE,
    &unknown_build_target::RULE,
    &unknown_capability::RULE,
    &unknown_mount_option::RULE,
    &unknown_namespace::RULE,
    &unknown_port_name::RULE,
    &unknown_restart_policy::RULE,
    &unknown_stop_signal::RULE,
    &unquoted_environment_number::RULE,
    &unreachable_stage::RULE,
    &unset_variable::RULE,
    &unwritable_path::RULE,
    &variable_set_twice::RULE,
    &volume_beside_data::RULE,
    &volume_owned_by_root::RULE,
    &write_to_build_mount::RULE,
];
