//! Patterns as `globset` matches them: all at once.

use globset::{ErrorKind, GlobSet, GlobSetBuilder};

use crate::settings::globs::{Manner, glob};

/// Patterns, any of which may match.
#[derive(Clone, Debug)]
pub(in crate::settings) struct Globs(GlobSet);

impl Globs {
    pub(in crate::settings) fn new(patterns: &[String], manner: Manner) -> Result<Self, String> {
        let told = |error: &ErrorKind| error.to_string();
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            set.add(glob(pattern, manner).map_err(|error| told(&error))?);
        }
        Ok(Self(set.build().map_err(|error| told(error.kind()))?))
    }

    pub(in crate::settings) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The numbers of those that match, the last first.
    pub(in crate::settings) fn matching(&self, text: &str) -> impl Iterator<Item = usize> {
        self.0.matches(text).into_iter().rev()
    }
}
