//! What is said, and by whom.

#[allow(clippy::module_inception)]
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod label;
pub mod meta;
pub mod reference;
pub mod severity;
pub mod shellcheck;
mod shellcheck_codes;
