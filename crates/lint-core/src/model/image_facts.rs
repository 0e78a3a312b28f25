//! What is known of public images without asking a registry.

/// What is known of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The repository, normalised: `docker.io/library/postgres`.
    pub repository: &'static str,
}
