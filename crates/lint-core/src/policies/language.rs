//! CEL, the language of Kubernetes' admission policies: the parser of the crate `cel`, and types, three states,
//! provenance and bounds of our own.

pub(crate) mod check;
pub(crate) mod code;
mod compare;
pub(crate) mod evaluate;
pub(crate) mod functions;
pub(crate) mod parse;
pub(crate) mod tree;
pub(crate) mod types;
pub(crate) mod value;
