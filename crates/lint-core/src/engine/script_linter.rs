//! The window to a linter of shell scripts.
//!
//! Such a linter is another program or a large library with a life of its own, so the engine knows only this trait. What
//! it finds passes through everything that a rule's findings pass through: selection, severities, comments, baselines,
//! every report.

use std::fmt::Debug;
use std::ops::Range;

use crate::finding::severity::Severity;
use crate::model::build::shell_scripts::Shell;

/// A linter of shell scripts.
pub trait ScriptLinter: Debug + Send + Sync {
    /// Lints scripts: an answer for each, in their order. Several threads may ask at once, each with a part of the
    /// scripts.
    ///
    /// An error is why a script could not be judged, in one line; it fails the run, since silence would be taken for
    /// approval.
    fn lint(&self, scripts: &[Script<'_>]) -> Vec<Result<Vec<ScriptFinding>, String>>;

    /// The longest script it is given, in bytes, with the lines before it; a longer one is left out, and the report has a
    /// note of it. People write scripts of a hundredth of this; linters need time that grows faster than the script.
    fn longest(&self) -> usize {
        64 * 1024
    }

    /// Whether it looks for what a code of ShellCheck's is about. A suppression comment for one it does not know is not
    /// called unused.
    fn knows(&self, code: u16) -> bool;
}

/// A script to be linted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Script<'a> {
    /// The script, after lines that stand for what it gets from the build. It has no `#!`.
    pub text: &'a str,
    /// Where in the text the script itself begins, in bytes: what is found before is dropped.
    pub begin: usize,
    /// The shell that reads it.
    pub shell: Shell,
}

/// What was found in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFinding {
    /// ShellCheck's code for it, without `SC`: 1000 to 9999.
    pub code: u16,
    /// Where in [`Script::text`], in bytes.
    pub range: Range<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in the linter's words.
    pub message: String,
}
