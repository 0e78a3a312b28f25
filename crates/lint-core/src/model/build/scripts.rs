//! What the instructions of a Dockerfile run, each read once for whoever asks.

use std::sync::OnceLock;

use lint_parser::dockerfile::ast::Dockerfile;

use crate::model::runs::packages::PackageCommand;
use crate::model::runs::{Commands, Runs};

/// The commands of a Dockerfile's instructions, each read when somebody first asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Scripts(pub(super) Vec<Lines>);

/// The commands of one instruction, what they run, and the package managers among that.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub(super) commands: OnceLock<Option<Commands>>,
    pub(super) runs: OnceLock<Runs>,
    pub(super) packages: OnceLock<Box<[PackageCommand]>>,
}

impl Scripts {
    pub(super) fn of(tree: &Dockerfile) -> Self {
        Self(tree.instructions.iter().map(|_| Lines::default()).collect())
    }
}
