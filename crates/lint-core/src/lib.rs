//! The rule engine of the Plimsoll linter.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod config;
pub mod engine;
pub mod files;
pub mod finding;
pub mod model;
pub mod report;
pub mod rule;
pub mod rules;
pub mod settings;

pub use lint_parser as syntax;
