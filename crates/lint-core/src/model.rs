//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod build;
pub mod command_lines;
pub mod container;
pub mod daemon;
pub mod ignore;
pub mod image_facts;
pub mod images;
pub mod limits;
pub mod lookup;
pub mod merge;
pub mod persistent;
pub mod ports;
pub mod project;
pub mod scope;
pub mod secrets;
pub mod service;
pub mod spelled_out;
pub mod stage;
pub mod step_down;
pub mod user;
pub mod variables;
