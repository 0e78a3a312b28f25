//! From sources to a report.

pub mod apply;
pub mod baseline;
mod builds;
pub mod fix;
pub(crate) mod host;
pub mod linter;
pub(crate) mod pipeline;
pub mod refusals;
pub mod script_linter;
pub(crate) mod scripts;
pub(crate) mod suppress;
pub(crate) mod unit;
pub(crate) mod work;
