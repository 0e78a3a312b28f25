//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod merge;
pub mod project;
pub mod service;
