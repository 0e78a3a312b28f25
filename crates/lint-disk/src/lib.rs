//! From folders on disk to what the linter judges: which files there are, which configuration counts for each, and the
//! window through which the engine reads the rest. The command line and the language server share it; nothing is
//! printed here.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod config_files;
pub mod configure;
pub mod discover;
pub mod disk;
pub mod git_index;
pub mod git_state;
mod ignore_files;
mod paths;
pub mod roots;
mod unreadable;
