//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod build;
pub mod calls;
pub mod container;
pub mod daemon;
pub mod edits;
pub mod inputs;
pub mod kit;
pub mod known;
pub mod kubernetes;
pub mod paths;
pub mod project;
pub mod repository;
pub mod runs;
pub mod secrets;
pub mod values;
