//! The container as it will run: a service over a stage over a base image.

use crate::rule::rule::Rule;

mod dependency_without_healthcheck;
mod invalid_user;
mod missing_copy_source;
mod missing_dockerfile;
mod missing_healthcheck;
mod missing_healthcheck_program;
mod missing_user;
mod root_user;
mod syntax_error;
mod undeclared_build_argument;
mod unexposed_port;
mod unknown_build_target;
mod unordered_base_image;
mod unused_dockerfile;
mod unused_user;
mod unwritable_path;
mod user_from_unset_variable;
mod whole_context_copied;

pub(crate) static RULES: &[&Rule] = &[
    &dependency_without_healthcheck::RULE,
    &invalid_user::RULE,
    &missing_copy_source::RULE,
    &missing_dockerfile::RULE,
    &missing_healthcheck::RULE,
    &missing_healthcheck_program::RULE,
    &missing_user::RULE,
    &root_user::RULE,
    &syntax_error::RULE,
    &undeclared_build_argument::RULE,
    &unexposed_port::RULE,
    &unknown_build_target::RULE,
    &unordered_base_image::RULE,
    &unused_dockerfile::RULE,
    &unused_user::RULE,
    &unwritable_path::RULE,
    &user_from_unset_variable::RULE,
    &whole_context_copied::RULE,
];
