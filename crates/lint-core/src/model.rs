//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod build;
pub mod image_facts;
pub mod persistent;
pub mod scope;
pub mod stage;
pub mod step_down;
pub mod user;
pub mod variables;
