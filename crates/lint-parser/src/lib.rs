//! Dockerfiles, Compose files, the shell inside them and the files that configure the Docker daemon, as trees in which every part knows its bytes.
//!
//! The parsers hold no opinion: they read what BuildKit and Compose read, collect what those would refuse
//! as [`syntax_error::SyntaxError`]s, and never fail.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod compose;
pub mod dockerfile;
pub mod dotenv;
pub mod hcl;
pub mod image;
pub mod interpolation;
pub mod json;
pub mod shell;
pub mod syntax_error;
pub mod systemd;
pub mod text;
pub mod yaml;

/// The example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub mod readme {}
