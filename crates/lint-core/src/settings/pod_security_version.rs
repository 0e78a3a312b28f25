//! The version of the standards that a pod is judged by.

use std::fmt;
use std::str::FromStr;

/// A version of the standards, which are versioned as Kubernetes is: `v1.37`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodSecurityVersion(u32);

impl PodSecurityVersion {
    /// The newest whose controls are known; `latest` means this one.
    pub const NEWEST: Self = Self(37);

    /// Whether it is that version 1.N or a later one.
    #[must_use]
    pub fn is_since(self, minor: u32) -> bool {
        self.0 >= minor
    }
}

impl Default for PodSecurityVersion {
    fn default() -> Self {
        Self::NEWEST
    }
}

impl fmt::Display for PodSecurityVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}", self.0)
    }
}

/// Why a text names no version of the standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

impl fmt::Display for NoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be `latest` or a version such as `v1.33`")
    }
}

impl std::error::Error for NoVersion {}

impl FromStr for PodSecurityVersion {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        if text == "latest" {
            return Ok(Self::NEWEST);
        }
        let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").ok_or(NoVersion)?;
        if minor.is_empty() || !minor.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoVersion);
        }
        // One that is yet to come is judged by the newest there is.
        minor.parse().map(Self).map_err(|_| NoVersion)
    }
}
