//! Values at a point of a build: what variables hold, and what a word comes to.

pub mod expanded_words;
pub mod modes;
pub mod origin;
pub mod owners;
pub mod shell_words;
pub mod variables;
