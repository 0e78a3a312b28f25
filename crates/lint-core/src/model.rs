//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod base_environment;
pub mod build;
pub mod capabilities;
pub mod command_lines;
pub mod container;
pub mod docker_exec;
pub mod dockerignore;
pub mod expanded_words;
pub mod global_arguments;
pub mod host_mounts;
pub mod host_path;
pub mod ignore;
pub mod image_facts;
pub mod lookup;
pub mod merge;
pub mod namespaces;
pub mod persistent;
pub mod platform;
pub mod project;
pub mod scope;
pub mod security_options;
pub mod service;
pub mod stage;
pub mod step_down;
pub mod user;
pub mod variables;
