//! The rule engine of the Plimsoll linter.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod files;
pub mod finding;
pub mod model;

pub use lint_parser as syntax;
