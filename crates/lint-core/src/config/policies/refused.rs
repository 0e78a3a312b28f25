//! Policies where nothing can carry them out.

use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Node, NodeKind};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::settings::DeclaredPolicy;

/// A policy of a configuration file, of which nothing is known: this is a build without the feature `policies`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "IgnoredAny")]
#[non_exhaustive]
pub struct PolicyOptions;

impl From<IgnoredAny> for PolicyOptions {
    fn from(_: IgnoredAny) -> Self {
        Self
    }
}

impl PolicyOptions {
    /// Its name, which is not known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        None
    }

    #[allow(clippy::unused_self, reason = "as where there are policies")]
    pub(in crate::config) fn declared(&self, _: &str) -> Option<DeclaredPolicy> {
        None
    }
}

/// The names in the library, which is not there.
pub(in crate::config) fn names() -> Vec<&'static str> {
    Vec::new()
}

/// Refuses them.
pub(in crate::config) fn check(node: &Node, _: &[PolicyOptions], say: &mut dyn FnMut(Span, String)) {
    let NodeKind::Sequence(items) = &node.kind else { return };
    if let Some(item) = items.first() {
        say(item.span, "this build of Plimsoll knows no policies".to_owned());
    }
}
