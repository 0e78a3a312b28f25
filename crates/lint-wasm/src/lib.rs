//! The linter for a page, a worker or Node.js: files in memory, and questions about them in JSON.
//!
//! A [`Workspace`] holds texts by path and what has been found in them. Which of them are Dockerfiles and Compose files, and which
//! configuration counts for each, is worked out as the command line does for a directory. Nothing is read from anywhere, there
//! is no clock, and nothing is kept.
//!
//! ```
//! use lint_wasm::Workspace;
//!
//! let mut workspace = Workspace::new(r#"{"options": {"profile": "strict"}}"#).unwrap();
//! workspace.set("Dockerfile", "FROM debian:12\nUSER root\n");
//! let report = workspace.ask(r#"{"ask": "report"}"#).unwrap();
//! assert!(report.contains(r#""rule":"root-user""#));
//! ```
//!
//! On `wasm32-unknown-unknown` the same is bound to JavaScript; the package `@plimsoll/wasm` is made of it.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod about;
mod answers;
#[cfg(target_arch = "wasm32")]
#[allow(unreachable_pub, reason = "wasm-bindgen exports what is public, and nobody else does")]
mod bindings;
mod configuration;
mod ignored;
mod rewritten;
mod search;
mod texts;
mod units;
mod workspace;

pub use about::about;
pub use workspace::Workspace;
