//! The language server: what `lint-core`'s session knows, in the words of the Language Server Protocol, over standard input
//! and output. Nothing is sent anywhere else, and nothing that is found in a file is run.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod actions;
mod capabilities;
mod client;
mod commands;
mod convert;
mod diagnostics;
mod documents;
mod folder;
mod heard;
mod language;
mod server;
mod settings;
mod told;
mod transport;
mod turns;
mod uri;
mod worker;

use std::sync::Arc;

use lint_core::shell::ScriptLinter;
pub use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};

pub use crate::server::serve;

/// What the server is started with.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Environment {
    /// The linter of shell scripts, where there is one.
    pub script_linter: Option<Arc<dyn ScriptLinter>>,
    /// A configuration file that counts for everything, in the place of the nearest.
    pub config: Option<std::path::PathBuf>,
    /// Whether no configuration file counts.
    pub isolated: bool,
}

/// Serves the client on standard input and output until it is gone. Whether it took its leave as the protocol has it.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(environment: &Environment) -> std::io::Result<bool> {
    let (connection, threads) = transport::stdio();
    let left = serve(connection, environment);
    threads.join()?;
    Ok(left)
}
