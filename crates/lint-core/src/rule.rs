//! The machinery rules are written with.

pub mod check;
pub mod context;
pub mod daemon;
pub(crate) mod dockerfile_edits;
pub mod kubernetes;
mod mending;
pub mod program;
#[allow(clippy::module_inception, reason = "a rule is what the room is about")]
pub mod rule;
pub mod subject;

/// What a rule file needs.
pub(crate) mod prelude {
    pub(crate) use crate::finding::finding::Remedy;
    pub(crate) use crate::finding::fix::{Applicability, Edit, Fix};
    pub(crate) use crate::finding::label::Place;
    pub(crate) use crate::finding::meta::fixes::*;
    pub(crate) use crate::finding::meta::{Fixable, Profile, Reach, RuleMeta, Stride};
    pub(crate) use crate::finding::reference::Reference;
    pub(crate) use crate::finding::severity::Severity;
    pub(crate) use crate::model::edits::{Change, Yaml};
    pub(crate) use crate::rule::check::Check;
    pub(crate) use crate::rule::context::Context;
    pub(crate) use crate::rule::dockerfile_edits::Edits;
    pub(crate) use crate::rule::rule::Rule;
}
