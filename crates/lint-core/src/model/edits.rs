//! Edits of Compose files: a key set, an item added, something taken away, where the file says it and as the file writes
//! it.
//!
//! [`Editor`] knows the project: which file decides, and which other services share what is edited. Below it
//! [`sheet`] knows the text alone: block and flow style, indentation, comments. What cannot be edited with certainty is
//! not edited.

mod change;
mod editor;
mod images;
mod locate;
mod remedy;
mod removal;
mod scalars;
mod sharing;
mod sheet;
mod yaml;

pub use change::Change;
pub use editor::Editor;
pub use yaml::Yaml;

#[cfg(test)]
mod tests;
