//! Where in a build something was set, and how sure what is said of it can be.

use lint_parser::text::span::Span;

/// How sure a statement about an image is. Ordered: `Possible < Likely < Certain`.
///
/// A rule reports `Certain` and `Likely` at its own severity and `Possible` below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It rests on what nobody wrote: the user of a base image we know nothing of, a variable that only a
    /// `--build-arg` could set, an entrypoint we cannot see.
    Possible,
    /// It rests on what is known of a public image. A tag is a claim, not proof: `:nonroot` images have
    /// been published with user 0.
    Likely,
    /// The files say so.
    Certain,
}

/// Which instruction set something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetAt {
    /// Index of the stage the instruction is written in. For a trigger this is the parent stage, where the
    /// `ONBUILD` stands.
    pub stage: usize,
    /// Index into the Dockerfile's instructions.
    pub instruction: usize,
    /// The span of the instruction (of the trigger, for `ONBUILD`).
    pub span: Span,
    /// Whether it ran as the trigger of an `ONBUILD`.
    pub trigger: bool,
}

/// A value and the instruction that set it. Inherited values keep the origin they had in the ancestor stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// What was set.
    pub value: T,
    /// Where.
    pub origin: SetAt,
}
