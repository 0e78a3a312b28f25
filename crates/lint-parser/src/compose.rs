//! Compose files.

pub mod ast;
pub mod casts;
pub mod interpolate;
pub mod long;
pub mod lower;
mod parse;
pub mod read;
mod short;
pub mod value;

pub use crate::compose::parse::parse;
