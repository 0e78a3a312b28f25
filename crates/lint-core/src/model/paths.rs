//! Paths of the host and of the build context.

pub mod docker_files;
pub mod dockerignore;
pub mod host_path;
