//! Compose files.

pub mod ast;
pub mod lower;
mod short;
pub mod value;
