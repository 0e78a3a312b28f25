//! Compose files.

pub mod ast;
pub mod interpolate;
pub mod lower;
pub mod read;
mod short;
pub mod value;
