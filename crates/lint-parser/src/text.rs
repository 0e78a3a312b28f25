//! Source texts, byte spans, and text that remembers where it came from.

pub mod mapped;
pub mod near;
pub mod source;
pub mod span;
