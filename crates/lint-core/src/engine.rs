//! From sources to a report.

pub mod apply;
mod builds;
pub mod linter;
pub(crate) mod pipeline;
pub(crate) mod suppress;
pub(crate) mod unit;
pub(crate) mod work;
