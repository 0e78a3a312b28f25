//! Dockerfiles.

pub mod ast;
