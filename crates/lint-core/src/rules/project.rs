//! The container as it will run: a service over a stage over a base image.

use crate::rule::rule::Rule;

mod syntax_error;

pub(crate) static RULES: &[&Rule] = &[&syntax_error::RULE];
