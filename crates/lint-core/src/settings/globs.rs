//! What patterns are made of. Only who reads configuration needs them, and the crate that matches them is a third of what
//! this one costs to build: without the feature `config` there is none, and the compiler knows that nothing matches.
//!
//! On WebAssembly, where each byte is downloaded, `globset` reads the patterns and a smaller engine matches them (`light`).

#[cfg(all(feature = "config", any(test, target_arch = "wasm32")))]
mod light;
#[cfg(all(feature = "config", not(target_arch = "wasm32")))]
mod sets;

#[cfg(feature = "config")]
use globset::{ErrorKind, Glob, GlobBuilder};

#[cfg(all(feature = "config", target_arch = "wasm32"))]
pub(in crate::settings) use crate::settings::globs::light::Globs;
#[cfg(all(feature = "config", not(target_arch = "wasm32")))]
pub(in crate::settings) use crate::settings::globs::sets::Globs;

/// What `*` and `[` are.
#[cfg(feature = "config")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::settings) enum Manner {
    /// `*` matches anything, a separator too.
    Name,
    /// `*` stops at a separator.
    Path,
    /// As in a `.gitignore`: a `[` that nothing closes is one, and `\` takes the meaning away from what follows it, on Windows too.
    Git,
}

/// Reads a pattern.
#[cfg(feature = "config")]
fn glob(pattern: &str, manner: Manner) -> Result<Glob, ErrorKind> {
    let mut builder = GlobBuilder::new(pattern);
    builder.literal_separator(manner != Manner::Name);
    if manner == Manner::Git {
        builder.backslash_escape(true).allow_unclosed_class(true);
    }
    builder.build().map_err(|error| error.kind().clone())
}

/// The pattern that matches a text and nothing else.
#[cfg(feature = "config")]
pub(in crate::settings) fn escape(text: &str) -> String {
    globset::escape(text)
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
