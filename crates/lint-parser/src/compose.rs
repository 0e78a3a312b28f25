//! Compose files.

pub mod value;
