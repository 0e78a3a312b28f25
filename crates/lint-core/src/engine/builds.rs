//! What the services of all linted projects build, for the Dockerfiles that are judged after them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::files::{directory, normalise};
use crate::finding::label::Place;
use crate::model::build::NamedContext;
use crate::model::container::Image;

/// What the services of a project build.
#[derive(Debug, Default)]
pub(crate) struct Builds {
    /// The stages, by Dockerfile.
    stages: HashMap<String, BTreeSet<usize>>,
    /// The named contexts they are built with, by Dockerfile.
    contexts: HashMap<String, BTreeMap<String, NamedContext>>,
    /// The Dockerfiles.
    dockerfiles: HashSet<String>,
    /// Directories where services are built, and the first place that says so.
    directories: HashMap<String, Place>,
    /// Whether some service builds something else, but what is not known.
    unknown: bool,
}

impl Builds {
    /// Takes note of one service's build, with the place that says where it is built.
    pub(crate) fn add(&mut self, image: &Image, at: Place) {
        match image {
            Image::Built { plan, context } => {
                let name = plan.dockerfile.file.name();
                self.stages.entry(name.to_owned()).or_default().extend(plan.target);
                self.contexts.entry(name.to_owned()).or_default().extend(plan.contexts.clone());
                if plan.dockerfile.file != at.file {
                    self.dockerfiles.insert(name.to_owned());
                    self.directories.entry(normalise(directory(name))).or_insert_with(|| at.clone());
                }
                if let Some(context) = context {
                    self.directories.entry(context.clone()).or_insert(at);
                }
            }
            Image::NoTarget { .. } | Image::Unreadable { .. } | Image::Unknown => self.unknown = true,
            Image::Named { .. } => {}
        }
    }

    /// Takes note of something that could not be read and may hold services.
    pub(crate) fn set_unknown(&mut self) {
        self.unknown = true;
    }

    /// Joins what several projects build.
    pub(crate) fn extend(&mut self, other: Builds) {
        for (dockerfile, stages) in other.stages {
            self.stages.entry(dockerfile).or_default().extend(stages);
        }
        for (dockerfile, contexts) in other.contexts {
            self.contexts.entry(dockerfile).or_default().extend(contexts);
        }
        self.dockerfiles.extend(other.dockerfiles);
        for (directory, place) in other.directories {
            self.directories.entry(directory).or_insert(place);
        }
        self.unknown |= other.unknown;
    }

    /// The stages of a Dockerfile that services build.
    pub(crate) fn stages_of(&self, dockerfile: &str) -> Option<&BTreeSet<usize>> {
        self.stages.get(dockerfile)
    }

    /// The named contexts that some service builds a Dockerfile with: a base image of such a name may be
    /// something else.
    pub(crate) fn contexts_of(&self, dockerfile: &str) -> BTreeMap<String, NamedContext> {
        self.contexts.get(dockerfile).cloned().unwrap_or_default()
    }

    /// Where services are built in the directory of a Dockerfile that certainly none of them builds.
    pub(crate) fn near_unused(&self, dockerfile: &str) -> Option<&Place> {
        if self.unknown || self.dockerfiles.contains(dockerfile) {
            return None;
        }
        self.directories.get(&normalise(directory(dockerfile)))
    }
}
