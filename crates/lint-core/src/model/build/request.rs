//! What a build is asked for.

use std::collections::BTreeMap;

/// Values for `ARG`s: Compose's `build.args`, or `--build-arg`. They count only for ARGs the Dockerfile declares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BuildArgs(BTreeMap<String, BuildArg>);

/// The value given for an `ARG`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuildArg {
    /// This text.
    Known(String),
    /// Something, but what is not known: taken from an environment we do not see.
    Unknown,
}

/// What a build is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BuildRequest {
    /// Values for `ARG`s.
    pub args: BuildArgs,
    /// The stage to build; the last one when nothing is said.
    pub target: Option<String>,
    /// Named contexts (Compose's `additional_contexts`, `--build-context`), which stand in for the images
    /// and stages of that name.
    pub contexts: BTreeMap<String, NamedContext>,
}

/// What a named context is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NamedContext {
    /// `docker-image://reference`
    Image(String),
    /// The image that another service builds, where its program runs as root.
    RootImage,
    /// A directory, a repository, an archive, another service's image of which that is not known.
    Other,
}

impl BuildArgs {
    /// The value given for a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&BuildArg> {
        self.0.get(name)
    }

    /// The names that were given values, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<K: Into<String>> FromIterator<(K, BuildArg)> for BuildArgs {
    fn from_iter<I: IntoIterator<Item = (K, BuildArg)>>(values: I) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}
