//! What is said, and by whom.

#[allow(clippy::module_inception, reason = "a finding is what the room is about")]
pub(crate) mod finding;
pub(crate) mod fingerprint;
pub(crate) mod fix;
pub(crate) mod label;
pub(crate) mod meta;
pub(crate) mod policy;
pub(crate) mod reference;
pub(crate) mod release;
pub(crate) mod severity;
pub(crate) mod shellcheck;
mod shellcheck_codes;
