//! What holds of every text, whoever wrote it: one function for each fuzz target.
//!
//! `tests/fuzzing.rs` of the workspace runs the same functions over the fixtures and over what fuzzing once found, so they
//! are checked by the ordinary tests as well.

mod engine;
mod files;
mod inputs;
mod parsers;
mod policies;
mod spans;

pub use engine::{fixer, project, suppressions};
pub use files::{joined, split};
pub use inputs::{bake, commands, devcontainer, kubernetes, pipeline, quadlet};
pub use parsers::{compose, dockerfile, dotenv, image, interpolation, json, shell, systemd, yaml};
pub use policies::{diff, policies, session};

/// A fuzz target: its name, and what it does with a text.
pub type Target = (&'static str, fn(&str));

/// All of them.
pub const TARGETS: [Target; 21] = [
    ("bake", bake),
    ("commands", commands),
    ("compose", compose),
    ("devcontainer", devcontainer),
    ("diff", diff),
    ("dockerfile", dockerfile),
    ("dotenv", dotenv),
    ("fixer", fixer),
    ("image", image),
    ("interpolation", interpolation),
    ("json", json),
    ("kubernetes", kubernetes),
    ("pipeline", pipeline),
    ("policies", policies),
    ("project", project),
    ("quadlet", quadlet),
    ("session", session),
    ("shell", shell),
    ("suppressions", suppressions),
    ("systemd", systemd),
    ("yaml", yaml),
];
