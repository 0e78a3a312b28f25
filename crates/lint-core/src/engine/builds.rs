//! What the services of all linted projects build, for the Dockerfiles that are judged after them.

use std::collections::{HashMap, HashSet};

use crate::files::{directory, normalise};
use crate::finding::label::Place;
use crate::model::container::Image;

/// What the services of a project build.
#[derive(Debug, Default)]
pub(crate) struct Builds {
    /// The stages: the Dockerfile's name and the stage's index.
    stages: HashSet<(String, usize)>,
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
                self.stages.extend(plan.target.map(|target| (name.to_owned(), target)));
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
        self.stages.extend(other.stages);
        self.dockerfiles.extend(other.dockerfiles);
        for (directory, place) in other.directories {
            self.directories.entry(directory).or_insert(place);
        }
        self.unknown |= other.unknown;
    }

    /// Whether a service builds that stage of a Dockerfile.
    pub(crate) fn has_stage(&self, dockerfile: &str, stage: usize) -> bool {
        self.stages.contains(&(dockerfile.to_owned(), stage))
    }

    /// Where services are built in the directory of a Dockerfile that certainly none of them builds.
    pub(crate) fn near_unused(&self, dockerfile: &str) -> Option<&Place> {
        if self.unknown || self.dockerfiles.contains(dockerfile) {
            return None;
        }
        self.directories.get(&normalise(directory(dockerfile)))
    }
}
