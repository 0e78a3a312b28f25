//! The container as it will run: a service over a stage over a base image.

use crate::rule::rule::Rule;

mod invalid_user;
mod missing_healthcheck;
mod missing_user;
mod root_user;
mod syntax_error;
mod unused_user;
mod user_from_unset_variable;

pub(crate) static RULES: &[&Rule] = &[
    &invalid_user::RULE,
    &missing_healthcheck::RULE,
    &missing_user::RULE,
    &root_user::RULE,
    &syntax_error::RULE,
    &unused_user::RULE,
    &user_from_unset_variable::RULE,
];
