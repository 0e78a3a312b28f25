//! What other languages than Compose's say of a container besides, and Compose has no attribute for.

use lint_parser::compose::value::Origin;

/// What is said besides.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// The features of a development container.
    pub features: Vec<Feature>,
    /// Targets of Bake's that a command line names and no file has.
    pub unknown_targets: Vec<UnknownTarget>,
    /// The block of Bake's whose targets nothing is seen to build, on the first of them.
    pub unreached: Option<String>,
}

/// A target that is not there.
#[derive(Clone, Debug)]
pub struct UnknownTarget {
    /// Its name.
    pub name: String,
    /// Where it is written.
    pub origin: Origin,
    /// A target that is there and is called nearly so.
    pub near: Option<String>,
}

/// What is installed into a development container when it is made.
#[derive(Clone, Debug)]
pub struct Feature {
    /// What it is called, without its version.
    pub name: String,
    /// Its version, where one is written.
    pub version: Option<String>,
    /// Whether it is the same every time.
    pub is_pinned: bool,
    /// Whether there is a lock file, and the feature is not in it.
    pub is_unlocked: bool,
    /// Where it is written.
    pub origin: Origin,
}
