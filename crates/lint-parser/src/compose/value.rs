//! The tree Compose works on: YAML with aliases and merge keys resolved, each value knowing its origin.
//!
//! A single file is read into this tree, and so is an effective project that an engine has merged from many
//! files: [`super::ast`] is lowered from either. Shared parts (an anchor used by fifty services) are shared
//! here too, so a tree costs memory for what is written, not for what it expands to.

use std::sync::Arc;

pub use crate::interpolation::Certainty;
use crate::text::mapped::Mapped;
use crate::text::span::Span;

/// Which text of a project a span lies in; whoever builds the project gives out the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SourceId(pub u32);

/// A place in one of a project's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Origin {
    /// The file.
    pub source: SourceId,
    /// The bytes in it.
    pub span: Span,
}

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where the value is written: for a value reached through an alias, at the anchor.
    pub origin: Origin,
    /// What it is.
    pub kind: ValueKind,
    /// `!reset` or `!override`.
    pub mark: Option<Mark>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// `null`, `~` or nothing.
    Null,
    /// Any other scalar.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Arc<Value>>),
    /// A mapping; keys are unique.
    Mapping(Mapping),
}

/// Compose's two tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mark {
    /// `!reset`: remove what was there before.
    Reset,
    /// `!override`: replace what was there before, without merging.
    Override,
}

/// A scalar value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, mapped to the bytes of [`Value::origin`]'s file.
    pub text: Mapped,
    /// The type YAML gives it, as go-yaml (Compose's parser) resolves it.
    pub kind: ScalarKind,
    /// How much of the text is certain; always [`Certainty::Known`] before interpolation.
    pub certainty: Certainty,
}

/// The type of a scalar in go-yaml's core schema: `yes` and `on` are strings, `0444` is an octal integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// Quoted, block, tagged `!!str`, or plain text that is nothing else.
    String,
    /// `true`, `false` (and their capitalised forms).
    Bool,
    /// An integer in decimal, octal, hexadecimal or binary.
    Int,
    /// A floating-point number.
    Float,
    /// A timestamp.
    Timestamp,
}

/// A mapping with unique keys, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mapping {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key's text.
    pub key: Arc<str>,
    /// Where the key is written.
    pub key_origin: Origin,
    /// The value.
    pub value: Arc<Value>,
    /// Where the mapping that holds this entry takes it from somewhere else: the alias, the `<<`, the
    /// `extends`. `None` when it is written right here.
    pub via: Option<Origin>,
}

impl Mapping {
    /// The entry of that key. Linear: the mappings of a Compose file are small, except the lists of services,
    /// which are walked.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key == key)
    }
}

impl Value {
    /// The entry of that key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            ValueKind::Mapping(mapping) => mapping.get(key),
            _ => None,
        }
    }

    /// Whether `!reset` takes the value away, so that Compose sees nothing where it stands.
    #[must_use]
    pub fn is_reset(&self) -> bool {
        self.mark == Some(Mark::Reset)
    }

    /// The scalar, if this is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            ValueKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}
