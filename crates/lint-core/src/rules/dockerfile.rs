//! What a Dockerfile says.

use crate::rule::rule::Rule;

mod invalid_instruction;

pub(crate) static RULES: &[&Rule] = &[&invalid_instruction::RULE];
