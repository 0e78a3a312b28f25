//! What patterns are made of. Only who reads configuration needs them, and the crate that matches them is a third of what
//! this one costs to build: without the feature `config` there is none, and the compiler knows that nothing matches.

#[cfg(feature = "config")]
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns, any of which may match.
#[cfg(feature = "config")]
#[derive(Clone, Debug)]
pub(in crate::settings) struct Globs(GlobSet);

#[cfg(feature = "config")]
impl Globs {
    pub(in crate::settings) fn new(patterns: &[String], literal_separator: bool) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let glob = GlobBuilder::new(pattern).literal_separator(literal_separator).build();
            set.add(glob.map_err(|error| error.kind().to_string())?);
        }
        Ok(Self(set.build().map_err(|error| error.kind().to_string())?))
    }

    pub(in crate::settings) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    pub(in crate::settings) fn escape(text: &str) -> String {
        globset::escape(text)
    }
}

/// Patterns that cannot be made.
#[cfg(not(feature = "config"))]
#[derive(Clone, Debug)]
pub(in crate::settings) enum Globs {}

#[cfg(not(feature = "config"))]
impl Globs {
    pub(in crate::settings) fn is_match(&self, _: &str) -> bool {
        match *self {}
    }
}
