//! The upkeep of suppression comments.

use crate::rule::rule::Rule;

mod expired_ignore;
mod malformed_ignore;
mod unknown_rule_in_ignore;
mod unused_ignore;

pub(crate) static RULES: &[&Rule] =
    &[&expired_ignore::RULE, &malformed_ignore::RULE, &unknown_rule_in_ignore::RULE, &unused_ignore::RULE];
