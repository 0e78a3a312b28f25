//! What is said on standard error: one line each, never a reason to stop.

use std::io::{Write as _, stderr};

use lint_core::report::concise::printable;
use owo_colors::{OwoColorize as _, Style};

/// Where faults of ours are reported.
pub(crate) const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// Standard error, and how much of it is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Messages {
    pub(crate) colour: bool,
    pub(crate) volume: Volume,
}

/// How much is said besides the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volume {
    /// Errors.
    Errors,
    /// And warnings and notes.
    Normal,
    /// And what is checked and skipped.
    Verbose,
}

impl Messages {
    /// What makes the run exit with 2.
    pub(crate) fn error(self, message: &str) {
        self.line(Volume::Errors, "error", Style::new().red().bold(), message);
    }

    /// What the reader should mend or know before trusting the result.
    pub(crate) fn warning(self, message: &str) {
        self.line(Volume::Normal, "warning", Style::new().yellow().bold(), message);
    }

    /// What a verdict would have needed and could not see.
    pub(crate) fn note(self, message: &str) {
        self.line(Volume::Normal, "note", Style::new().cyan().bold(), message);
    }

    /// What only `--verbose` wants to know.
    pub(crate) fn detail(self, message: &str) {
        self.line(Volume::Verbose, "info", Style::new().dimmed(), message);
    }

    fn line(self, volume: Volume, kind: &str, style: Style, message: &str) {
        if self.volume < volume {
            return;
        }
        // File names and messages of the system come from outside, like everything else that is printed.
        let message = printable(message);
        let kind = if self.colour { kind.style(style).to_string() } else { kind.to_owned() };
        // Nobody is left to tell when standard error is closed; `eprintln!` would panic.
        let _ = writeln!(stderr().lock(), "{kind}: {message}");
    }
}
