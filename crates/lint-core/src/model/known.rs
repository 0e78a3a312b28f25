//! What is known beforehand: of public images, of the kernel, of releases and their ends.

pub mod capabilities;
pub mod data_stores;
pub mod end_of_life;
pub mod host_file_checks;
pub mod image_environment;
pub mod image_facts;
pub mod image_roles;
pub mod image_tags;
pub mod open_databases;
