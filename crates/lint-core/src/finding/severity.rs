//! How bad a finding is, and what an editor shows for it.

use std::fmt;
use std::str::FromStr;

/// How bad a finding is. Ordered: `Style < Low < Medium < High < Critical`.
///
/// ```
/// use lint_core::{Level, Severity};
///
/// assert!(Severity::High > Severity::Medium);
/// assert_eq!("high".parse(), Ok(Severity::High));
/// assert_eq!(Severity::High.level(), Level::Error);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Readability; nothing goes wrong.
    Style,
    /// Worth knowing; a hardening that is missing rather than a hole that is open.
    Low,
    /// Weakens the container, or does not do what its author meant.
    Medium,
    /// An attacker who is in the container gets further, or the file does not work.
    High,
    /// Hands over the host, or a secret.
    Critical,
}

/// The four levels editors and CI systems know, derived from [`Severity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// From `style`.
    Style,
    /// From `low`.
    Info,
    /// From `medium`.
    Warning,
    /// From `high` and `critical`.
    Error,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Style];

    /// The level an editor shows.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Severity::Critical | Severity::High => Level::Error,
            Severity::Medium => Level::Warning,
            Severity::Low => Level::Info,
            Severity::Style => Level::Style,
        }
    }

    /// `critical`, `high`, `medium`, `low` or `style`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Style => "style",
        }
    }

    /// One step down; nothing lies below `style`.
    #[must_use]
    pub fn lowered(self) -> Severity {
        match self {
            Severity::Critical => Severity::High,
            Severity::High => Severity::Medium,
            Severity::Medium => Severity::Low,
            Severity::Low | Severity::Style => Severity::Style,
        }
    }
}

impl Level {
    /// `error`, `warning`, `info` or `style`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "info",
            Level::Style => "style",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let name = name.to_ascii_lowercase();
        Severity::ALL.into_iter().find(|s| s.name() == name).ok_or(UnknownSeverity)
    }
}

/// A name that is no severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSeverity;

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a severity; use critical, high, medium, low or style")
    }
}

impl std::error::Error for UnknownSeverity {}
