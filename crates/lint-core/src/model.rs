//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod build;
pub mod container;
pub mod ignore;
pub mod image_facts;
pub mod merge;
pub mod persistent;
pub mod project;
pub mod scope;
pub mod service;
pub mod stage;
pub mod step_down;
pub mod user;
pub mod variables;
