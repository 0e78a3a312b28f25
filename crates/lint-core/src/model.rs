//! What syntax means: the stages Docker would build, the services Compose would run, and both together.

pub mod capabilities;
pub mod command_lines;
pub mod docker_exec;
pub mod host_mounts;
pub mod host_path;
pub mod ignore;
pub mod lookup;
pub mod merge;
pub mod namespaces;
pub mod project;
pub mod security_options;
pub mod service;
