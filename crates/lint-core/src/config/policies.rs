//! Policies in a configuration file. A build that carries out none sees that there are some, and refuses them.

#[cfg(not(feature = "policies"))]
mod refused;
#[cfg(feature = "policies")]
mod written;

#[cfg(not(feature = "policies"))]
pub use refused::PolicyOptions;
#[cfg(not(feature = "policies"))]
pub(super) use refused::{check, names};
#[cfg(feature = "policies")]
pub use written::{PolicyOptions, PolicyTest, WrittenPolicy, policy_library};
#[cfg(feature = "policies")]
pub(super) use written::{check, names};

/// The words of `unknown`.
pub(super) const UNKNOWN: &[&str] = &["pass", "note", "fail"];

/// The words of `stride`.
pub(super) const STRIDE: &[&str] = &[
    "spoofing",
    "tampering",
    "repudiation",
    "information-disclosure",
    "denial-of-service",
    "elevation-of-privilege",
];

/// The words of `category`.
pub(super) const CATEGORIES: &[&str] = &[
    "privilege",
    "isolation",
    "network",
    "resources",
    "observability",
    "secrets",
    "supply-chain",
    "correctness",
    "hygiene",
];
