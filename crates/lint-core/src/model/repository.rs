//! The projects of one repository side by side: what each takes of the host it runs on, and which of them run there at once.
//!
//! Two projects that take the same are no fault by themselves. Most repositories show one thing in several ways: for development
//! and for production, with this database or with that one, example after example. So it has to be shown that two are run together,
//! or, for those who ask for it, at least nothing may show the opposite.

mod alternatives;
pub mod claims;
mod neighbours;

pub use neighbours::{Neighbours, Repository, Why};
