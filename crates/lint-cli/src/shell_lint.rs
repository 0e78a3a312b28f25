//! Linters of the shell scripts in Dockerfiles: ShellCheck's own program where `--shellcheck` names it, else the one built
//! in with the feature `shell-lint`, else none.

#[cfg(feature = "shell-lint")]
mod builtin;
mod json1;
mod process;
mod program;

use std::path::Path;
use std::sync::Arc;

use lint_core::Settings;
use lint_core::shell;
use lint_core::shell::ScriptLinter;

/// What to do where there is none.
const REMEDY: &str =
    "name a ShellCheck program with --shellcheck, or use a build with the feature `shell-lint`";

/// The linter there is.
///
/// # Errors
/// When the program that was named is no ShellCheck.
pub(crate) fn linter(program: Option<&Path>) -> Result<Option<Arc<dyn ScriptLinter>>, String> {
    match program {
        Some(path) => Ok(Some(Arc::new(program::ShellCheck::new(path)?))),
        None => Ok(built_in()),
    }
}

#[cfg(feature = "shell-lint")]
fn built_in() -> Option<Arc<dyn ScriptLinter>> {
    Some(Arc::new(builtin::BuiltIn::new()))
}

#[cfg(not(feature = "shell-lint"))]
fn built_in() -> Option<Arc<dyn ScriptLinter>> {
    None
}

/// What the list of rules says of the findings that come from here.
pub(crate) fn about() -> String {
    let how = match built_in() {
        Some(_) => "they are built in",
        None => "they come from the ShellCheck program that --shellcheck names, since none is built in",
    };
    format!(
        "shellcheck/SC1000 and up: ShellCheck's checks of the shell scripts in Dockerfiles, when selected (`shellcheck` is \
         all of them); {how}. `plimsoll rule SC2086` tells of one."
    )
}

/// Whoever names a program wants its findings: all are selected, unless somebody has said which.
pub(crate) fn select(settings: &mut Settings) {
    if selected(settings.select.iter().chain(&settings.extend_select)).is_none() {
        settings.extend_select.push(shell::GROUP.to_owned());
    }
}

/// The first of the names that asks for findings of shell scripts and nothing else.
pub(crate) fn selected<'a>(names: impl IntoIterator<Item = &'a String>) -> Option<&'a str> {
    names.into_iter().map(String::as_str).find(|name| shell::is_named_by(name))
}

/// What to say of a selection that nothing can serve.
pub(crate) fn unavailable(name: &str) -> String {
    format!("`{name}` is selected, and nothing here lints shell scripts: {REMEDY}")
}
