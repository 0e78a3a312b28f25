//! From sources to a report.

pub(crate) mod add_ignores;
pub(crate) mod apply;
pub(crate) mod baseline;
mod builds;
mod callers;
mod cover;
mod dispatch;
mod dockerfiles;
mod evidence;
pub(crate) mod fix;
pub(crate) mod host;
pub(crate) mod linter;
pub(crate) mod pipeline;
mod project_builds;
mod proof;
pub(crate) mod refusals;
pub(crate) mod script_linter;
pub(crate) mod scripts;
mod silencing;
pub(crate) mod suppress;
mod targets;
pub(crate) mod unit;
mod what_runs;
pub(crate) mod work;
