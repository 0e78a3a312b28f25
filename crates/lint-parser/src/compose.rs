//! Compose files.

pub mod read;
pub mod value;
