//! Compose files.

pub mod ast;
pub mod lower;
pub mod read;
mod short;
pub mod value;
