//! The container as it will run: a service over a stage over a base image.

use crate::rule::rule::Rule;

mod missing_user;
mod root_user;
mod syntax_error;

pub(crate) static RULES: &[&Rule] = &[&missing_user::RULE, &root_user::RULE, &syntax_error::RULE];
