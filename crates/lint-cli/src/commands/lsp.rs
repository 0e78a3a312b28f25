//! `plimsoll lsp`.

use lint_lsp::Environment;

use crate::args::LspArgs;
use crate::commands::Exit;
use crate::shell_lint;

/// Serves an editor until it is gone. The exit code is 1 when it went without taking its leave, as the protocol has it.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(args: &LspArgs) -> Result<Exit, String> {
    let mut environment = Environment::default();
    environment.script_linter = shell_lint::linter(None)?;
    let absolute = |path: &std::path::PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    environment.config = args.config.as_ref().map(absolute);
    environment.isolated = args.isolated;
    match lint_lsp::run(&environment) {
        Ok(true) => Ok(Exit::Clean),
        Ok(false) => Ok(Exit::Findings),
        Err(error) => Err(format!("standard output: {error}")),
    }
}
