//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod command_lines;
pub mod daemon;
pub mod ignore;
pub mod images;
pub mod limits;
pub mod lookup;
pub mod merge;
pub mod ports;
pub mod project;
pub mod secrets;
pub mod service;
pub mod spelled_out;
