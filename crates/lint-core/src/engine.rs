//! From sources to a report.

pub(crate) mod add_ignores;
pub(crate) mod apply;
pub(crate) mod baseline;
mod builds;
mod callers;
mod cover;
mod dispatch;
pub(crate) mod fix;
pub(crate) mod host;
pub(crate) mod linter;
pub(crate) mod pipeline;
pub(crate) mod refusals;
pub(crate) mod script_linter;
pub(crate) mod scripts;
pub(crate) mod suppress;
mod targets;
pub(crate) mod unit;
pub(crate) mod work;
