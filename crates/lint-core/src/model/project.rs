//! A Compose project as `docker compose` would load it: one tree made of many files, in which every value
//! knows where it is written.
//!
//! Compose checks the tree against its schema after each file, and so does this: a value of a wrong type is refused
//! even where a later file corrects it. What Compose looks at when all files are merged is looked at then.

pub mod besides;
pub mod build_sources;
pub mod built;
pub mod canonical;
pub mod command_texts;
pub mod data_directories;
pub mod fault;
pub mod group;
pub mod host_mounts;
pub mod images;
pub mod input;
pub mod limits;
pub mod lookup;
pub mod merge;
pub mod names;
pub mod namespaces;
pub mod open_interfaces;
mod paths;
pub mod ports;
pub mod resources;
pub mod security_options;
pub mod service;
pub mod sources;
pub mod spelled_out;
pub mod stack;
pub mod used;
pub mod variables;

mod consistency;
mod declared;
mod document;
mod effective;
mod environment;
mod extends;
mod include;
mod load;
mod loader;
mod shapes;

pub use effective::{BuiltHere, Project};
pub(crate) use load::Lowered;
pub use load::load;
