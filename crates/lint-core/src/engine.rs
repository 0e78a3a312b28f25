//! From sources to a report.

pub(crate) mod add_ignores;
pub(crate) mod apply;
pub(crate) mod at_work;
pub(crate) mod baseline;
pub(crate) mod builds;
mod callers;
mod cover;
pub(crate) mod dispatch;
pub(crate) mod dockerfiles;
mod evidence;
#[cfg(feature = "policies")]
pub(crate) mod examples;
pub(crate) mod fix;
pub(crate) mod host;
pub(crate) mod ignores;
pub(crate) mod inputs;
pub(crate) mod kubernetes;
pub(crate) mod linter;
mod look;
pub(crate) mod outcome;
mod overlay;
pub(crate) mod pipeline;
#[cfg(feature = "policies")]
mod policies;
mod project_builds;
pub(crate) mod project_unit;
mod proof;
pub(crate) mod refusals;
mod repository;
pub(crate) mod script_linter;
pub(crate) mod scripts;
pub(crate) mod settings_by_file;
pub(crate) mod shared;
mod silencing;
pub(crate) mod source;
pub(crate) mod suppress;
mod targets;
pub(crate) mod unit;
mod what_runs;
pub(crate) mod work;
