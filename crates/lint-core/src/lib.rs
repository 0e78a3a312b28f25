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
//!
//! # Where to look
//!
//! | To | |
//! | --- | --- |
//! | lint texts | [`Linter`], [`Source`], [`Settings`]; [`daemon`] tells what a file of the Docker daemon is |
//! | let it read other files | [`Files`]; [`path`] has the arithmetic of its paths |
//! | read what was found | [`Report`], [`Finding`], [`RuleMeta`] |
//! | write it for machines or people | [`report`]: SARIF, JSON, JUnit and more, the CIS benchmark; with `miette`, diagnostics |
//! | repair it | [`fix`] |
//! | accept what is there today | [`baseline`], [`suppressions`] |
//! | list and find rules | [`rules`] |
//! | read configuration files | `config`, which makes [`Settings`] |
//! | see a Compose project as `docker compose` would | [`project`] |
//! | add rules in CEL | [`policy`], with the feature `policies` |
//! | have shell scripts linted too | [`shell`] |
//! | read JSON with what is there already | [`json`] |
//! | parse | [`syntax`], which is the crate `lint-parser` |
//!
//! # Features
//!
//! - `config`, on by default: `config`, and the patterns of files and services in [`settings`]. Without it a third of the
//!   dependencies is gone: `default-features = false`.
//! - `policies`: carries out [`Settings::policies`], which are written in CEL. Their parser gets a thread with a stack of its
//!   own.
//! - `miette`: `report::miette`, findings as `miette::Diagnostic`s.
//!
//! # Stability
//!
//! Rules are added, and learn to see more, in minor versions, so a report may grow with any update; a rule's name never
//! changes, and neither do fingerprints. Structs and enums that may grow are `#[non_exhaustive]`; those that are not
//! ([`Severity`], [`Stride`], [`Applicability`]) are complete.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

// The rooms nobody enters from outside. Their `pub` means "for the other rooms"; what is public of them is listed below.
mod engine;
mod files;
mod finding;
mod kinds;
// In these two, `pub` means "for the rooms above"; what outsiders may use of them is listed below.
#[allow(unreachable_pub)]
mod model;
#[allow(unreachable_pub)]
mod rule;

#[cfg(test)]
mod tests;

#[cfg(feature = "config")]
pub mod config;
pub mod json;
#[cfg(feature = "policies")]
mod policies;
pub mod report;
pub mod rules;
pub mod session;
pub mod settings;

pub use engine::at_work::{AtWork, at_work};
pub use engine::linter::Linter;
pub use engine::source::{Source, SourceKind};
pub use files::{FileError, Files, InGit, NoFiles};
pub use finding::finding::Finding;
pub use finding::fix::{Applicability, Edit, Fix};
pub use finding::label::{Label, Place};
pub use finding::meta::{Category, Change, Fixable, Profile, Reach, RuleMeta, Stride};
pub use finding::reference::{Benchmark, Cis, Reference};
pub use finding::release::{NoRelease, Release};
pub use finding::severity::{Level, Severity, UnknownSeverity};
pub use lint_parser as syntax;
#[doc(inline)]
pub use report::{Accepted, Failure, Note, Report};
#[doc(inline)]
pub use settings::{RunProfile, Settings};

/// Findings that are accepted for now, and what recognises a finding in a later run.
pub mod baseline {
    pub use crate::engine::baseline::{Baseline, Entry, is_acceptable, sort};
    pub use crate::finding::fingerprint::{VERSION as FINGERPRINT_VERSION, fingerprints, number};
}

/// What tells the files that configure the Docker daemon from others.
pub mod daemon {
    pub use crate::kinds::daemon_file_kind as file_kind;
    pub use crate::model::daemon::daemon_config::options::is_option;
}

/// What a file is, by its name and, where the name says nothing, by its text.
pub mod kind {
    pub use crate::kinds::{
        NameSays, SAVED, TEMPORARY, by_content, by_name, by_text, is_another_daemon, is_another_mapping,
        is_default_compose_name, is_surely_ours, lacks, may_be, starts,
    };
}

/// Policies: what they are called, what their expressions can name, and their examples.
pub mod policy {
    #[cfg(feature = "policies")]
    pub use crate::engine::examples::run_example;
    pub use crate::finding::policy::{GROUP, is_name, is_named_by, own_name};
    #[cfg(feature = "policies")]
    pub use crate::policies::explain::{Explained, ExplainedField, FieldState};
    #[cfg(feature = "policies")]
    pub use crate::policies::portrait::{Fact, Portrait};
    #[cfg(feature = "policies")]
    pub use crate::policies::reference::reference;
}

/// Fixes: applied, or applied and verified.
pub mod fix {
    pub use crate::engine::apply::{FixedFile, apply, preview};
    pub use crate::engine::fix::{Applied, Fixed, fix, is_fixable};
}

/// Arithmetic of the paths that [`Files`] is asked for, without asking any disk.
pub mod path {
    pub use crate::files::{directory, file_name, is_absolute, join, normalise, relative};
    pub use crate::model::calls::may_call;
}

/// Compose projects as `docker compose` would load them.
pub mod project {
    pub use crate::engine::inputs::effective;
    pub use crate::engine::refusals::refusals;
    pub use crate::model::project::Project;
    pub use crate::model::project::canonical::canonical;
    pub use crate::model::project::group::{ProjectFiles, declared, default_file, default_project, group};
    pub use crate::model::project::names::normalised_name;
}

/// Suppression comments for what is there today.
pub mod suppressions {
    pub use crate::engine::add_ignores::{Added, Left, Reason, add};
}

/// Shell scripts in Dockerfiles: the window to a linter of them, and what its findings are called.
pub mod shell {
    pub use crate::engine::script_linter::{Script, ScriptFinding, ScriptLinter};
    pub use crate::finding::shellcheck::{GROUP, code, find, is_named_by};
    pub use crate::model::build::shell_scripts::Shell;
}

/// The examples of the README.
#[cfg(all(doctest, feature = "config", feature = "miette"))]
#[doc = include_str!("../README.md")]
pub mod readme {}
