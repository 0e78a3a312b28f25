//! Compose files.

pub mod read;
pub mod ast;
pub mod lower;
mod short;
pub mod value;
