//! Compose files.

pub mod interpolate;
pub mod read;
pub mod value;
