//! ARG and ENV as expansion sees them at some point of a build.

use std::sync::Arc;

use crate::model::persistent::PersistentMap;
use crate::model::stage::Origin;

/// A word after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The text; `None` when it depends on something unknown.
    pub text: Option<Arc<str>>,
    /// The variables it used that nothing sets, in order, each once. BuildKit takes them as empty.
    pub unset: Arc<[String]>,
    /// Whether an ARG that `--build-arg` may replace had a part in it.
    pub through_arguments: bool,
}

/// The variables in force at one point. Cheap to clone: a later point shares what it inherits.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// By name.
    pub(crate) by_name: PersistentMap<Variable>,
    /// Whether the base image may set others.
    pub(crate) others: bool,
}

/// A variable's definitions by ENV and by ARG, the latest of each.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) env: Option<Definition>,
    pub(crate) arg: Option<Definition>,
}

/// One definition.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) value: Expanded,
    pub(crate) origin: Option<Origin>,
}
