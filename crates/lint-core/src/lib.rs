//! The engine of the Plimsoll linter: a model of what Docker builds and runs, and rules that judge it.
//!
//! ```
//! use lint_core::{Linter, Severity, Source};
//!
//! let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
//! for finding in report.findings() {
//!     println!("{}: {} [{}]", finding.location(), finding.message(), finding.rule().name);
//! }
//! assert!(report.worst() >= Some(Severity::Medium));
//! ```
//!
//! Files that the linted ones refer to (override files, `include`, `extends`, `.env`, the Dockerfiles that
//! services build) are read through [`Files`], so that a disk, an editor's buffers and a map in memory serve
//! alike:
//!
//! ```
//! use std::collections::BTreeMap;
//! use lint_core::{Linter, Source};
//!
//! let files: BTreeMap<String, String> = [
//!     ("compose.yaml", "services:\n  web:\n    build: .\n"),
//!     ("Dockerfile", "FROM python:3.12-slim\n"),
//! ]
//! .map(|(name, text)| (name.to_owned(), text.to_owned()))
//! .into();
//! let report = Linter::default().lint_with(&[Source::compose("compose.yaml", &files["compose.yaml"])], &files);
//! assert!(report.findings().iter().any(|finding| finding.rule().name == "missing-user"));
//! ```
//!
//! The library reads no configuration, no environment and no clock, opens no file and makes no thread unless
//! [`Settings::jobs`] asks for it. Texts larger than 4 GiB are refused.

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

pub use engine::linter::{Linter, Source, SourceKind};
pub use files::{FileError, Files, NoFiles};
pub use finding::finding::Finding;
pub use finding::fix::{Applicability, Edit, Fix};
pub use finding::label::{Label, Place};
pub use finding::meta::{Category, Fixable, Profile, RuleMeta, Stride};
pub use finding::reference::{Benchmark, Cis, Reference};
pub use finding::severity::{Level, Severity};
pub use lint_parser as syntax;
pub use report::{Failure, Note, Report};
pub use settings::{RunProfile, Settings};
