//! Policies: rules that a configuration brings, in CEL over a view of the model.

pub(crate) mod compile;
pub(crate) mod explain;
pub(crate) mod language;
pub(crate) mod policy;
pub(crate) mod portrait;
pub(crate) mod ready;
pub(crate) mod reference;
pub(crate) mod suggest;
pub(crate) mod template;
pub(crate) mod view;
