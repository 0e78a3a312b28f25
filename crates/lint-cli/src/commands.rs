//! What the commands do: gather, ask the core, print.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod diff;
pub(crate) mod init;
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod page;
pub(crate) mod policy;
pub(crate) mod project;
pub(crate) mod rule;
pub(crate) mod rules;
pub(crate) mod told;
pub(crate) mod version;

use std::process::ExitCode;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing is wrong.
    Clean,
    /// 1: findings fail the run.
    Findings,
    /// 2: the run itself went wrong.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => ExitCode::SUCCESS,
            Exit::Findings => ExitCode::from(1),
            Exit::Failed => ExitCode::from(2),
        }
    }
}
