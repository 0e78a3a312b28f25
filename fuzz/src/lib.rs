//! What holds of every text, whoever wrote it: one function for each fuzz target.
//!
//! `tests/fuzzing.rs` of the workspace runs the same functions over the fixtures and over what fuzzing once found, so they
//! are checked by the ordinary tests as well.

mod engine;
mod files;
mod parsers;
mod spans;

pub use engine::{fixer, project, suppressions};
pub use files::{joined, split};
pub use parsers::{compose, dockerfile, dotenv, image, interpolation, json, shell, systemd, yaml};

/// A fuzz target: its name, and what it does with a text.
pub type Target = (&'static str, fn(&str));

/// All of them.
pub const TARGETS: [Target; 12] = [
    ("compose", compose),
    ("dockerfile", dockerfile),
    ("dotenv", dotenv),
    ("fixer", fixer),
    ("image", image),
    ("interpolation", interpolation),
    ("json", json),
    ("project", project),
    ("shell", shell),
    ("suppressions", suppressions),
    ("systemd", systemd),
    ("yaml", yaml),
];
